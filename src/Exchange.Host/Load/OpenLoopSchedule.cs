using Exchange.Protocol;

namespace Exchange.Host.Load;

/// <summary>
/// When each order is due in an open loop: order i at start + i / rate, whatever the exchange does. A late answer then delays no
/// later order on paper, so the wait that it causes is measured instead of being left out (coordinated omission).
/// </summary>
internal readonly struct OpenLoopSchedule
{
    private readonly double _intervalNs;

    /// <summary>Creates the schedule.</summary>
    /// <param name="startNs">When order 0 is due.</param>
    /// <param name="ratePerSec">Orders per second; positive.</param>
    /// <param name="durationNs">Orders due at or after start + duration are not part of it.</param>
    public OpenLoopSchedule(long startNs, double ratePerSec, long durationNs)
    {
        Invariant.Require(ratePerSec > 0 && durationNs >= 0);
        StartNs = startNs;
        _intervalNs = 1e9 / ratePerSec;
        EndNs = startNs + durationNs;
        Count = (long)Math.Ceiling(durationNs / _intervalNs);
    }

    /// <summary>When order 0 is due.</summary>
    public long StartNs { get; }

    /// <summary>When the schedule is over.</summary>
    public long EndNs { get; }

    /// <summary>Number of orders.</summary>
    public long Count { get; }

    /// <summary>When an order is due.</summary>
    public long DueNs(long index) => StartNs + (long)(index * _intervalNs);

    /// <summary>How many orders are due by now.</summary>
    public long DueBy(long nowNs)
    {
        if (nowNs < StartNs)
        {
            return 0;
        }

        return Math.Min(Count, (long)((nowNs - StartNs) / _intervalNs) + 1);
    }
}
