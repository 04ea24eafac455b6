using System.Runtime.CompilerServices;
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
    /// <summary>Largest order of any instrument in lots; keeps sums over a whole book of 2^24 orders within 63 bits.</summary>
    public const long QuantityMaxLots = 1L << 38;

    /// <summary>Most prices between lowest and highest of any instrument.</summary>
    public const long PricesMax = Matching.OrderBook.PricesMax;

    private readonly long _notionalUnit;
    private DefineInstrumentCommand _definition;
    private int _tickCount;

    internal Instrument(int id, in DefineInstrumentCommand definition)
    {
        Id = id;
        Symbol = definition.Symbol;
        PriceTickE8 = definition.PriceTickE8;
        QuantityStepE8 = definition.QuantityStepE8;
        PriceMinE8 = definition.PriceMinE8;
        PriceMaxE8 = definition.PriceMaxE8;
        PriceMinTicks = PriceMinE8 / PriceTickE8;
        PriceMaxTicks = PriceMaxE8 / PriceTickE8;
        MultiplierE8 = InstrumentDefinition.MultiplierOf(in definition);
        IsInverse = (definition.Flags & InstrumentFlags.Inverse) != 0;
        _notionalUnit = NotionalUnit();
        Redefine(in definition);
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
    public long QuantityMaxE8 { get; private set; }

    /// <summary>Smallest order in 10^-8, at least 1; without one of its own, whatever is on the step.</summary>
    public long QuantityMinE8 { get; private set; }

    /// <summary>Contract multiplier in 10^-8.</summary>
    public long MultiplierE8 { get; }

    /// <summary>Whether the notional is quantity times multiplier divided by price.</summary>
    public bool IsInverse { get; }

    /// <summary>When it expires, nanoseconds since 1970; <see cref="long.MaxValue"/> when never.</summary>
    public long ExpiryNs => _definition.ExpiryNs == 0 ? long.MaxValue : _definition.ExpiryNs;

    /// <summary>Lowest price in 10^-8.</summary>
    public long PriceMinE8 { get; }

    /// <summary>Highest price in 10^-8.</summary>
    public long PriceMaxE8 { get; }

    /// <summary>Lowest price in ticks.</summary>
    public long PriceMinTicks { get; }

    /// <summary>Highest price in ticks.</summary>
    public long PriceMaxTicks { get; }

    /// <summary>The definition's reference price in ticks; 0 when it has none.</summary>
    public long ReferenceTicks { get; private set; }

    /// <summary>The definition as it was logged, without its header.</summary>
    internal ref readonly DefineInstrumentCommand Definition => ref _definition;

    /// <summary>Takes another definition of the same symbol, which has been checked and changes nothing that cannot change.</summary>
    internal void Redefine(in DefineInstrumentCommand definition)
    {
        _definition = definition;
        _definition.Header = default;
        _tickCount = definition.TickCount;
        QuantityMaxE8 = definition.QuantityMaxE8;
        QuantityMinE8 = Math.Max(definition.QuantityMinE8, 1);
        ReferenceTicks = definition.ReferencePriceE8 / PriceTickE8;
    }

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
        return remainder == 0 && (_tickCount == 0 || IsOnTable(priceE8)) ? ReasonCode.None : ReasonCode.PriceNotOnTick;
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

        if (quantityE8 < QuantityMinE8 || quantityE8 > QuantityMaxE8)
        {
            return ReasonCode.QuantityOutOfRange;
        }

        (lots, long remainder) = Math.DivRem(quantityE8, QuantityStepE8);
        return remainder == 0 ? ReasonCode.None : ReasonCode.QuantityNotOnStep;
    }

    /// <summary>The tick, in 10^-8, that prices at this price must be multiples of (rule 1.2).</summary>
    public long TickE8At(long priceE8)
    {
        ReadOnlySpan<TickBand> bands = _definition.Ticks;
        for (int i = _tickCount - 1; i >= 0; i--)
        {
            if (priceE8 >= bands[i].FromE8)
            {
                return bands[i].TickE8;
            }
        }

        return PriceTickE8;
    }

    /// <summary>
    /// What a quantity is worth at a price (rule 1.3), in 10^-8 of the settlement currency, rounded down; at most 2^63 - 1, where it stays.
    /// </summary>
    /// <param name="priceTicks">A price, positive.</param>
    /// <param name="lots">A quantity, not negative.</param>
    public long NotionalE8(long priceTicks, long lots)
    {
        if (_notionalUnit == 0)
        {
            return SlowNotionalE8(priceTicks, lots);
        }

        // Nearly every linear instrument: one tick of one lot is worth a whole number of units.
        UInt128 product = (UInt128)(ulong)priceTicks * (ulong)lots;
        return product <= long.MaxValue ? Saturate((UInt128)(ulong)product * (ulong)_notionalUnit) : long.MaxValue;
    }

    /// <summary>What is wrong with a definition, in words for an operator; null when nothing is.</summary>
    public static string? Check(in DefineInstrumentCommand definition) => InstrumentDefinition.Check(in definition);

    private static long Saturate(UInt128 value) => value > long.MaxValue ? long.MaxValue : (long)(ulong)value;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsOnTable(long priceE8) => priceE8 % TickE8At(priceE8) == 0;

    // What one tick of one lot is worth in 10^-8 units, where that is a whole number; otherwise 0.
    private long NotionalUnit()
    {
        if (IsInverse)
        {
            return 0;
        }

        UInt128 unit = MultiplyDown((UInt128)(ulong)PriceTickE8 * (ulong)QuantityStepE8, MultiplierE8, out bool isExact);
        return isExact && unit <= long.MaxValue ? (long)(ulong)unit : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long SlowNotionalE8(long priceTicks, long lots)
    {
        if (IsInverse)
        {
            return Saturate((UInt128)(ulong)ToQuantityE8(lots) * (ulong)MultiplierE8 / (ulong)ToPriceE8(priceTicks));
        }

        return Saturate(MultiplyDown((UInt128)(ulong)ToPriceE8(priceTicks) * (ulong)ToQuantityE8(lots), MultiplierE8, out _));
    }

    // value * factor / 10^16, rounded down, without leaving 128 bits: value is below 2^126 and factor below 2^63. What is beyond 2^63 stays beyond.
    private static UInt128 MultiplyDown(UInt128 value, long factor, out bool isExact)
    {
        UInt128 scale = (UInt128)(FixedPoint.Scale * FixedPoint.Scale);
        (UInt128 whole, UInt128 rest) = UInt128.DivRem(value, scale);
        (UInt128 fromRest, UInt128 lost) = UInt128.DivRem(rest * (ulong)factor, scale);
        isExact = lost == 0;
        return whole > (UInt128)long.MaxValue ? UInt128.MaxValue : (whole * (ulong)factor) + fromRest;
    }
}
