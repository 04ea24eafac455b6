using System.Numerics;
using System.Runtime.CompilerServices;

namespace Exchange.Fix.Writing;

/// <summary>Turns numbers into ASCII digits eight at a time, in one machine word and without a branch per digit.</summary>
internal static class Digits
{
    /// <summary>The longest 64-bit number with its sign.</summary>
    public const int Int64LengthMax = 20;

    private const uint EightDigits = 100_000_000;
    private const ulong Zeros = 0x3030303030303030;

    /// <summary>Eight digits with leading zeros, the first in the lowest byte; the value is below 10^8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Eight(uint value)
    {
        // Fours, then pairs, then single digits, each split by a multiplication that stands for the division.
        ulong high = value / 10_000;
        ulong fours = high | ((value - (high * 10_000)) << 32);
        ulong hundreds = ((fours * 10_486) >> 20) & 0x0000_007F_0000_007F;
        ulong pairs = hundreds | ((fours - (hundreds * 100)) << 16);
        ulong tens = ((pairs * 103) >> 10) & 0x000F_000F_000F_000F;
        return (tens | ((pairs - (tens * 10)) << 8)) + Zeros;
    }

    /// <summary>Writes a number that is not negative, without leading zeros; touches up to 24 bytes. Returns the length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(ref byte target, ulong value)
    {
        if (value < EightDigits)
        {
            ulong digits = Eight((uint)value);
            int skip = BitOperations.TrailingZeroCount((digits - Zeros) | (1UL << 56)) >> 3;
            Unsafe.WriteUnaligned(ref target, digits >> (skip * 8));
            return 8 - skip;
        }

        return WriteLong(ref target, value);
    }

    /// <summary>Writes a number in 10^-8 without trailing zeros, and without a point when it is whole; touches up to 32 bytes. Returns the length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteE8(ref byte target, long valueE8)
    {
        int length = 0;
        ulong magnitude = (ulong)valueE8;
        if (valueE8 < 0)
        {
            target = (byte)'-';
            magnitude = 0 - magnitude;
            length = 1;
        }

        ulong whole = magnitude / EightDigits;
        uint fraction = (uint)(magnitude - (whole * EightDigits));
        length += Write(ref Unsafe.Add(ref target, length), whole);
        if (fraction != 0)
        {
            ulong digits = Eight(fraction);
            Unsafe.Add(ref target, length) = (byte)'.';
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, length + 1), digits);
            length += 9 - (BitOperations.LeadingZeroCount(digits - Zeros) >> 3);
        }

        return length;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int WriteLong(ref byte target, ulong value)
    {
        ulong high = value / EightDigits;
        int length = Write(ref target, high);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, length), Eight((uint)(value - (high * EightDigits))));
        return length + 8;
    }
}
