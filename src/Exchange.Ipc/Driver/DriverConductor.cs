// Problem: clients of several processes come, go and die; someone must give them shared logs, keep publishers within the window of their
// subscribers, and clean up after the dead.
// Idea: one agent owns all of that state. Each cycle it reads commands and moves publisher limits; on a timer it looks after clients and
// publications.
// What must hold: no command and no dead client can stop it; whatever fails is answered, counted and put into the error log.
using System.Text;
using Exchange.Ipc.Agents;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;

namespace Exchange.Ipc.Driver;

/// <summary>The driver's one duty.</summary>
internal sealed partial class DriverConductor : IAgent
{
    private const int CommandsPerCycle = 16;
    private const long NoOwner = -1;
    private readonly MediaDriverContext _context;
    private readonly DriverDirectory _directory;
    private readonly CncFile _cnc;
    private readonly ManyToOneRingBuffer _ring;
    private readonly ClientNotifier _notifier;
    private readonly CounterTable _counters;
    private readonly DistinctErrorLog _errors;
    private readonly List<IpcPublication> _publications = [];
    private readonly List<SubscriptionLink> _subscriptions = [];
    private readonly Dictionary<long, DriverClient> _clients = [];
    private readonly List<DriverClient> _deadClients = [];
    private readonly long _timerIntervalNs;
    private readonly long _livenessNs;
    private readonly long _unblockTimeoutNs;
    private int _nextSessionId = Random.Shared.Next();
    private long _nextTimerNs;
    private long _nowMs;
    private long _nowNs;
    private long _unblockedPublications;
    private long _publicationsRevoked;
    private long _ringPosition = -1;
    private long _ringChangeNs;
    private long _lastDeathNs = long.MinValue / 2;
    private bool _isClosed;

    internal DriverConductor(MediaDriverContext context, DriverDirectory directory, CncFile cnc)
    {
        _context = context;
        _directory = directory;
        _cnc = cnc;
        _ring = cnc.CreateToDriverRing();
        _notifier = new ClientNotifier(cnc.CreateToClientsTransmitter());
        _counters = cnc.CreateCounterTable();
        _errors = cnc.CreateErrorLog();
        _timerIntervalNs = (long)context.TimerInterval.TotalNanoseconds;
        _livenessNs = (long)context.ClientLivenessTimeout.TotalNanoseconds;
        _unblockTimeoutNs = (long)context.PublicationUnblockTimeout.TotalNanoseconds;
        _nowMs = Clock.EpochMs;
        _nowNs = Clock.NowNs;
        AllocateSystemCounters();
        Interlocked.Add(ref SystemCounter(CounterTypes.SystemBytesMapped), cnc.Length);
        _ring.ConsumerHeartbeatMs = _nowMs;
    }

    /// <inheritdoc/>
    public string RoleName => "media-driver";

    /// <summary>Clients at present.</summary>
    internal int ClientCount => _clients.Count;

    /// <summary>Publications at present, those that linger included.</summary>
    internal int PublicationCount => _publications.Count;

    /// <inheritdoc/>
    public void OnStart()
    {
    }

    /// <inheritdoc/>
    public int DoWork()
    {
        int workCount = 0;
        try
        {
            _nowNs = Clock.NowNs;
            if (_nowNs >= _nextTimerNs)
            {
                _nextTimerNs = _nowNs + _timerIntervalNs;
                OnTimer(); // no work in the sense of an idle strategy, or an idle driver would start over with each tick
            }

            if (_isClosed)
            {
                return 0;
            }

            DriverCommandReader reader = new(this);
            workCount += _ring.Read(ref reader, CommandsPerCycle);
            for (int i = 0; i < _publications.Count; i++)
            {
                workCount += _publications[i].UpdateLimit();
            }
        }
        catch (Exception e)
        {
            RecordError(e);
        }

        return workCount;
    }

    /// <summary>Tells clients that the driver ends, and removes its files.</summary>
    public void OnClose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _ring.ConsumerHeartbeatMs = -1;
        foreach (IpcPublication publication in _publications)
        {
            publication.Log.Dispose();
        }

        foreach (DriverClient client in _clients.Values)
        {
            client.Dispose();
        }

        _publications.Clear();
        _clients.Clear();
        _cnc.Dispose();
        _directory.Dispose();
    }

    /// <summary>Refuses a command.</summary>
    internal void Refuse(long correlationId, ControlErrorCode code, string text)
    {
        _notifier.OnError(correlationId, code, text);
        RecordErrorText($"command refused ({code}): {text}");
    }

    internal void OnTerminate()
    {
        if (_context.OnTerminationRequested == null)
        {
            throw new ControlException(ControlErrorCode.NotSupported, "this driver does not let clients terminate it");
        }

        _context.OnTerminationRequested();
    }

    private unsafe ref long SystemCounter(int id) => ref *_counters.Address(id);

    private void AllocateSystemCounters()
    {
        for (int id = 0; id < SystemCounterLabels.All.Count; id++)
        {
            int key = id;
            unsafe
            {
                _ = _counters.Allocate(
                    CounterTypes.System, new ReadOnlySpan<byte>(&key, sizeof(int)), Encoding.ASCII.GetBytes(SystemCounterLabels.All[id]), id, NoOwner, _nowMs);
            }
        }

        SystemCounter(CounterTypes.SystemControlProtocolVersion) = ControlProtocol.Version;
    }

    private void RecordError(Exception e)
    {
        RecordErrorText($"{e.GetType().Name}: {e.Message}");
        _context.OnError?.Invoke(e);
    }

    private void RecordErrorText(string text)
    {
        if (!_isClosed)
        {
            _ = _errors.Record(text, _nowMs);
            SystemCounter(CounterTypes.SystemErrors)++;
        }
    }
}
