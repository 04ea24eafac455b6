using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Simulation.Rules;

/// <summary>An instrument as the rule book knows it.</summary>
internal sealed class RuleInstrument(int id)
{
    public int Id => id;

    public DefineInstrumentCommand Definition { get; set; }

    public string Symbol => Definition.Symbol.ToString();

    /// <summary>Price of the last trade; 0 for none.</summary>
    public long LastTrade { get; set; }

    public bool HasTradedToday { get; set; }

    /// <summary>Rule 1.3; 0 for none.</summary>
    public long Reference => HasTradedToday || Definition.ReferencePriceE8 == 0 ? LastTrade : Definition.ReferencePriceE8;

    /// <summary>Rule 1.3 for a linear contract with a multiplier of one, which all of the simulation's are.</summary>
    public static Int128 Notional(long price, long quantity) => (Int128)price * quantity / FixedPoint.Scale;

    /// <summary>The price at which a gross position counts (8.10).</summary>
    public long GrossPrice => Definition.ReferencePriceE8 != 0 ? Definition.ReferencePriceE8 : Definition.PriceMaxE8;
}
