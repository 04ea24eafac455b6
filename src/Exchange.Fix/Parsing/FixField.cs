using System.Runtime.InteropServices;

namespace Exchange.Fix.Parsing;

/// <summary>One field of a parsed message: where its value stands and, after validation, the number in it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FixField
{
    /// <summary>Tag number; 0 when what stands before the equals sign is no tag.</summary>
    public int Tag;

    /// <summary>Offset of the value in the frame.</summary>
    public ushort Offset;

    /// <summary>Length of the value in bytes.</summary>
    public ushort Length;

    /// <summary>The dictionary's number for the tag; 0 when it does not define it.</summary>
    internal ushort Ordinal;

    /// <summary>
    /// The value as validation read it: integers as they are, decimals in 10^-8, timestamps in nanoseconds since 1970, a single
    /// character as its code, Y as 1 and N as 0. Not set for texts, nor before validation.
    /// </summary>
    internal long Number;
}
