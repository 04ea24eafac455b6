using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Cluster.Consensus.Messages;
using Exchange.Cluster.Peers;
using Exchange.Log;
using Exchange.Protocol;

namespace Exchange.Cluster.Consensus;

/// <summary>
/// One member's part in consensus: Raft (Ongaro's thesis, with pre-vote, check-quorum, leadership transfer, learners and changes of one voter
/// at a time) over the positions of a <see cref="SegmentedLog"/>.
/// </summary>
/// <remarks>
/// <para>Problem: several logs must become one, although messages are lost, members die at any point, and none can tell a dead member from
/// a slow one.</para>
/// <para>Idea: no thread, no clock, no socket in here. Messages, time and the log's growth come in by calls on one thread; messages and
/// appended entries go out. So a whole cluster runs in one test under one seed. Positions take the place of Raft's indexes.</para>
/// <para>What must hold: one leader a term; a leader never takes back what it appended; two logs that hold an entry of the same term at the
/// same position are equal up to there; what is committed is in the log of every later leader. Term and vote are durable before they
/// are told. The log is truncated only here, and never below <see cref="CommitPosition"/>.</para>
/// <para>Parts: <c>Elections</c> decides who leads, <c>Replication</c> is the leader's side of the log, <c>Following</c> the followers',
/// <c>Membership</c> who belongs, <c>LeadershipTransfer</c> the hand-over, <c>RecoveryGate</c> the way back of a member that forgot.</para>
/// </remarks>
public sealed class RaftNode : IDisposable
{
    private readonly IVoteStore _votes;
    private readonly Elections _elections;
    private readonly Replication _replication;
    private readonly Following _following;
    private readonly LeadershipTransfer _transfer;
    private readonly RecoveryGate _recovery;
    private bool _hasStarted;

    /// <summary>Takes up consensus on a log.</summary>
    /// <param name="options">How.</param>
    /// <param name="initial">The configuration that is in force at the floor; those in the log behind it replace it.</param>
    /// <param name="votes">Term and vote.</param>
    /// <param name="log">The log; this object appends to it as a follower, the host as a leader.</param>
    /// <param name="committedFloor">Everything below is known to be committed: the snapshot from which the host started, or 0.</param>
    /// <param name="committedFloorTerm">Term of the entry that ends there, for a log that begins there; 0 when unknown.</param>
    /// <param name="transport">The other members.</param>
    /// <param name="host">Who lives on top.</param>
    /// <param name="nowNs">The time.</param>
    /// <exception cref="InvalidDataException">A configuration in the log cannot be read.</exception>
    public RaftNode(
        RaftOptions options,
        ClusterConfiguration initial,
        IVoteStore votes,
        SegmentedLog log,
        long committedFloor,
        long committedFloorTerm,
        IPeerTransport transport,
        IRaftHost host,
        long nowNs)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(votes);
        ArgumentNullException.ThrowIfNull(log);
        options.Validate();
        Options = options;
        _votes = votes;
        Log = log;
        Transport = transport;
        Host = host;
        NowNs = nowNs;
        Random = new Random(options.Seed);
        Nonce = Random.NextInt64(1, long.MaxValue);
        CommitPosition = Math.Max(committedFloor, log.StartPosition);
        Terms = new TermIndex(CommitPosition, log.TryReadTermBefore(CommitPosition, out long floorTerm) ? floorTerm : committedFloorTerm);
        Members = new Membership(this, CommitPosition, initial);
        ScanLog();
        _elections = new Elections(this);
        _replication = new Replication(this);
        _following = new Following(this);
        _transfer = new LeadershipTransfer(this);
        _recovery = new RecoveryGate(this);
        _recovery.Start();
        _elections.Reset();
    }

    /// <summary>This member.</summary>
    public int Id => Options.Id;

    /// <summary>What it is in its term.</summary>
    public RaftRole Role { get; private set; }

    /// <summary>The newest term it has seen.</summary>
    public long Term => _votes.Current.Term;

    /// <summary>Who leads in this term, as far as it knows; 0 for nobody.</summary>
    public int LeaderId { get; private set; }

    /// <summary>The configuration in force.</summary>
    public ClusterConfiguration Configuration => Members.Current;

    /// <summary>Whether it leads.</summary>
    public bool IsLeader => Role == RaftRole.Leader;

    /// <summary>Everything below is committed; the end of an entry.</summary>
    public long CommitPosition { get; private set; }

    /// <summary>Whether it may have forgotten something; it then neither votes nor is counted until a leader confirms that it has everything.</summary>
    public bool IsRecovering => _votes.Current.IsRecovering;

    /// <summary>Whether the term that this member leads was handed over to it in good order.</summary>
    public bool HasTermByTransfer => IsLeader && _elections.IsTransfer;

    /// <summary>Whether a leadership transfer is under way.</summary>
    public bool IsTransferring => _transfer.IsActive;

    /// <summary>
    /// Whether clients may be served: it leads, has committed an entry of its own term, is heard by a majority within the election timeout,
    /// is not handing over, and has a state machine.
    /// </summary>
    public bool AcceptsIngress => IsLeader && HasCommittedInTerm && !IsTransferring && Members.Kind == MemberKind.Engine && _replication.HasLease;

    /// <summary>The latest log time of any entry it has had in its log behind the floor, truncated ones included; a leader's log time begins behind it.</summary>
    public long LastLogTimeNs { get; internal set; }

    /// <summary>Up to where the host has applied; told by it, travels in replies.</summary>
    public long AppliedPosition { get; set; }

    /// <summary>Wall clock of this box, told by the host if it wants offsets between members; travels in messages. 0 for unknown.</summary>
    public long WallClockNs { get; set; }

    /// <summary>What it did so far.</summary>
    public RaftCounters Counters { get; } = new();

    internal RaftOptions Options { get; }

    internal SegmentedLog Log { get; }

    internal IPeerTransport Transport { get; }

    internal IRaftHost Host { get; }

    internal Random Random { get; }

    internal TermIndex Terms { get; }

    internal Membership Members { get; }

    internal Elections Elections => _elections;

    internal RecoveryGate Recovery => _recovery;

    internal LeadershipTransfer Transfer => _transfer;

    internal Replication Replication => _replication;

    /// <summary>Tells the lives of this member apart.</summary>
    internal long Nonce { get; }

    /// <summary>Time of the current or last turn.</summary>
    internal long NowNs { get; private set; }

    internal int VotedFor => _votes.Current.VotedFor;

    /// <summary>What this member can acknowledge, by its durability.</summary>
    internal long OwnAcked => Options.Durability == Durability.Fsync ? Log.FlushedPosition : Log.AppendPosition;

    /// <summary>Whether everything of earlier terms that is in its log is committed too.</summary>
    internal bool HasCommittedInTerm => CommitPosition > _replication.TermAfter;

    /// <summary>Timers, elections, replication, commit; called every turn, after the transport was polled.</summary>
    /// <returns>How much there was to do.</returns>
    public int DoWork(long nowNs)
    {
        long elapsed = Math.Max(0, nowNs - NowNs);
        NowNs = nowNs;
        if (!_hasStarted)
        {
            _hasStarted = true;
            Host.OnConfigurationChanged(Configuration);
            Transport.SetMembers(Configuration);
        }

        // Time that passed while this member did not run proves nothing about others, so no more than a heartbeat counts a turn.
        long observed = Math.Min(elapsed, Options.HeartbeatNs);
        if (!IsLeader)
        {
            return _elections.DoWork(observed) + _following.DoWork();
        }

        int work = _replication.DoWork(observed);
        if (IsLeader)
        {
            work += _recovery.DoWork() + _transfer.DoWork();
        }

        return work;
    }

    /// <summary>Takes a message of another member. What breaks the protocol is counted and dropped.</summary>
    public void OnMessage(int from, ReadOnlySpan<byte> message, long nowNs)
    {
        NowNs = Math.Max(NowNs, nowNs);
        if (from is < 1 or > 255 || from == Id || message.Length < sizeof(ushort) || !Dispatch(from, message))
        {
            Counters.MalformedMessages++;
        }
    }

    /// <summary>A connection to a member is there.</summary>
    public void OnConnected(int memberId, long nowNs)
    {
        NowNs = Math.Max(NowNs, nowNs);
        if (Members.Find(memberId) is { } peer)
        {
            peer.IsConnected = true;
            peer.HasAnswered = false;
            if (IsLeader)
            {
                _replication.Reconnected(peer);
            }
            else
            {
                _elections.Connected(peer);
            }
        }
    }

    /// <summary>A connection ended.</summary>
    /// <param name="memberId">Whose.</param>
    /// <param name="isProcessGone">The operating system says that nobody is there any more.</param>
    /// <param name="nowNs">The time.</param>
    public void OnDisconnected(int memberId, bool isProcessGone, long nowNs)
    {
        NowNs = Math.Max(NowNs, nowNs);
        if (Members.Find(memberId) is { } peer)
        {
            peer.IsConnected = false;
            peer.CloseReader();
        }

        if (isProcessGone && memberId == LeaderId && !IsLeader)
        {
            LeaderId = 0;
            _elections.LeaderGone();
        }
    }

    /// <summary>Begins to hand leadership over; ends by <see cref="IRaftHost.OnLeadershipLost"/>, or by <see cref="IsTransferring"/> becoming false.</summary>
    public bool TryTransfer(int memberId, out string refusal) => _transfer.TryStart(memberId, out refusal);

    /// <summary>Begins to change the members, as the leader; the change is done when it is committed.</summary>
    public bool TryChange(ClusterConfiguration next, out string refusal)
    {
        ArgumentNullException.ThrowIfNull(next);
        return Members.TryChange(next, out refusal);
    }

    /// <summary>
    /// The operator's promotion when no majority is left: becomes leader of a term as the only voter, the others stay as learners. That
    /// they cannot go on without this one is the operator's promise.
    /// </summary>
    /// <exception cref="ArgumentException">The term is not newer than the one this member knows, or it is a witness.</exception>
    public void ForceAlone(long term)
    {
        if (term <= Term)
        {
            throw new ArgumentException($"term {term} is not newer than term {Term} of member {Id}", nameof(term));
        }

        if (Members.Kind != MemberKind.Engine)
        {
            throw new ArgumentException($"member {Id} is a witness: it has no state machine to serve clients with", nameof(term));
        }

        if (IsLeader)
        {
            StepDown("promoted by the operator to a newer term");
        }

        SaveVote(new VoteState(term, Id, IsRecovering: false));
        BecomeLeader();
        if (!Configuration.TryFind(Id, out ClusterMember? self))
        {
            self = new ClusterMember(Id, MemberKind.Engine, IsVoter: true, 0, "", "");
        }

        IEnumerable<ClusterMember> others = Configuration.Members.Where(member => member.Id != Id).Select(static member => member with { IsVoter = false });
        Members.AppendAsLeader(new ClusterConfiguration(Configuration.ClusterId, others.Append(self with { IsVoter = true })));
    }

    /// <summary>What this leader knows about another member; false when this member does not lead or does not know the other.</summary>
    public bool TryGetProgress(int memberId, out FollowerProgress progress)
    {
        PeerState? peer = IsLeader ? Members.Find(memberId) : null;
        progress = peer is null
            ? default
            : new FollowerProgress(
                peer.Match,
                peer.Acked,
                peer.Applied,
                peer.Next,
                peer.LastHeardNs,
                peer.RoundTripNs,
                peer.ClockOffsetNs,
                peer.IsConnected,
                peer.IsRecovering,
                peer.Phase == ReplicationPhase.Snapshot);
        return peer is not null;
    }

    /// <summary>Lets go of the log's segments.</summary>
    public void Dispose()
    {
        foreach (PeerState peer in Members.Others)
        {
            peer.CloseReader();
        }
    }

    /// <summary>Sends a message of fixed size; false when there is no way now.</summary>
    internal bool TrySend<TMessage>(int memberId, in TMessage message)
        where TMessage : unmanaged
    {
        int length = Unsafe.SizeOf<TMessage>();
        if (!Transport.TryClaim(memberId, length, out Span<byte> target))
        {
            return false;
        }

        MemoryMarshal.Write(target, in message);
        Transport.Commit(memberId, length);
        return true;
    }

    /// <summary>Makes term and vote durable, unless they are already.</summary>
    internal void SaveVote(in VoteState state)
    {
        if (state != _votes.Current)
        {
            Invariant.Require(state.Term >= _votes.Current.Term);
            _votes.Save(state);
        }
    }

    /// <summary>Steps down into a newer term that somebody has reached.</summary>
    internal void AdoptTerm(long term, int memberId)
    {
        if (term > Term)
        {
            StepDown($"member {memberId} is in term {term}");
            SaveVote(new VoteState(term, 0, IsRecovering));
            _elections.Reset();
        }
    }

    /// <summary>Follows a leader of the current term.</summary>
    internal void Follow(int leaderId)
    {
        Role = RaftRole.Follower;
        LeaderId = leaderId;
        _elections.Contact();
    }

    /// <summary>Ceases to lead or to stand; nobody is known to lead.</summary>
    internal void StepDown(string reason)
    {
        bool led = IsLeader;
        Role = RaftRole.Follower;
        LeaderId = 0;
        _following.ForgetLeader();
        if (led)
        {
            _transfer.Clear();
            _elections.Reset();
            foreach (PeerState peer in Members.Others)
            {
                peer.CloseReader();
            }

            Host.OnLeadershipLost(Term, reason);
        }
    }

    internal void BecomeCandidate(bool isPreVote)
    {
        Role = isPreVote ? RaftRole.PreCandidate : RaftRole.Candidate;
        LeaderId = 0;
        _following.ForgetLeader();
    }

    internal void BecomeLeader()
    {
        Invariant.Require(Terms.End == Log.AppendPosition);
        Role = RaftRole.Leader;
        LeaderId = Id;
        _replication.Start();
        long before = Log.AppendPosition;
        Host.OnBecameLeader(Term);
        Invariant.Require(Log.AppendPosition > before);
        NoteAppended();
    }

    /// <summary>The host or a part of this one appended as the leader.</summary>
    internal void NoteAppended()
    {
        if (Log.AppendPosition != Terms.End)
        {
            Terms.Append(Log.AppendPosition, Term);
        }
    }

    internal void Commit(long position)
    {
        Invariant.Require(position >= CommitPosition && position <= Terms.End);
        CommitPosition = position;
        Members.Committed(position);
    }

    internal void ConfigurationChanged()
    {
        Host.OnConfigurationChanged(Configuration);
        Transport.SetMembers(Configuration);
    }

    private bool Dispatch(int from, ReadOnlySpan<byte> message)
    {
        switch (MemoryMarshal.Read<ushort>(message))
        {
            case ConsensusMessageType.Append:
                return _following.OnAppend(from, message);
            case ConsensusMessageType.AppendReply:
                return TryRead(message, out AppendReply reply) && _replication.OnReply(from, reply);
            case ConsensusMessageType.VoteRequest:
                return TryRead(message, out VoteRequest request) && _elections.OnRequest(from, request);
            case ConsensusMessageType.VoteReply:
                return TryRead(message, out VoteReply vote) && _elections.OnReply(from, vote);
            case ConsensusMessageType.StandNow:
                return TryRead(message, out StandNow stand) && _elections.OnStandNow(from, stand);
            case ConsensusMessageType.RecoveryConfirmed:
                return TryRead(message, out RecoveryConfirmed confirmed) && _recovery.OnConfirmed(from, confirmed);
            default:
                return false;
        }
    }

    private static bool TryRead<TMessage>(ReadOnlySpan<byte> bytes, out TMessage message)
        where TMessage : unmanaged
    {
        bool fits = bytes.Length == Unsafe.SizeOf<TMessage>();
        message = fits ? MemoryMarshal.Read<TMessage>(bytes) : default;
        return fits;
    }

    private void ScanLog()
    {
        using LogReader reader = Log.OpenReader(CommitPosition);
        while (reader.TryRead(out LogEntry entry))
        {
            Terms.Append(entry.EndPosition, entry.Term);
            LastLogTimeNs = Math.Max(LastLogTimeNs, entry.TimestampNs);
            if (entry.Type == LogEntryTypes.Configuration)
            {
                if (!ConfigurationCodec.TryDecode(entry.Payload, out ClusterConfiguration? configuration))
                {
                    throw new InvalidDataException($"the entry at {entry.Position} says who the members are, but cannot be read; rebuild this member from its cluster");
                }

                Members.Append(entry.EndPosition, configuration);
            }
        }

        Invariant.Require(Terms.End == Log.AppendPosition);
    }
}
