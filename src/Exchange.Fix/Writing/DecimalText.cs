using System.Runtime.InteropServices;

namespace Exchange.Fix.Writing;

/// <summary>Decimals as text for people and FIX alike.</summary>
public static class DecimalText
{
    /// <summary>No decimal is longer, in bytes.</summary>
    public const int LengthMax = 21;

    /// <summary>Writes a value in 10^-8 without trailing zeros; returns the length.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the text.</exception>
    public static int WriteE8(Span<byte> target, long valueE8)
    {
        // The digits are stored in whole words, so they are made where there is room and then copied.
        Span<byte> text = stackalloc byte[40];
        int length = Digits.WriteE8(ref MemoryMarshal.GetReference(text), valueE8);
        text[..length].CopyTo(target);
        return length;
    }
}
