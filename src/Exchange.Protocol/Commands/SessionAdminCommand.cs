using System.Runtime.InteropServices;

namespace Exchange.Protocol.Commands;

/// <summary>What an operator does to the session named in the header.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SessionAdminCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = CommandHeader.SizeBytes + 16;

    /// <summary>Header; gateway and connection are 0.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>MsgSeqNum to be expected next from the client; 0 leaves it as it is.</summary>
    [FieldOffset(CommandHeader.SizeBytes)]
    public long NextIn;

    /// <summary>MsgSeqNum of the next message to the client; 0 leaves it as it is.</summary>
    [FieldOffset(CommandHeader.SizeBytes + 8)]
    public long NextOut;
}
