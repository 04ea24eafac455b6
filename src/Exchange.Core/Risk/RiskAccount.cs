using Exchange.Protocol.Text;

namespace Exchange.Core.Risk;

/// <summary>An account of a firm: it has the positions.</summary>
internal sealed class RiskAccount(int id, RiskFirm? firm, Text16 name)
{
    /// <summary>The number of an account that does not exist yet.</summary>
    public const int Unborn = -1;

    /// <summary>Number, from 0 in log order.</summary>
    public int Id { get; } = id;

    /// <summary>Its firm; null for the stand-in of accounts that do not exist yet.</summary>
    public RiskFirm? Firm { get; } = firm;

    /// <summary>Account (1).</summary>
    public readonly Text16 Name = name;

    /// <summary>Its limits.</summary>
    public RiskLimits Limits;

    /// <summary>Whether an operator listed it.</summary>
    public bool IsListed { get; set; }

    /// <summary>Whether a kill switch blocks entry.</summary>
    public bool IsKilled { get; set; }

    /// <summary>Orders up to this number are to be cancelled by its kill switch; 0 when it was never pulled.</summary>
    public long KilledUpTo { get; set; }

    /// <summary>Its open orders.</summary>
    public int OpenOrders { get; set; }

    /// <summary>Notional of its open orders.</summary>
    public Int128 OpenNotionalE8;

    /// <summary>Notional that it executed on <see cref="Day"/>.</summary>
    public Int128 ExecutedE8;

    /// <summary>The trading day of <see cref="ExecutedE8"/>.</summary>
    public int Day;

    /// <summary>Its gross position (trading rule 8.10).</summary>
    public Int128 GrossE8;

    /// <summary>Instruments that it may not trade.</summary>
    public RestrictionList Restricted { get; } = new();

    /// <summary>Instrument whose position was looked up last; only a shortcut, not state.</summary>
    public int RecentInstrumentId = -1;

    /// <summary>Slot of that position.</summary>
    public int RecentSlot;
}
