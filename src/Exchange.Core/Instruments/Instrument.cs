using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Core.Instruments;

/// <summary>
/// An instrument, and the exact conversion between the 10^-8 units of the outside and its ticks and lots. What does not divide is
/// refused, never rounded.
/// </summary>
public sealed class Instrument
{
    /// <summary>Largest order of any instrument in lots; keeps sums over a whole book within 63 bits.</summary>
    public const long QuantityMaxLots = 1L << 40;

    /// <summary>Most prices between lowest and highest of any instrument.</summary>
    public const long PricesMax = Matching.OrderBook.PricesMax;

    internal Instrument(int id, in DefineInstrumentCommand definition)
    {
        Id = id;
        Definition = definition;
        Symbol = definition.Symbol;
        PriceTickE8 = definition.PriceTickE8;
        QuantityStepE8 = definition.QuantityStepE8;
        QuantityMaxE8 = definition.QuantityMaxE8;
        PriceMinE8 = definition.PriceMinE8;
        PriceMaxE8 = definition.PriceMaxE8;
        PriceMinTicks = PriceMinE8 / PriceTickE8;
        PriceMaxTicks = PriceMaxE8 / PriceTickE8;
        ReferenceTicks = definition.ReferencePriceE8 / PriceTickE8;
    }

    /// <summary>Number, from 0 in log order.</summary>
    public int Id { get; }

    /// <summary>Symbol (55).</summary>
    public Text24 Symbol { get; }

    /// <summary>Price increment in 10^-8.</summary>
    public long PriceTickE8 { get; }

    /// <summary>Quantity increment in 10^-8.</summary>
    public long QuantityStepE8 { get; }

    /// <summary>Largest order in 10^-8.</summary>
    public long QuantityMaxE8 { get; }

    /// <summary>Lowest price in 10^-8.</summary>
    public long PriceMinE8 { get; }

    /// <summary>Highest price in 10^-8.</summary>
    public long PriceMaxE8 { get; }

    /// <summary>Lowest price in ticks.</summary>
    public long PriceMinTicks { get; }

    /// <summary>Highest price in ticks.</summary>
    public long PriceMaxTicks { get; }

    /// <summary>The definition's reference price in ticks; 0 when it has none.</summary>
    public long ReferenceTicks { get; }

    /// <summary>The definition as it was logged, without its header.</summary>
    internal DefineInstrumentCommand Definition { get; }

    /// <summary>Price in 10^-8 of a price in ticks within the range.</summary>
    public long ToPriceE8(long ticks) => ticks * PriceTickE8;

    /// <summary>Quantity in 10^-8 of a quantity in lots.</summary>
    public long ToQuantityE8(long lots) => lots * QuantityStepE8;

    /// <summary>
    /// Converts a price.
    /// </summary>
    /// <returns><see cref="ReasonCode.None"/>, <see cref="ReasonCode.PriceOutOfRange"/> or <see cref="ReasonCode.PriceNotOnTick"/>.</returns>
    public ReasonCode TryToTicks(long priceE8, out long ticks)
    {
        ticks = 0;
        if (priceE8 == FixedPoint.Unrepresentable)
        {
            // More than eight decimals, or more digits than any price: no tick is that fine and no range is that wide.
            return ReasonCode.PriceNotOnTick;
        }

        if (priceE8 < PriceMinE8 || priceE8 > PriceMaxE8)
        {
            return ReasonCode.PriceOutOfRange;
        }

        (ticks, long remainder) = Math.DivRem(priceE8, PriceTickE8);
        return remainder == 0 ? ReasonCode.None : ReasonCode.PriceNotOnTick;
    }

    /// <summary>
    /// Converts a quantity.
    /// </summary>
    /// <returns><see cref="ReasonCode.None"/>, <see cref="ReasonCode.QuantityOutOfRange"/> or <see cref="ReasonCode.QuantityNotOnStep"/>.</returns>
    public ReasonCode TryToLots(long quantityE8, out long lots)
    {
        lots = 0;
        if (quantityE8 == FixedPoint.Unrepresentable)
        {
            return ReasonCode.QuantityNotOnStep;
        }

        if (quantityE8 <= 0 || quantityE8 > QuantityMaxE8)
        {
            return ReasonCode.QuantityOutOfRange;
        }

        (lots, long remainder) = Math.DivRem(quantityE8, QuantityStepE8);
        return remainder == 0 ? ReasonCode.None : ReasonCode.QuantityNotOnStep;
    }

    /// <summary>
    /// What is wrong with a definition, in words for an operator; null when nothing is.
    /// </summary>
    public static string? Check(in DefineInstrumentCommand definition)
    {
        if (definition.Symbol.IsEmpty)
        {
            return "the symbol is empty";
        }

        if (definition.PriceTickE8 <= 0 || definition.QuantityStepE8 <= 0)
        {
            return "price tick and quantity step must be positive";
        }

        if (definition.QuantityMaxE8 <= 0 || definition.QuantityMaxE8 % definition.QuantityStepE8 != 0)
        {
            return "the largest quantity must be a positive multiple of the quantity step";
        }

        if (definition.QuantityMaxE8 / definition.QuantityStepE8 > QuantityMaxLots)
        {
            return "the largest quantity is more than 2^40 steps";
        }

        if (definition.PriceMinE8 <= 0 || definition.PriceMinE8 % definition.PriceTickE8 != 0
            || definition.PriceMaxE8 < definition.PriceMinE8 || definition.PriceMaxE8 % definition.PriceTickE8 != 0)
        {
            return "lowest and highest price must be positive multiples of the tick, the lowest not above the highest";
        }

        return (definition.PriceMaxE8 / definition.PriceTickE8) - (definition.PriceMinE8 / definition.PriceTickE8) >= PricesMax
            ? "there are more than 2^30 ticks between the lowest and the highest price"
            : null;
    }
}
