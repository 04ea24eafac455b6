namespace Exchange.Host.Load;

/// <summary>Outages of several sessions that overlap: one event, seen by all of them.</summary>
internal sealed class Failover
{
    private Failover(IReadOnlyList<Outage> outages) => Outages = outages;

    /// <summary>Each session's part, in the order of their gaps.</summary>
    public IReadOnlyList<Outage> Outages { get; }

    /// <summary>The first outage's beginning.</summary>
    public long FromNs => Outages.Min(static o => o.LastAckNs);

    /// <summary>The gap of the session in the middle, nanoseconds.</summary>
    public long MedianGapNs => Outages[(Outages.Count - 1) / 2].GapNs;

    /// <summary>The longest gap of any session, nanoseconds.</summary>
    public long MaxGapNs => Outages[^1].GapNs;

    /// <summary>Why the first session lost its connection.</summary>
    public string Cause => Outages.MinBy(static o => o.LastAckNs)!.Cause;

    /// <summary>Joins outages that overlap in time.</summary>
    public static IReadOnlyList<Failover> Group(IEnumerable<Outage> outages)
    {
        List<Failover> failovers = [];
        List<Outage> group = [];
        long endNs = long.MinValue;
        foreach (Outage outage in outages.OrderBy(static o => o.LastAckNs))
        {
            if (outage.LastAckNs > endNs && group.Count > 0)
            {
                failovers.Add(Of(group));
                group = [];
            }

            endNs = Math.Max(endNs, outage.FirstAckNs);
            group.Add(outage);
        }

        if (group.Count > 0)
        {
            failovers.Add(Of(group));
        }

        return failovers;
    }

    private static Failover Of(List<Outage> group) => new([.. group.OrderBy(static o => o.GapNs)]);
}
