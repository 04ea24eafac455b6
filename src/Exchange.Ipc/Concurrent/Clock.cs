using System.Diagnostics;

namespace Exchange.Ipc.Concurrent;

/// <summary>The two clocks of the shared-memory formats: monotonic nanoseconds for intervals, epoch milliseconds for heartbeats.</summary>
internal static class Clock
{
    /// <summary>Monotonic nanoseconds; on Linux the tick of <see cref="Stopwatch"/> is one nanosecond.</summary>
    internal static long NowNs => Stopwatch.Frequency == 1_000_000_000
        ? Stopwatch.GetTimestamp()
        : (long)((Int128)Stopwatch.GetTimestamp() * 1_000_000_000 / Stopwatch.Frequency);

    /// <summary>Milliseconds since 1970, the unit of Aeron's heartbeats and counters.</summary>
    internal static long EpochMs => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
}
