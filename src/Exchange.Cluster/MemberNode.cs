using System.Globalization;
using Exchange.Cluster.Admin;
using Exchange.Cluster.Comparison;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Egress;
using Exchange.Cluster.Gateways;
using Exchange.Cluster.Ingress;
using Exchange.Cluster.Peers;
using Exchange.Cluster.Recovery;
using Exchange.Cluster.Snapshots;
using Exchange.Ipc.Agents;
using Exchange.Log;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster;

// Problem: sequencing, replication, applying and feeding gateways must not wait for each other, and a leader that was deposed while it
//          slept must say nothing when it wakes.
// Idea:    one thread, one loop. Each turn: hear the other members first, so that a stale leader learns that it is one before it does
//          anything else; then take commands, let consensus send and commit, apply what is committed, and carry out its events. Nothing
//          in the loop blocks, reads a clock of its own or knows a socket, so a simulation runs it as it is.
// Must hold: commands are appended only while this member leads; only committed entries are applied; events exist only after that.

/// <summary>A member: its duties as leader, follower or witness.</summary>
internal sealed class MemberNode : IAgent, IPeerHandler, IRaftHost, IDisposable
{
    private const long HousekeepingNs = 1_000_000;
    private readonly MemberOptions _options;
    private readonly MemberParts _parts;
    private readonly MemberClock _clock;
    private readonly SegmentedLog _log;
    private readonly IStateMachine _machine;
    private readonly EgressAgent _egress;
    private readonly IngressSequencer _sequencer;
    private readonly CommittedApplier _applier;
    private readonly GatewayDesk _gateways;
    private readonly StateComparison _comparison;
    private readonly RaftNode _raft;
    private readonly LeaderDuties _leader;
    private readonly AdminDesk _admin;
    private readonly string?[] _releases = new string?[256];
    private long _nextHousekeepingNs;
    private long _nowNs;
    private bool _saidPrepareFailure;
    private bool _wasRecovering;
    private long _configurationPosition = long.MaxValue;

    /// <summary>Puts the parts together; nothing happens before <see cref="DoWork"/>.</summary>
    public MemberNode(MemberOptions options, MemberParts parts)
    {
        _options = options;
        _parts = parts;
        _log = parts.Log;
        _clock = new MemberClock(options.Time);
        _nowNs = _clock.MonotonicNs;
        _machine = parts.State.Machine;
        _egress = parts.State.Egress;
        Configuration = MemberAssembly.Configuration(options, parts.State.Marks) ?? Alone(parts.Log.LogId);

        // Where it starts it may not have been a member yet, or no more; what it is was decided when it was set up.
        Kind = (options.Configuration ?? Configuration).TryFind(options.Id, out ClusterMember? self) || Configuration.TryFind(options.Id, out self) ? self.Kind : MemberKind.Engine;
        _sequencer = new IngressSequencer(_log, new LogClock(options.Time, parts.State.LastLogTimeNs), parts.State.Links);
        _applier = new CommittedApplier(_log, _machine, _egress, parts.State.Position, parts.State.LastLogTimeNs, Kind == MemberKind.Witness, options.Log)
        {
            OnSnapshotMark = OnSnapshotMark,
            OnNotice = text => options.Log($"for the record: {text}"),
        };
        _gateways = new GatewayDesk(parts.Gateways, _sequencer, parts.State.Links, _egress, options.Log);
        _comparison = new StateComparison(_applier.Trail, parts.Transport, options.Log);
        RaftOptions raft = options.Raft ?? new RaftOptions { Id = options.Id, Seed = Random.Shared.Next(), Durability = options.Durability };
        Invariant.Require(raft.Id == options.Id && raft.Durability == options.Durability);
        _raft = new RaftNode(raft, Configuration, parts.Votes, _log, parts.State.Position, parts.State.LastTerm, parts.Transport, this, _nowNs);
        _wasRecovering = _raft.IsRecovering;
        _leader = new LeaderDuties(options, raft.HeartbeatNs, _raft, _sequencer, _log, _applier, _machine, _comparison, _gateways, _egress, _clock, parts.Traffic, parts.Transport);
        _admin = new AdminDesk(this, options, parts);
    }

    /// <inheritdoc/>
    public string RoleName => "member";

    /// <summary>Engine or witness.</summary>
    public MemberKind Kind { get; }

    /// <summary>The members of the cluster as this one knows them.</summary>
    public ClusterConfiguration Configuration { get; private set; }

    /// <summary>Consensus.</summary>
    public RaftNode Raft => _raft;

    /// <summary>What applies committed entries.</summary>
    public CommittedApplier Applier => _applier;

    /// <summary>This member's wall clock minus the leader's, nanoseconds; 0 when it leads itself or nothing is known.</summary>
    public long ClockOffsetNs => _raft.IsLeader ? 0 : _comparison.ClockOffsetNs(_nowNs);

    /// <summary>The comparison with other engines.</summary>
    public StateComparison Comparison => _comparison;

    /// <summary>The gateways.</summary>
    public GatewayDesk Gateways => _gateways;

    /// <summary>What gives commands their place.</summary>
    public IngressSequencer Sequencer => _sequencer;

    /// <summary>What only a leader does.</summary>
    public LeaderDuties Leader => _leader;

    /// <summary>The state machine.</summary>
    public IStateMachine Machine => _machine;

    /// <summary>Carries events out.</summary>
    public EgressAgent Egress => _egress;

    /// <summary>Position behind the last command applied; may be read from any thread.</summary>
    public long AppliedPosition => _applier.Position;

    /// <summary>Whether this start found an empty log and seeded it.</summary>
    public bool HasSeeded => _leader.HasSeeded;

    /// <summary>Whether this member leads and everything up to the beginning of its term is applied.</summary>
    public bool IsServing => _leader.IsServing;

    /// <summary>The release that another member said it runs when it connected last; empty when it never did.</summary>
    public string ReleaseOf(int memberId) => _releases[memberId] ?? string.Empty;

    /// <inheritdoc/>
    public void OnStart()
    {
    }

    /// <inheritdoc/>
    public int DoWork()
    {
        _nowNs = _clock.MonotonicNs;
        long appendedBefore = _log.AppendPosition;
        int work = _parts.Transport.Poll(this, _nowNs);
        work += PollGateways();
        if (_nowNs >= _nextHousekeepingNs)
        {
            _nextHousekeepingNs = _nowNs + HousekeepingNs;
            work += KeepHouse();
        }

        work += _leader.DoWork(_nowNs);
        work += _raft.DoWork(_nowNs);
        if (_log.AppendPosition != appendedBefore)
        {
            _parts.Flush.Wake();
        }

        if (_raft.CommitPosition >= _configurationPosition)
        {
            // Before anything behind it is answered: a power cut may take the entry, but not who else must be asked.
            _configurationPosition = long.MaxValue;
            ConfigurationFile.Save(_options.Directory, Configuration);
        }

        // A follower's acknowledgement does not wait until it has applied what came before. A leader sends afterwards: its clients'
        // answers come first.
        work += _raft.IsLeader ? 0 : _parts.Transport.Flush();
        work += _applier.ApplyUpTo(_raft.CommitPosition);
        _raft.AppliedPosition = _applier.Position;
        work += _egress.DoWork();
        return work + _parts.Transport.Flush();
    }

    /// <inheritdoc/>
    public void OnClose()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gateways.Close();
        _raft.Dispose();
        _applier.Dispose();
    }

    void IPeerHandler.OnConnected(in PeerIdentity peer)
    {
        _releases[peer.MemberId] = peer.Release;
        _raft.OnConnected(peer.MemberId, _nowNs);
        _leader.CompareNow();
    }

    void IPeerHandler.OnDisconnected(int memberId, bool isProcessGone)
    {
        _raft.OnDisconnected(memberId, isProcessGone, _nowNs);
        _parts.Traffic.OnDisconnected(memberId);
        _comparison.OnDisconnected(memberId);
    }

    void IPeerHandler.OnMessage(int memberId, ReadOnlySpan<byte> message)
    {
        if (message.Length < sizeof(ushort))
        {
            MalformedMessages++;
            return;
        }

        ushort type = System.Runtime.InteropServices.MemoryMarshal.Read<ushort>(message);
        if (type < PeerMessageType.TransferFirst)
        {
            _raft.OnMessage(memberId, message, _nowNs);
        }
        else if (type < PeerMessageType.ComparisonFirst)
        {
            MalformedMessages += _parts.Traffic.OnMessage(memberId, message, _nowNs) ? 0 : 1;
        }
        else
        {
            bool isFromLeader = memberId == _raft.LeaderId && !_raft.IsLeader;
            MalformedMessages += _comparison.OnMessage(memberId, message, isFromLeader, _nowNs) ? 0 : 1;
        }
    }

    void IPeerHandler.OnAdminRequest(long connection, ReadOnlySpan<byte> utf8Json) => _admin.OnRequest(connection, utf8Json, _nowNs);

    void IRaftHost.OnBecameLeader(long term)
    {
        _options.Log(string.Create(CultureInfo.InvariantCulture, $"leads term {term}"));
        _leader.BeginTerm(term, Kind == MemberKind.Witness);
    }

    void IRaftHost.OnLeadershipLost(long term, string reason)
    {
        _options.Log(string.Create(CultureInfo.InvariantCulture, $"leads no more in term {term}: {reason}"));
        _gateways.Close();
        _leader.EndTerm();
        _parts.Traffic.EndTerm();
        _admin.OnLeadershipLost(_nowNs);
    }

    void IRaftHost.OnTruncating(long position)
    {
        _options.Log(string.Create(CultureInfo.InvariantCulture, $"entries from {position} to {_log.AppendPosition} were never committed and give way to the leader's"));
        _applier.OnTruncating();
    }

    void IRaftHost.OnConfigurationChanged(ClusterConfiguration configuration)
    {
        Configuration = configuration;
        _configurationPosition = _log.AppendPosition;
    }

    bool IRaftHost.MayLead(out string reason)
    {
        if (_comparison.Differs)
        {
            reason = "its events are not the last leader's";
            return false;
        }

        // A wrong clock is a reason to prefer another engine, not to have no leader.
        long offsetNs = _comparison.ClockOffsetNs(_nowNs);
        if (Math.Abs(offsetNs) > MemberOptions.ClockOffsetMaxNs && HasAnotherEngine())
        {
            reason = $"its clock is {offsetNs / 1_000_000} ms off the last leader's";
            return false;
        }

        reason = string.Empty;
        return true;
    }

    /// <summary>Messages of other members that made no sense.</summary>
    public long MalformedMessages { get; private set; }

    private int PollGateways()
    {
        // A follower listens too: the hellos of its gateways wait for the day it leads, everything else has no link and is dropped.
        return _raft.IsLeader && !_leader.TakesIngress() ? 0 : _parts.Gateways.Poll(_sequencer, _options.IngressFragmentsPerTurn);
    }

    private int KeepHouse()
    {
        if (_parts.Flush.Failure is { } failure)
        {
            throw new MemberFailedException($"the log could not be flushed, so nothing more can be acknowledged: {failure.Message}", failure);
        }

        TellPrepareFailure();

        _raft.WallClockNs = _clock.WallNs;
        if (_wasRecovering && !_raft.IsRecovering)
        {
            _wasRecovering = false;
            _log.ResolveLoss();
            _options.Log("caught up with the leader: this member votes again");
        }

        if (!_raft.IsLeader)
        {
            _comparison.Compare(_raft.LeaderId, _nowNs);
        }

        if (_parts.Snapshots.TryTakeResult(out SnapshotResult result))
        {
            _comparison.NoteSnapshot(result.Position, result.StateHash);
            _parts.Traffic.Taken(result.OldestKept);
        }

        if (!_raft.IsLeader)
        {
            _parts.Traffic.FollowRetention(_comparison.LeadersDeletableBelow, _applier.Position);
        }

        int work = _parts.Traffic.DoWork(_raft, _comparison.Snapshot.Position, _applier.Position, _nowNs);
        return work + _gateways.KeepHouse() + _admin.DoWork(_nowNs);
    }

    private void TellPrepareFailure()
    {
        IOException? failure = _log.PrepareFailure;
        if (failure is not null && !_saidPrepareFailure)
        {
            _options.Log($"WARNING: the next log segment could not be prepared, so the member will stop when this one is full: {failure.Message}");
        }

        _saidPrepareFailure = failure is not null;
    }

    private bool HasAnotherEngine()
    {
        foreach (ClusterMember member in Configuration.Members)
        {
            if (member.Id != _options.Id && member is { IsVoter: true, Kind: MemberKind.Engine } && _parts.Transport.IsConnected(member.Id))
            {
                return true;
            }
        }

        return false;
    }

    private void OnSnapshotMark(long position)
    {
        if (Kind == MemberKind.Engine)
        {
            _parts.Snapshots.Request(position);
        }
    }

    private static ClusterConfiguration Alone(Guid logId) =>
        new(logId, [new ClusterMember(1, MemberKind.Engine, IsVoter: true, 0, string.Empty, string.Empty)]);
}
