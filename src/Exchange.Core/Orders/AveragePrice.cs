using System.Runtime.CompilerServices;

namespace Exchange.Core.Orders;

/// <summary>AvgPx (6) from the exact sum over all fills, rounded once, half up, at 10^-8.</summary>
internal static class AveragePrice
{
    /// <summary>Adds a fill to the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt128 Add(UInt128 ticksLots, long priceTicks, long lots)
    {
        // Both factors are positive and below 2^63 and 2^38, and an order trades at most 2^38 lots: the sum stays below 2^101.
        unchecked
        {
            ulong high = Math.BigMul((ulong)priceTicks, (ulong)lots, out ulong low);
            return ticksLots + new UInt128(high, low);
        }
    }

    /// <summary>The average in 10^-8; 0 when nothing has traded.</summary>
    public static long ToE8(UInt128 ticksLots, long cumLots, long priceTickE8)
    {
        if (cumLots == 0)
        {
            return 0;
        }

        // Price times tick is a price in 10^-8, so this stays below 2^103 as well.
        UInt128 sumE8 = unchecked(ticksLots * (ulong)priceTickE8);
        ulong divisor = (ulong)cumLots;
        if (sumE8 <= ulong.MaxValue)
        {
            (ulong average, ulong rest) = Math.DivRem((ulong)sumE8, divisor);
            return (long)(average + (rest >= divisor - rest ? 1UL : 0UL));
        }

        (UInt128 wide, UInt128 wideRest) = UInt128.DivRem(sumE8, divisor);
        return (long)(wide + (wideRest >= divisor - wideRest ? UInt128.One : UInt128.Zero));
    }
}
