using System.Numerics;
using System.Runtime.CompilerServices;
using Exchange.Protocol;

namespace Exchange.Fix.Parsing;

/// <summary>
/// Reads integers and decimals. The short forms, which are nearly all, are read eight characters at a time without a loop;
/// the pointer forms may therefore touch eight bytes from the start of the value, which inside a frame are always there
/// because the trailer follows.
/// </summary>
public static class FixNumber
{
    private static ReadOnlySpan<long> PowersOfTen => [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    /// <summary>Reads an integer: digits, perhaps behind a minus sign. False for another form, and for what 64 bits cannot hold.</summary>
    public static bool TryInt64(ReadOnlySpan<byte> text, out long number)
    {
        bool isNegative = text.Length > 0 && text[0] == (byte)'-';
        ReadOnlySpan<byte> digits = isNegative ? text[1..] : text;
        ulong magnitude = 0;
        number = 0;
        if (digits.IsEmpty)
        {
            return false;
        }

        foreach (byte character in digits)
        {
            uint digit = (uint)character - '0';
            if (digit > 9 || magnitude > (long.MaxValue - (ulong)digit) / 10)
            {
                return false;
            }

            magnitude = (magnitude * 10) + digit;
        }

        number = isNegative ? -(long)magnitude : (long)magnitude;
        return true;
    }

    /// <summary>
    /// Reads a decimal: digits with at most one point, perhaps behind a minus sign. False for another form. A number with more
    /// than eight decimals that are not trailing zeros, or too large, is <see cref="FixedPoint.Unrepresentable"/>.
    /// </summary>
    public static bool TryE8(ReadOnlySpan<byte> text, out long valueE8)
    {
        bool isNegative = text.Length > 0 && text[0] == (byte)'-';
        ulong magnitude = 0;
        int decimals = -1;
        int digitCount = 0;
        bool isRepresentable = true;
        valueE8 = 0;
        foreach (byte character in isNegative ? text[1..] : text)
        {
            if (character == (byte)'.' && decimals < 0)
            {
                decimals = 0;
                continue;
            }

            uint digit = (uint)character - '0';
            if (digit > 9)
            {
                return false;
            }

            digitCount++;
            if (decimals >= FixedPoint.Decimals)
            {
                isRepresentable &= digit == 0;
                continue;
            }

            decimals = decimals < 0 ? -1 : decimals + 1;
            isRepresentable &= magnitude <= (long.MaxValue - (ulong)digit) / 10;
            magnitude = isRepresentable ? (magnitude * 10) + digit : 0;
        }

        if (digitCount == 0)
        {
            return false;
        }

        UInt128 scaled = (UInt128)magnitude * (ulong)PowersOfTen[FixedPoint.Decimals - Math.Max(decimals, 0)];
        isRepresentable &= scaled <= long.MaxValue;
        valueE8 = !isRepresentable ? FixedPoint.Unrepresentable : isNegative ? -(long)scaled : (long)scaled;
        return true;
    }

    /// <summary>Reads an integer inside a frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe bool TryInt64(byte* text, int length, out long number) =>
        length <= 8 && *text != (byte)'-' ? SwarDigits.TryRead(text, length, out number) : TryInt64(new ReadOnlySpan<byte>(text, length), out number);

    /// <summary>Reads a decimal inside a frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe bool TryE8(byte* text, int length, out long valueE8)
    {
        if (length > 8 || *text == (byte)'-')
        {
            return TryE8(new ReadOnlySpan<byte>(text, length), out valueE8);
        }

        int shift = (8 - length) * 8;
        ulong word = Unsafe.ReadUnaligned<ulong>(text) << shift;
        ulong zeros = SwarDigits.Zeros << shift;
        ulong point = SwarDigits.Match(word, (byte)'.');
        int decimals = 0;
        if (point != 0)
        {
            // The point is taken out: what stands before it moves up by one byte.
            ulong upToPoint = point ^ (point - 1);
            int index = BitOperations.TrailingZeroCount(point) >> 3;
            decimals = 7 - index;
            ulong before = word & (upToPoint >> 8);
            word = (word & ~upToPoint) | (before << 8);
            zeros <<= 8;
        }

        ulong digits = word - zeros;
        valueE8 = SwarDigits.Number(digits) * PowersOfTen[FixedPoint.Decimals - decimals];
        return SwarDigits.AllDigits(digits) && zeros != 0;
    }
}
