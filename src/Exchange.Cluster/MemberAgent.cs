using Exchange.Cluster.Egress;
using Exchange.Cluster.Gateways;
using Exchange.Cluster.Ingress;
using Exchange.Ipc.Agents;
using Exchange.Ipc.Client;
using Exchange.Log;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster;

/// <summary>
/// The member's one thread: takes commands from the gateways, gives them their place and time in the log, applies what is committed to
/// the core, and carries the events out. It never blocks: what it waits for (a flush, a publication being made) it looks at again in the
/// next turn.
/// </summary>
internal sealed class MemberAgent : IAgent
{
    private const int ApplyPerTurn = 256;
    private const long HousekeepingNs = 1_000_000;
    private const long SlewNs = 1_000_000_000;
    private readonly MemberOptions _options;
    private readonly Aeron _aeron;
    private readonly Subscription _ingress;
    private readonly SegmentedLog _log;
    private readonly LogReader _reader;
    private readonly LogFlusher _flusher;
    private readonly IStateMachine _machine;
    private readonly EventBuffer _events = new();
    private readonly EgressAgent _egress;
    private readonly IngressSequencer _sequencer;
    private readonly GatewayLinks _links;
    private readonly LogClock _clock;
    private IngressAdapter _adapter;
    private long _timerDuePosition;
    private long _nextHousekeepingNs;
    private long _lastSlewNs;
    private long _appliedPosition;
    private bool _saidPrepareFailure;

    /// <summary>Puts the parts of a recovered member together.</summary>
    public MemberAgent(
        MemberOptions options,
        Aeron aeron,
        SegmentedLog log,
        LogFlusher flusher,
        IStateMachine machine,
        EgressAgent egress,
        IngressSequencer sequencer,
        GatewayLinks links,
        LogClock clock,
        long appliedPosition)
    {
        _options = options;
        _aeron = aeron;
        _log = log;
        _flusher = flusher;
        _machine = machine;
        _egress = egress;
        _sequencer = sequencer;
        _links = links;
        _clock = clock;
        _appliedPosition = appliedPosition;
        _adapter = new IngressAdapter(sequencer);
        _reader = log.OpenReader(appliedPosition);
        _ingress = aeron.AddSubscription(ClusterStreams.Channel, ClusterStreams.Ingress);
    }

    /// <inheritdoc/>
    public string RoleName => "member";

    /// <summary>Position behind the last command applied; readable from any thread.</summary>
    public long AppliedPosition => Volatile.Read(ref _appliedPosition);

    /// <summary>Position up to which commands may be applied.</summary>
    private long CommitPosition => _options.Durability == Durability.Fsync ? _log.FlushedPosition : _log.AppendPosition;

    /// <inheritdoc/>
    public void OnStart()
    {
    }

    /// <inheritdoc/>
    public int DoWork()
    {
        long appendedBefore = _log.AppendPosition;
        int work = PollIngress();
        long nowNs = _clock.Now();
        if (nowNs >= _nextHousekeepingNs)
        {
            _nextHousekeepingNs = nowNs + HousekeepingNs;
            work += KeepHouse(nowNs);
        }

        if (nowNs >= _machine.NextDeadlineNs && _appliedPosition >= _timerDuePosition)
        {
            _timerDuePosition = _sequencer.Append(CommandType.TimerDue);
            work++;
        }

        if (_log.AppendPosition != appendedBefore)
        {
            _flusher.Wake();
        }

        work += ApplyCommitted();
        return work + _egress.DoWork();
    }

    /// <inheritdoc/>
    public void OnClose()
    {
        _ingress.Dispose();
        _events.Dispose();
    }

    /// <summary>Applies everything that is appended, waiting for its commit; for the member's start, before its thread runs.</summary>
    public void ApplyAll()
    {
        long target = _log.AppendPosition;
        _flusher.Wake();
        SpinWait wait = default;
        while (_reader.Position < target)
        {
            if (ApplyCommitted() == 0)
            {
                ThrowIfFlushFailed();
                wait.SpinOnce();
            }
        }
    }

    private int PollIngress()
    {
        if (_log.AppendPosition - _appliedPosition > _options.UncommittedBytesMax)
        {
            return 0;
        }

        return _ingress.Poll(ref _adapter, _options.IngressFragmentsPerTurn);
    }

    private int ApplyCommitted()
    {
        long commit = CommitPosition;
        int count = 0;
        while (count < ApplyPerTurn && _reader.Position < commit && _reader.TryRead(out LogEntry entry))
        {
            if (entry.Type == LogEntryTypes.Command)
            {
                _machine.Apply(new CommandContext(entry.EndPosition, entry.Term, entry.TimestampNs), entry.Payload, _events);
                _egress.Deliver(_events);
            }

            Volatile.Write(ref _appliedPosition, entry.EndPosition);
            count++;
        }

        return count;
    }

    private int KeepHouse(long nowNs)
    {
        ThrowIfFlushFailed();
        int work = _aeron.DoWork();
        ThrowIfCutOff();
        if (_log.PrepareFailure is { } failure && !_saidPrepareFailure)
        {
            _saidPrepareFailure = true;
            _options.Log($"WARNING: the next log segment could not be prepared, so the member will stop when this one is full: {failure.Message}");
        }

        if (nowNs - _lastSlewNs > SlewNs)
        {
            _clock.Slew(_lastSlewNs == 0 ? 0 : nowNs - _lastSlewNs);
            _lastSlewNs = nowNs;
        }

        work += DetachLost();
        return work + AttachWaiting();
    }

    private void ThrowIfFlushFailed()
    {
        if (_flusher.Failure is { } failure)
        {
            throw new MemberFailedException($"the log could not be flushed, so nothing more can be acknowledged: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// A process that was suspended for longer than the driver's patience has lost its streams for good, although it runs on: it would
    /// listen to nobody for ever. It stops, and whoever started it starts it anew.
    /// </summary>
    private void ThrowIfCutOff()
    {
        if (_aeron.IsClosed)
        {
            throw new MemberFailedException($"the member stood still for too long and was cut off from its gateways ({_aeron.CloseReason}); start it again");
        }
    }

    private int DetachLost()
    {
        int count = 0;
        for (int id = 1; id <= GatewayLinks.GatewayIdMax; id++)
        {
            GatewayLink? link = _links[id];
            if (link is not null && (link.IsBroken || _ingress.ImageBySessionId(link.IngressSessionId) is not { IsClosed: false }))
            {
                Detach(link);
                count++;
            }
        }

        return count;
    }

    private void Detach(GatewayLink link)
    {
        _links.Remove(link);
        _sequencer.LinksChanged();
        _sequencer.Append(CommandType.GatewayLost, link.GatewayId, link.Incarnation, link.ProcessId);
        _egress.GatewayGone(link);
        link.Publication.Dispose();
        _options.Log($"gateway {link.GatewayId} (pid {link.ProcessId}) is lost");
    }

    private int AttachWaiting()
    {
        int count = 0;
        for (int i = _sequencer.Hellos.Count - 1; i >= 0; i--)
        {
            PendingHello hello = _sequencer.Hellos[i];
            if (hello.PublicationRegistrationId == 0)
            {
                hello.PublicationRegistrationId = _aeron.AsyncAddExclusivePublication(ClusterStreams.Channel, hello.EgressStreamId);
                continue;
            }

            ExclusivePublication? publication = _aeron.FindExclusivePublication(hello.PublicationRegistrationId);
            if (publication is not null)
            {
                _sequencer.Hellos.RemoveAt(i);
                Attach(hello, publication);
                count++;
            }
        }

        return count;
    }

    private void Attach(PendingHello hello, ExclusivePublication publication)
    {
        if (_links[hello.GatewayId] is { } old)
        {
            // A newer life of the same gateway: whatever the old one still has in its buffers was never sequenced.
            Detach(old);
        }

        _links.Add(new GatewayLink(hello.GatewayId, hello.Incarnation, hello.IngressSessionId, hello.ProcessId, publication));
        _sequencer.LinksChanged();
        _sequencer.Append(CommandType.GatewayAttached, hello.GatewayId, hello.Incarnation, hello.ProcessId);
        _options.Log($"gateway {hello.GatewayId} (pid {hello.ProcessId}) is attached");
    }
}
