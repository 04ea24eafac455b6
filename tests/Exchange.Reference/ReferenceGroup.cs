using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Reference;

/// <summary>A market group (2.1).</summary>
internal sealed class ReferenceGroup(int id)
{
    public int Id => id;

    public Text16 Name { get; init; }

    public MarketPhase Phase { get; set; } = MarketPhase.Continuous;

    public int Version { get; set; } = 1;

    public long FailoverCancelOnlyNs { get; set; }

    public bool FailoverAuction { get; set; }

    public long FailoverAuctionNs { get; set; }

    /// <summary>The change that the schedule brings next.</summary>
    public long ScheduledAtNs { get; set; } = long.MaxValue;

    public MarketPhase ScheduledPhase { get; set; }

    /// <summary>When a phase of stated length ends.</summary>
    public long PhaseEndsAtNs { get; set; } = long.MaxValue;
}
