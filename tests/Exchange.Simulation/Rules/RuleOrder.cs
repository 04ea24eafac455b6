using Exchange.Protocol;

namespace Exchange.Simulation.Rules;

/// <summary>An open order as its reports tell it.</summary>
internal sealed class RuleOrder
{
    public required long Id { get; init; }

    public required RuleSession Session { get; init; }

    public required RuleParty Firm { get; init; }

    public required RuleParty Account { get; init; }

    public required RuleInstrument Instrument { get; init; }

    public required RuleHolding Holding { get; init; }

    public required bool IsBuy { get; init; }

    /// <summary>SelfMatchPreventionID (2362) as a number; 0 for none.</summary>
    public ulong SelfTradeId { get; init; }

    public TimeInForce InForce { get; set; }

    /// <summary>Limit price; 0 while it has none.</summary>
    public long Limit { get; set; }

    /// <summary>The price at which it counts.</summary>
    public long Counted { get; set; }

    public long Quantity { get; set; }

    public long Leaves { get; set; }

    public Int128 Notional => RuleInstrument.Notional(Counted, Leaves);
}
