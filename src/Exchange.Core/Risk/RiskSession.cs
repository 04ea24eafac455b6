using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Core.Risk;

/// <summary>What risk keeps of a session: its firm, its default account, its switch, and its last orders.</summary>
internal sealed class RiskSession(int id, RiskFirm firm)
{
    /// <summary>Session id.</summary>
    public int Id { get; } = id;

    /// <summary>Its firm.</summary>
    public RiskFirm Firm { get; set; } = firm;

    /// <summary>Account of orders that name none.</summary>
    public Text16 DefaultAccount;

    /// <summary>Whether a kill switch blocks entry.</summary>
    public bool IsKilled { get; set; }

    /// <summary>Instrument of the last order that was looked at for repetition; -1 when there is none.</summary>
    public int RepeatedInstrumentId = -1;

    /// <summary>Its side.</summary>
    public Side RepeatedSide;

    /// <summary>Its limit; 0 when it had none.</summary>
    public long RepeatedTicks;

    /// <summary>Its quantity.</summary>
    public long RepeatedLots;

    /// <summary>How many equal ones there have been in a row.</summary>
    public int RepeatedCount;

    /// <summary>Log time of the first of them.</summary>
    public long RepeatedSinceNs;

    /// <summary>The account that was found last; only a shortcut, not state.</summary>
    public RiskAccount? RecentAccount;

    /// <summary>Forgets the last orders.</summary>
    public void ForgetRepeated()
    {
        RepeatedInstrumentId = -1;
        RepeatedSide = Side.None;
        RepeatedTicks = 0;
        RepeatedLots = 0;
        RepeatedCount = 0;
        RepeatedSinceNs = 0;
    }
}
