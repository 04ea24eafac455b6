namespace Exchange.Host.Load;

/// <summary>Outages of several sessions that overlap: one event, seen by all of them.</summary>
internal sealed class Failover
{
    private Failover(IReadOnlyList<Outage> outages) => Outages = outages;

    /// <summary>Each session's part, in the order of their gaps.</summary>
    public IReadOnlyList<Outage> Outages { get; }

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

    /// <summary>One failover of outages that belong together; of each session the parts are joined.</summary>
    public static Failover Of(IReadOnlyCollection<Outage> group)
    {
        List<Outage> joined = [];
        foreach (IGrouping<string, Outage> session in group.GroupBy(static o => o.CompId, StringComparer.Ordinal))
        {
            Outage[] parts = [.. session.OrderBy(static o => o.LastAckNs)];
            joined.Add(parts[0] with { FirstAckNs = parts[^1].FirstAckNs, To = parts[^1].To });
        }

        return new Failover([.. joined.OrderBy(static o => o.GapNs)]);
    }
}
