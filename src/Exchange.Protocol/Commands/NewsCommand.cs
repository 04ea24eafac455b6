using System.Runtime.InteropServices;

namespace Exchange.Protocol.Commands;

/// <summary>News (B) for every session that is logged on: from an operator, or from the leader about itself.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct NewsCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = CommandHeader.SizeBytes + 8 + NewsContent.SizeBytes;

    /// <summary>Header; gateway and connection are 0, the session -1.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>Length of the headline in bytes, 1 to <see cref="NewsContent.HeadlineLengthMax"/>.</summary>
    [FieldOffset(48)]
    public ushort HeadlineLength;

    /// <summary>Length of the text in bytes, 1 to <see cref="NewsContent.TextLengthMax"/>.</summary>
    [FieldOffset(50)]
    public ushort TextLength;

    /// <summary>Urgency (61): '0' normal, '1' flash, '2' background.</summary>
    [FieldOffset(52)]
    public byte Urgency;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(53)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(54)]
    public ushort Padding1;

    /// <summary>Headline, and right behind it the text, whose lines are parted by line feeds; the rest is zero.</summary>
    [FieldOffset(56)]
    public NewsContent Content;
}
