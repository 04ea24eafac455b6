using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Core.Risk;

/// <summary>An order on its way through the checks: what is asked for, and what the checks found out on the way.</summary>
internal struct RiskOrder
{
    /// <summary>The session that sends it.</summary>
    public RiskSession Session;

    /// <summary>Its account, or the stand-in of accounts that do not exist yet; set by <see cref="RiskDesk.FindAccount"/>.</summary>
    public RiskAccount Account;

    /// <summary>Name of the account: the one given, or the default one.</summary>
    public Text16 AccountName;

    /// <summary>Number of the instrument.</summary>
    public int InstrumentId;

    /// <summary>Slot of its position; 0 when it does not exist yet. Set by the checks.</summary>
    public int PositionSlot;

    /// <summary>Side (54).</summary>
    public Side Side;

    /// <summary>Whether it is a side of a quote.</summary>
    public bool IsQuote;

    /// <summary>Limit; 0 for an order without one.</summary>
    public long LimitTicks;

    /// <summary>The instrument's reference price (trading rule 1.3); 0 when there is none.</summary>
    public long ReferenceTicks;

    /// <summary>Quantity.</summary>
    public long Lots;

    /// <summary>The price at which its exposure counts; set by the checks.</summary>
    public long ExposureTicks;

    /// <summary>Its notional at that price; set by the checks.</summary>
    public long NotionalE8;
}
