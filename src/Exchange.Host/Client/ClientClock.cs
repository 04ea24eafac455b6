using System.Diagnostics;

namespace Exchange.Host.Client;

/// <summary>
/// Time of a client: wall-clock nanoseconds since 1970 that never go backwards. The wall clock is read once, at the start;
/// after that the monotonic clock counts on, so that a clock step can neither fire nor starve a heartbeat.
/// </summary>
internal sealed class ClientClock
{
    private readonly long _baseUnixNs = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
    private readonly long _baseTimestamp = Stopwatch.GetTimestamp();

    /// <summary>Nanoseconds since 1970.</summary>
    public long NowNs => _baseUnixNs + ToNs(Stopwatch.GetTimestamp() - _baseTimestamp);

    private static long ToNs(long ticks) =>
        Stopwatch.Frequency == FixTime.NsPerSec ? ticks : (long)((Int128)ticks * FixTime.NsPerSec / Stopwatch.Frequency);
}
