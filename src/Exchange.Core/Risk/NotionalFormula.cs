using System.Numerics;
using System.Runtime.CompilerServices;

namespace Exchange.Core.Risk;

// What a quantity at a price is worth, in 10^-8 of the settlement currency, rounded down and never more than 2^63 - 1 (trading rules 1.3):
//
//      linear      ticks x tick x lots x step x multiplier / 10^16
//      inverse     lots x step x multiplier / (ticks x tick)
//
// It is wanted several times per order, so what does not depend on the order is worked out once. For nearly all linear contracts
// tick x step x multiplier is a multiple of 10^16 or divides it, and two multiplications or one division are left. What is so large that 64
// bits do not hold the product takes the long way, limb by limb, and is as exact.

/// <summary>The notional of quantities of one instrument.</summary>
internal readonly struct NotionalFormula
{
    private const ulong Scale = 10_000_000_000_000_000;
    private const int LimbsMax = 6;

    private readonly ulong _factor;
    private readonly ulong _divisor;
    private readonly long _tickE8;
    private readonly long _stepE8;
    private readonly long _multiplierE8;
    private readonly bool _isInverse;

    /// <summary>Works out what all orders have in common.</summary>
    /// <param name="tickE8">Base tick, positive.</param>
    /// <param name="stepE8">Quantity step, positive.</param>
    /// <param name="multiplierE8">Contract multiplier; 0 stands for one.</param>
    /// <param name="isInverse">Whether the contract is an inverse one.</param>
    public NotionalFormula(long tickE8, long stepE8, long multiplierE8, bool isInverse)
    {
        _tickE8 = tickE8;
        _stepE8 = stepE8;
        _multiplierE8 = multiplierE8 == 0 ? Protocol.FixedPoint.Scale : multiplierE8;
        _isInverse = isInverse;
        BigInteger factor = new BigInteger(tickE8) * stepE8 * _multiplierE8;
        BigInteger common = BigInteger.GreatestCommonDivisor(factor, Scale);
        if (!isInverse && factor / common <= long.MaxValue)
        {
            _factor = (ulong)(factor / common);
            _divisor = (ulong)(Scale / common);
        }
    }

    /// <summary>The notional of <paramref name="lots"/>, not negative, at a positive price.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Of(long ticks, long lots)
    {
        unchecked
        {
            ulong high = Math.BigMul((ulong)ticks, (ulong)lots, out ulong product);
            ulong overflow = Math.BigMul(product, _factor, out ulong value);
            if ((high | overflow) != 0 || _divisor == 0 || (long)value < 0)
            {
                return OfLarge(ticks, lots);
            }

            return _divisor == 1 ? (long)value : (long)(value / _divisor);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long OfLarge(long ticks, long lots)
    {
        Span<ulong> limbs = stackalloc ulong[LimbsMax];
        limbs.Clear();
        limbs[0] = (ulong)lots;
        Multiply(limbs, (ulong)_stepE8);
        Multiply(limbs, (ulong)_multiplierE8);
        if (_isInverse)
        {
            // Price in 10^-8 fits 63 bits: it lies within the instrument's range.
            Divide(limbs, checked((ulong)ticks * (ulong)_tickE8));
        }
        else
        {
            Multiply(limbs, (ulong)ticks);
            Multiply(limbs, (ulong)_tickE8);
            Divide(limbs, Scale);
        }

        return limbs[0] > long.MaxValue || limbs[1..].ContainsAnyExcept(0UL) ? long.MaxValue : (long)limbs[0];
    }

    private static void Multiply(Span<ulong> limbs, ulong by)
    {
        ulong carry = 0;
        for (int i = 0; i < limbs.Length; i++)
        {
            UInt128 product = ((UInt128)limbs[i] * by) + carry;
            limbs[i] = unchecked((ulong)product);
            carry = (ulong)(product >> 64);
        }
    }

    private static void Divide(Span<ulong> limbs, ulong by)
    {
        ulong rest = 0;
        for (int i = limbs.Length - 1; i >= 0; i--)
        {
            (UInt128 quotient, UInt128 remainder) = UInt128.DivRem(new UInt128(rest, limbs[i]), by);
            limbs[i] = (ulong)quotient;
            rest = (ulong)remainder;
        }
    }
}
