using System.Diagnostics;

namespace Exchange.Gateway;

/// <summary>The gateway's two clocks: one that only moves forward, for timers, and the time of day, for checking SendingTime.</summary>
public abstract class GatewayClock
{
    /// <summary>Nanoseconds from an arbitrary origin; never decreases.</summary>
    public abstract long MonotonicNs { get; }

    /// <summary>Nanoseconds since 1970 UTC.</summary>
    public abstract long UnixNs { get; }

    /// <summary>The machine's clocks.</summary>
    public static GatewayClock System { get; } = new SystemClock();

    private sealed class SystemClock : GatewayClock
    {
        private static readonly double NsPerTick = 1e9 / Stopwatch.Frequency;

        public override long MonotonicNs => Stopwatch.Frequency == 1_000_000_000 ? Stopwatch.GetTimestamp() : (long)(Stopwatch.GetTimestamp() * NsPerTick);

        public override long UnixNs => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * 100;
    }
}
