using Exchange.Core.Markets;
using Exchange.Protocol.Commands;

namespace Exchange.Core.Orders;

/// <summary>
/// Which prices a market may trade at (trading rule 4.7): within a percentage of the reference price, which follows every trade (dynamic), and
/// within one of the last auction's or of the definition's price, which does not (static).
/// </summary>
/// <param name="LowTicks">Lowest price allowed.</param>
/// <param name="HighTicks">Highest price allowed.</param>
internal readonly record struct PriceCollar(long LowTicks, long HighTicks)
{
    private const long Scale = 10_000;

    /// <summary>Whether a market has collars at all.</summary>
    public static bool IsDefinedFor(Market market)
    {
        ref readonly DefineInstrumentCommand definition = ref market.Instrument.Definition;
        return (definition.DynamicCollarBp | definition.StaticCollarBp) != 0;
    }

    /// <summary>The collar that does not move while an aggressor trades.</summary>
    public static PriceCollar StaticOf(Market market)
    {
        long baseTicks = market.AuctionTicks != 0 ? market.AuctionTicks : market.Instrument.ReferenceTicks;
        return Around(baseTicks, market.Instrument.Definition.StaticCollarBp);
    }

    /// <summary>The collar around a reference price.</summary>
    public static PriceCollar DynamicOf(Market market, long referenceTicks) => Around(referenceTicks, market.Instrument.Definition.DynamicCollarBp);

    /// <summary>Whether the collar forbids a price, and by which of its bounds.</summary>
    public bool Forbids(long priceTicks, out long boundTicks)
    {
        boundTicks = priceTicks > HighTicks ? HighTicks : LowTicks;
        return priceTicks > HighTicks || priceTicks < LowTicks;
    }

    // Rounded inwards. Prices are below 2^63 and percentages below 2^31 of 10^-4, so the products need 128 bits.
    private static PriceCollar Around(long baseTicks, int basisPoints)
    {
        if (baseTicks == 0 || basisPoints == 0)
        {
            return new PriceCollar(0, long.MaxValue);
        }

        Int128 width = (Int128)baseTicks * basisPoints / Scale;
        Int128 high = baseTicks + width;
        return new PriceCollar((long)Int128.Max(0, baseTicks - width), (long)Int128.Min(long.MaxValue, high));
    }
}
