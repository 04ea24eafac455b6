using Exchange.Protocol.Commands;

namespace Exchange.Simulation.Rules;

/// <summary>A firm or an account as the rule book counts it: what it may, and what it has open.</summary>
internal sealed class RuleParty(string name)
{
    public string Name => name;

    public SetLimitsCommand Limits { get; set; }

    public bool IsKilled { get; set; }

    public HashSet<string> Restricted { get; } = [];

    /// <summary>Accounts that an operator has listed; for a firm.</summary>
    public HashSet<string> Listed { get; } = [];

    public int OpenOrders { get; set; }

    /// <summary>Notional of what is open, in 10^-8.</summary>
    public Int128 OpenNotional { get; set; }

    /// <summary>Notional of what was executed this day, in 10^-8.</summary>
    public Int128 Executed { get; set; }
}
