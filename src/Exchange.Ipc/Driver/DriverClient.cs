// Problem: a client that is killed must give up its publications and positions at once, or its peers wait for it.
// Idea: its heartbeat counter decides in the end, as in Aeron. Our clients also write their pid into the label of that counter, so that a
// process that is gone is noticed at the next timer tick.
using System.Globalization;
using Exchange.Ipc.Concurrent;

namespace Exchange.Ipc.Driver;

/// <summary>A client as the driver sees it.</summary>
internal sealed class DriverClient : IDisposable
{
    /// <summary>Text in front of the process id in a heartbeat label.</summary>
    internal const string PidLabel = " pid=";

    /// <summary>Text in front of the pid namespace in a heartbeat label.</summary>
    internal const string NamespaceLabel = " pidns=";

    private readonly CountersReader _counters;
    private ProcessProbe? _process;
    private bool _isLabelRead;
    private HeartbeatWatch _heartbeat;

    internal DriverClient(long clientId, int heartbeatCounterId, CountersReader counters, long nowNs)
    {
        _heartbeat = new HeartbeatWatch(counters.GetValue(heartbeatCounterId), nowNs);
        ClientId = clientId;
        HeartbeatCounterId = heartbeatCounterId;
        _counters = counters;
    }

    internal long ClientId { get; }

    internal int HeartbeatCounterId { get; }

    /// <summary>Publications it owns, by its own registration id.</summary>
    internal Dictionary<long, IpcPublication> Publications { get; } = [];

    /// <summary>Counters it owns, by registration id.</summary>
    internal Dictionary<long, int> Counters { get; } = [];

    /// <summary>Nanoseconds since the client last showed that it lives.</summary>
    internal long SilentNs(long nowNs) => _heartbeat.Observe(_counters.GetValue(HeartbeatCounterId), nowNs);

    /// <summary>True when the client's process has certainly ended.</summary>
    internal bool IsProcessGone()
    {
        if (!_isLabelRead)
        {
            TryReadProcess();
        }

        return _process is { IsGone: true };
    }

    /// <inheritdoc/>
    public void Dispose() => _process?.Dispose();

    private static long ReadNumber(string label, string name)
    {
        int start = label.IndexOf(name, StringComparison.Ordinal);
        if (start < 0)
        {
            return 0;
        }

        ReadOnlySpan<char> rest = label.AsSpan(start + name.Length);
        int end = rest.IndexOf(' ');
        return long.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0;
    }

    private void TryReadProcess()
    {
        // Every Aeron client appends its name, version and commit in one go; ours then its process.
        if (!_counters.LabelContains(HeartbeatCounterId, " name="u8))
        {
            return;
        }

        _isLabelRead = true;
        string label = _counters.GetLabel(HeartbeatCounterId);
        _process = ProcessProbe.TryWatch(ReadNumber(label, PidLabel), ReadNumber(label, NamespaceLabel));
    }
}
