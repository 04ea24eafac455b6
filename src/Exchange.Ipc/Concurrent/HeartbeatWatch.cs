// Problem: a heartbeat is wall-clock time, and wall clocks step; a peer must not be declared dead because an administrator set the clock.
// Idea: only the change of the value counts; how long it has not changed is measured by the own monotonic clock.
namespace Exchange.Ipc.Concurrent;

/// <summary>How long a heartbeat has stood still.</summary>
internal struct HeartbeatWatch
{
    private long _value;
    private long _changeNs;

    /// <summary>Starts with the value seen now.</summary>
    internal HeartbeatWatch(long value, long nowNs)
    {
        _value = value;
        _changeNs = nowNs;
    }

    /// <summary>Looks at the heartbeat.</summary>
    /// <returns>Nanoseconds since it changed.</returns>
    internal long Observe(long value, long nowNs)
    {
        if (value != _value)
        {
            _value = value;
            _changeNs = nowNs;
        }

        return nowNs - _changeNs;
    }
}
