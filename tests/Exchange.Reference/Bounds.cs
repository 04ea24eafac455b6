using System.Numerics;

namespace Exchange.Reference;

/// <summary>Percentages of a price, rounded inwards to base ticks (4.7, 4.8).</summary>
internal static class Bounds
{
    public static long Above(ReferenceInstrument instrument, long price, int basisPoints)
    {
        long bound = (long)((BigInteger)price * (10_000 + basisPoints) / 10_000);
        return bound - (bound % instrument.Definition.PriceTickE8);
    }

    public static long Below(ReferenceInstrument instrument, long price, int basisPoints)
    {
        BigInteger scaled = (BigInteger)price * (10_000 - basisPoints);
        long bound = (long)((scaled + 9_999) / 10_000);
        long tick = instrument.Definition.PriceTickE8;
        return (bound + tick - 1) / tick * tick;
    }

    /// <summary>The bound that the price is beyond; 0 when it is within, or there is none.</summary>
    public static long Outside(ReferenceInstrument instrument, long price, long basePrice, int basisPoints)
    {
        if (basisPoints == 0 || basePrice == 0)
        {
            return 0;
        }

        long above = Above(instrument, basePrice, basisPoints);
        long below = Below(instrument, basePrice, basisPoints);
        return price > above ? above : price < below ? below : 0;
    }
}
