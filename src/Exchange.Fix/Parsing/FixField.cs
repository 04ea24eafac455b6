using System.Runtime.InteropServices;

namespace Exchange.Fix.Parsing;

/// <summary>One field of a parsed message: where its value stands and, after validation, the number in it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
public struct FixField
{
    /// <summary>Tag number; 0 when what stands before the equals sign is no tag.</summary>
    [FieldOffset(0)]
    public int Tag;

    /// <summary>Offset of the value in the frame.</summary>
    [FieldOffset(4)]
    public ushort Offset;

    /// <summary>Length of the value in bytes.</summary>
    [FieldOffset(6)]
    public ushort Length;

    /// <summary>The dictionary's number for the tag; 0 when it does not define it.</summary>
    [FieldOffset(8)]
    internal ushort Ordinal;

    /// <summary>
    /// The value as validation read it: integers as they are, decimals in 10^-8, timestamps in nanoseconds since 1970, a single
    /// character as its code, Y as 1 and N as 0. Not set for texts, nor before validation.
    /// </summary>
    [FieldOffset(16)]
    internal long Number;

    /// <summary>Tag, offset and length, for one store instead of three.</summary>
    [FieldOffset(0)]
    internal ulong Head;
}
