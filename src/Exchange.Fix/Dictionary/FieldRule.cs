using System.Runtime.InteropServices;

namespace Exchange.Fix.Dictionary;

/// <summary>What validation needs about one field, in half a cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct FieldRule
{
    /// <summary>Allowed characters or numbers 0 to 63, one bit each.</summary>
    public ulong CodesLow;

    /// <summary>Allowed characters or numbers 64 to 127.</summary>
    public ulong CodesHigh;

    /// <summary>Tag number.</summary>
    public int Tag;

    /// <summary>The data field that this length field belongs to; 0 for others.</summary>
    public int DataTag;

    /// <summary>The length field of this data field; 0 for others.</summary>
    public int LengthTag;

    /// <summary>The routine.</summary>
    public FieldCheck Check;

    /// <summary>A code outside the set is a bad value (373=5) only when its form is right; a char of another length is a bad format (373=6).</summary>
    public bool IsChar;

    /// <summary>Whether a number or character is in the code set.</summary>
    public readonly bool HasCode(ulong code) => code < 128 && (((code < 64 ? CodesLow : CodesHigh) >> (int)(code & 63)) & 1) != 0;
}
