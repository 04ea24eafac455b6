namespace Exchange.Cluster;

/// <summary>
/// Log time: what every command is stamped with, and the only time the core knows.
/// <para>
/// The wall clock may jump, and a restarted member may find a clock that runs behind its own log. So log time starts at the later of
/// the wall clock and the last entry's time, then follows the monotonic clock, and is only slewed towards the wall clock, by at most
/// <see cref="SlewPartsPerMillion"/>. What must hold: it never decreases, whatever the clocks do.
/// </para>
/// </summary>
public sealed class LogClock
{
    /// <summary>The largest correction, in parts per million of the monotonic time that passed.</summary>
    public const long SlewPartsPerMillion = 500;

    private readonly TimeProvider _time;
    private readonly long _ticksPerSecond;
    private long _monotonicTicks;
    private long _nowNs;
    private long _stampedNs;

    /// <summary>Starts the clock behind the last entry of the log.</summary>
    /// <param name="time">Wall and monotonic clock.</param>
    /// <param name="lastLogTimeNs">Log time of the last entry, nanoseconds since 1970; 0 for an empty log.</param>
    public LogClock(TimeProvider time, long lastLogTimeNs)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _ticksPerSecond = time.TimestampFrequency;
        _monotonicTicks = time.GetTimestamp();
        _nowNs = Math.Max(lastLogTimeNs, WallNs());
        _stampedNs = _nowNs;
    }

    /// <summary>The present log time, nanoseconds since 1970.</summary>
    public long Now()
    {
        long ticks = _time.GetTimestamp();
        long elapsed = ticks - _monotonicTicks;
        if (elapsed > 0)
        {
            _monotonicTicks = ticks;
            _nowNs += _ticksPerSecond == 1_000_000_000 ? elapsed : (long)((Int128)elapsed * 1_000_000_000 / _ticksPerSecond);
        }

        // A slew backwards must not show: the last stamp holds until the clock has passed it.
        _stampedNs = Math.Max(_stampedNs, _nowNs);
        return _stampedNs;
    }

    /// <summary>Corrects towards the wall clock; to be called now and then, off the hot path.</summary>
    /// <param name="sinceLastNs">Monotonic time since the last call, nanoseconds.</param>
    public void Slew(long sinceLastNs)
    {
        Now();
        long limitNs = (long)((Int128)sinceLastNs * SlewPartsPerMillion / 1_000_000);
        _nowNs += Math.Clamp(WallNs() - _nowNs, -limitNs, limitNs);
    }

    private long WallNs() => (_time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) * 100;
}
