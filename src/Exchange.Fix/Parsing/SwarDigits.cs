using System.Runtime.CompilerServices;

namespace Exchange.Fix.Parsing;

/// <summary>
/// Eight ASCII digits at a time in one machine word (SIMD within a register). Bytes are loaded little-endian, so the first
/// character is the lowest byte and the most significant digit.
/// </summary>
internal static class SwarDigits
{
    /// <summary>'0' in each byte.</summary>
    public const ulong Zeros = 0x3030303030303030;

    private const ulong HighBits = 0x8080808080808080;

    /// <summary>Whether each byte is 0 to 9. A byte below '0' has borrowed and shows its high bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllDigits(ulong digits) => ((digits | (digits + 0x7676767676767676)) & HighBits) == 0;

    /// <summary>The number of eight digits, each 0 to 9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Number(ulong digits)
    {
        // Pairs, then fours, then eights: two multiplications do what eight would.
        digits = (digits * 10) + (digits >> 8);
        ulong high = (digits & 0x000000FF000000FF) * 0x000F424000000064;
        ulong low = ((digits >> 16) & 0x000000FF000000FF) * 0x0000271000000001;
        return (long)((high + low) >> 32);
    }

    /// <summary>A bit in the high bit of each byte that equals the value, exact up to and including the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Match(ulong word, byte value)
    {
        ulong difference = word ^ (0x0101010101010101UL * value);
        return (difference - 0x0101010101010101UL) & ~difference & HighBits;
    }

    /// <summary>
    /// Reads one to eight digits at <paramref name="text"/>, from which eight bytes must be readable.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe bool TryRead(byte* text, int length, out long number)
    {
        // Shifted to the top, the digits leave zero bytes below them, which count as leading zeros once '0' is taken from the digits alone.
        int shift = (8 - length) * 8;
        ulong digits = (Unsafe.ReadUnaligned<ulong>(text) << shift) - (Zeros << shift);
        number = Number(digits);
        return AllDigits(digits);
    }
}
