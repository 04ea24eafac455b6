using Exchange.Protocol.Text;

namespace Exchange.Core.Risk;

/// <summary>A firm: the sessions and accounts in it share its limits.</summary>
internal sealed class RiskFirm(int id, Text16 name)
{
    /// <summary>Number, from 0 in log order.</summary>
    public int Id { get; } = id;

    /// <summary>Name, unique.</summary>
    public readonly Text16 Name = name;

    /// <summary>Its limits.</summary>
    public RiskLimits Limits;

    /// <summary>Whether a kill switch blocks entry.</summary>
    public bool IsKilled { get; set; }

    /// <summary>Accounts that were listed; once there is one, all others are unknown.</summary>
    public int ListedCount { get; set; }

    /// <summary>Accounts that came into being by being named.</summary>
    public int ImplicitCount { get; set; }

    /// <summary>Open orders of all its accounts.</summary>
    public int OpenOrders { get; set; }

    /// <summary>Notional of its open orders.</summary>
    public Int128 OpenNotionalE8;

    /// <summary>Notional that it executed on <see cref="Day"/>.</summary>
    public Int128 ExecutedE8;

    /// <summary>The trading day of <see cref="ExecutedE8"/>.</summary>
    public int Day;

    /// <summary>Log time of the order with which the current second of its order rate began.</summary>
    public long RateSinceNs;

    /// <summary>New orders and replacements since.</summary>
    public int RateCount;

    /// <summary>Instruments that it may not trade.</summary>
    public RestrictionList Restricted { get; } = new();
}
