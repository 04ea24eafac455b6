namespace Exchange.Cluster;

/// <summary>Monotonic and wall clock of a member, in nanoseconds, from a <see cref="TimeProvider"/> that a simulation can be.</summary>
internal sealed class MemberClock
{
    private readonly TimeProvider _time;
    private readonly long _frequency;

    /// <summary>Wraps a time provider.</summary>
    public MemberClock(TimeProvider time)
    {
        _time = time;
        _frequency = time.TimestampFrequency;
    }

    /// <summary>The time provider.</summary>
    public TimeProvider Time => _time;

    /// <summary>Monotonic time of the box, nanoseconds.</summary>
    public long MonotonicNs
    {
        get
        {
            long ticks = _time.GetTimestamp();
            return _frequency == 1_000_000_000 ? ticks : (long)((Int128)ticks * 1_000_000_000 / _frequency);
        }
    }

    /// <summary>Wall time, nanoseconds since 1970.</summary>
    public long WallNs => (_time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) * 100;
}
