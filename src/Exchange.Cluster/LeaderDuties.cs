using System.Globalization;
using System.Text;
using Exchange.Cluster.Comparison;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Egress;
using Exchange.Cluster.Gateways;
using Exchange.Cluster.Ingress;
using Exchange.Cluster.Peers;
using Exchange.Cluster.Recovery;
using Exchange.Cluster.Transfer;
using Exchange.Log;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster;

/// <summary>
/// What a member does only while it leads: it opens the term, seeds an empty log, logs timers and snapshot marks, paces ingress by the
/// slowest follower of the sync set, tells gateways that it is alive, and lets engines compare themselves with it.
/// </summary>
internal sealed class LeaderDuties
{
    private const long SlewNs = 1_000_000_000;
    private const long AliveMaxNs = 10_000_000;
    private const long LeaderCommandNs = 200_000_000;
    private readonly MemberOptions _options;
    private readonly long _heartbeatNs;
    private readonly RaftNode _raft;
    private readonly IngressSequencer _sequencer;
    private readonly SegmentedLog _log;
    private readonly CommittedApplier _applier;
    private readonly IStateMachine _machine;
    private readonly StateComparison _comparison;
    private readonly GatewayDesk _gateways;
    private readonly EgressAgent _egress;
    private readonly MemberClock _clock;
    private readonly SnapshotTraffic _traffic;
    private long _termPosition = long.MaxValue;
    private long _timerDuePosition;
    private long _lastMarkPosition;
    private long _leaderCommandPosition;
    private long _nextLeaderCommandNs;
    private long _nextAliveNs;
    private long _nextCheckpointNs;
    private long _lastSlewNs;
    private bool _isWitness;

    /// <summary>Creates the duties of a member that may lead one day.</summary>
    public LeaderDuties(
        MemberOptions options,
        long heartbeatNs,
        RaftNode raft,
        IngressSequencer sequencer,
        SegmentedLog log,
        CommittedApplier applier,
        IStateMachine machine,
        StateComparison comparison,
        GatewayDesk gateways,
        EgressAgent egress,
        MemberClock clock,
        SnapshotTraffic traffic,
        IPeerTransport transport)
    {
        _options = options;
        _heartbeatNs = heartbeatNs;
        _raft = raft;
        _sequencer = sequencer;
        _log = log;
        _applier = applier;
        _machine = machine;
        _comparison = comparison;
        _gateways = gateways;
        _egress = egress;
        _clock = clock;
        _traffic = traffic;
        SyncSet = new SyncSet(options, raft, transport);
    }

    /// <summary>Whether this life of the member found an empty log and seeded it.</summary>
    public bool HasSeeded { get; private set; }

    /// <summary>Followers that are kept close.</summary>
    public SyncSet SyncSet { get; }

    /// <summary>Set while a planned handover waits for everything to be replicated and applied: no new commands are taken.</summary>
    public bool IsDraining { get; set; }

    /// <summary>Whether this member leads and has applied the beginning of its term.</summary>
    public bool IsServing => _raft.IsLeader && _applier.Position >= _termPosition;

    /// <summary>Times ingress was left waiting for a follower of the sync set.</summary>
    public long Paced { get; private set; }

    /// <summary>This member leads from now on.</summary>
    public void BeginTerm(long term, bool isWitness)
    {
        _isWitness = isWitness;
        bool isEmpty = _log.AppendPosition == 0;

        // What a former leader wrote itself and could not commit has come neither through consensus nor to the applier.
        long lastTimeNs = Math.Max(_sequencer.LastTimeNs, Math.Max(_raft.LastLogTimeNs, _applier.LastLogTimeNs));
        _sequencer.BeginTerm(term, new LogClock(_clock.Time, lastTimeNs));
        _termPosition = _sequencer.Append(CommandType.TermStarted);
        _timerDuePosition = _termPosition;
        _leaderCommandPosition = _termPosition;
        _lastMarkPosition = _applier.LastMarkPosition;
        _lastSlewNs = 0;
        IsDraining = false;
        if (!isEmpty && !_raft.HasTermByTransfer)
        {
            // A witness says so too, before it hands over: whoever comes behind it comes after a failover.
            _sequencer.Append(CommandType.UnplannedFailover);
        }

        if (isEmpty)
        {
            HasSeeded = true;
            foreach (byte[] command in _options.Seed)
            {
                _sequencer.Append(command);
            }
        }

        _egress.BeginTerm();
        SyncSet.BeginTerm(_clock.MonotonicNs);
        if (!isWitness)
        {
            _gateways.Open();
        }
    }

    /// <summary>This member leads no more.</summary>
    public void EndTerm()
    {
        _termPosition = long.MaxValue;
        IsDraining = false;
    }

    /// <summary>Lets engines compare themselves in the next turn instead of with the next heartbeat.</summary>
    public void CompareNow() => _nextCheckpointNs = 0;

    /// <summary>Whether commands of gateways may be appended now.</summary>
    public bool TakesIngress()
    {
        if (!_raft.AcceptsIngress || IsDraining || _isWitness || _log.AppendPosition - _applier.Position > _options.UncommittedBytesMax)
        {
            return false;
        }

        if (SyncSet.LagBytes > SyncSet.LagBytesMax)
        {
            Paced++;
            return false;
        }

        return true;
    }

    /// <summary>Appends a line for the record.</summary>
    public long AppendNotice(string text) => _sequencer.Append(LogEntryTypes.Notice, Encoding.UTF8.GetBytes(text));

    /// <summary>Has every engine take a snapshot behind the entry that this appends; returns the position behind it.</summary>
    public long AppendSnapshotMark()
    {
        _lastMarkPosition = _sequencer.Append(LogEntryTypes.SnapshotMark, []);
        return _lastMarkPosition;
    }

    /// <summary>Does what is due.</summary>
    public int DoWork(long nowNs)
    {
        if (!_raft.IsLeader || _isWitness)
        {
            return 0;
        }

        int work = 0;
        long logTimeNs = _sequencer.Clock.Now();

        // While everything is to come to rest for a handover, what is due can wait for the next leader.
        if (!IsDraining && logTimeNs >= _machine.NextDeadlineNs && _applier.Position >= _timerDuePosition)
        {
            _timerDuePosition = _sequencer.Append(CommandType.TimerDue);
            work++;
        }

        if (!IsDraining && nowNs >= _nextLeaderCommandNs && _applier.Position >= _leaderCommandPosition)
        {
            work += AppendLeaderCommand(nowNs, logTimeNs);
        }

        if (nowNs >= _nextAliveNs)
        {
            _nextAliveNs = nowNs + Math.Min(AliveMaxNs, _heartbeatNs);
            if (_raft.Configuration.Members.Count > 1)
            {
                // Nobody can depose a member that is alone, and its gateways had better sleep.
                _gateways.SayAlive(nowNs);
                KeepSyncSet(nowNs);
            }
        }

        if (nowNs >= _nextCheckpointNs)
        {
            _nextCheckpointNs = nowNs + _heartbeatNs;
            SendCheckpoints();
        }

        if (nowNs - _lastSlewNs > SlewNs)
        {
            _sequencer.Clock.Slew(_lastSlewNs == 0 ? 0 : nowNs - _lastSlewNs);
            _lastSlewNs = nowNs;
        }

        if (_log.AppendPosition - _lastMarkPosition >= _options.SnapshotEveryBytes && IsServing)
        {
            AppendSnapshotMark();
            work++;
        }

        return work;
    }

    private int AppendLeaderCommand(long nowNs, long logTimeNs)
    {
        if (_options.LeaderCommand(_machine, logTimeNs) is { } command)
        {
            _leaderCommandPosition = _sequencer.Append(command);
            return 1;
        }

        _nextLeaderCommandNs = nowNs + LeaderCommandNs;
        return 0;
    }

    private void KeepSyncSet(long nowNs)
    {
        if (SyncSet.Review(nowNs) is { } change)
        {
            string text = string.Create(
                CultureInfo.InvariantCulture,
                $"member {change.MemberId} {(change.HasJoined ? "is in the sync set" : "left the sync set")}: {change.Reason}");
            AppendNotice(text);
            if (!change.HasJoined)
            {
                _options.Log($"WARNING: {text}; it is no warm spare until it has caught up");
            }
        }
    }

    private void SendCheckpoints()
    {
        long wallNs = _clock.WallNs;
        foreach (ClusterMember member in _raft.Configuration.Span)
        {
            if (member.Id != _options.Id)
            {
                _comparison.SendCheckpoint(member.Id, ClockOffset(member.Id), wallNs, _traffic.DeletableBelow);
            }
        }
    }

    private long ClockOffset(int memberId) =>
        _raft.TryGetProgress(memberId, out FollowerProgress progress) && progress.RoundTripNs is > 0 and <= MemberOptions.ClockRoundTripMaxNs
            ? progress.ClockOffsetNs
            : CheckpointMessage.UnknownOffset;
}
