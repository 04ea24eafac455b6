using System.Globalization;
using System.Runtime.InteropServices;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Comparison;

/// <summary>
/// Compares this engine with the others, all the time.
/// <para>
/// Each heartbeat carries the leader's rolling event hash behind its last command, and the state hash of its newest snapshot. A follower
/// that has passed the same position compares. Where they differ it asks for the leader's trail, finds the first command whose events
/// are not the same, and stops: a member that may be wrong must not become primary. Which of two is wrong nobody can tell from the hashes;
/// the follower yields because the leader's events have already been said to clients. It stops at the latest when the leader is gone or
/// does not answer: to know that it differs is enough, which command it was is for people.
/// </para>
/// </summary>
internal sealed class StateComparison
{
    private const long TrailPatienceNs = 1_000_000_000;
    private const long OffsetValidNs = 5_000_000_000;
    private const int TrailPointsMax = 8192;
    private const int TrailHeaderBytes = 8;
    private const ushort TrailReply = PeerMessageType.ComparisonFirst + 2;
    private const ushort CheckpointReply = PeerMessageType.ComparisonFirst + 3;
    private const int CheckpointReplyBytes = 24;
    private readonly StateTrail _trail;
    private readonly IPeerTransport _transport;
    private readonly Action<string> _tell;
    private readonly StatePoint[] _others = new StatePoint[256];
    private readonly StatePoint[] _scratch = new StatePoint[TrailPointsMax];
    private StatePoint _expected;
    private StatePoint _snapshot;
    private StatePoint _expectedSnapshot;
    private long _agreedPosition;
    private bool _differs;
    private int _askedLeader;
    private long _askedNs;
    private long _offsetNs;
    private long _offsetSinceNs = long.MinValue;

    /// <summary>Creates the comparison.</summary>
    public StateComparison(StateTrail trail, IPeerTransport transport, Action<string> tell)
    {
        _trail = trail;
        _transport = transport;
        _tell = tell;
    }

    /// <summary>Comparisons made.</summary>
    public long Compared { get; private set; }

    /// <summary>Position behind the last command at which this member and the leader were seen to agree.</summary>
    public long AgreedPosition => _agreedPosition;

    /// <summary>Whether this member knows that its events are not the leader's: it stops soon, and must not lead until then.</summary>
    public bool Differs => _differs;

    /// <summary>Position behind the last command that a leader is known to have applied, so committed.</summary>
    public long LeadersPosition { get; private set; }

    /// <summary>Where the leader says that logs may begin.</summary>
    public long LeadersDeletableBelow { get; private set; }

    /// <summary>This member's newest snapshot.</summary>
    public StatePoint Snapshot => _snapshot;

    /// <summary>Where another engine stood when it last answered a checkpoint.</summary>
    public StatePoint PointOf(int memberId) => _others[memberId];

    /// <summary>
    /// This member's wall clock minus the leader's, nanoseconds, as the leader has measured it over a round trip; 0 when that was too long ago,
    /// since a clock may have been set right meanwhile.
    /// </summary>
    public long ClockOffsetNs(long nowNs) => _offsetSinceNs != long.MinValue && nowNs - _offsetSinceNs <= OffsetValidNs ? _offsetNs : 0;

    /// <summary>This member has taken a snapshot.</summary>
    public void NoteSnapshot(long position, ulong stateHash)
    {
        _snapshot = new StatePoint(position, stateHash);
        CompareSnapshots();
    }

    /// <summary>Tells an engine where this leader stands.</summary>
    /// <param name="memberId">The engine.</param>
    /// <param name="clockOffsetNs">Its clock minus this one's, or <see cref="CheckpointMessage.UnknownOffset"/>.</param>
    /// <param name="wallNs">This member's wall clock.</param>
    /// <param name="deletableBelow">Where logs may begin.</param>
    public void SendCheckpoint(int memberId, long clockOffsetNs, long wallNs, long deletableBelow)
    {
        if (!_transport.TryClaim(memberId, CheckpointMessage.SizeBytes, out Span<byte> target))
        {
            return;
        }

        ref CheckpointMessage message = ref MemoryMarshal.AsRef<CheckpointMessage>(target);
        message = default;
        message.Type = CheckpointMessage.MessageType;
        message.WallNs = wallNs;
        message.Newest = _trail.Newest;
        message.SnapshotPosition = _snapshot.Position;
        message.SnapshotHash = _snapshot.EventHash;
        message.ClockOffsetNs = clockOffsetNs;
        message.DeletableBelow = deletableBelow;
        _transport.Commit(memberId, CheckpointMessage.SizeBytes);
    }

    /// <summary>Takes a message of this part; false when it is malformed.</summary>
    /// <param name="from">Sender.</param>
    /// <param name="message">The message.</param>
    /// <param name="isFromLeader">Whether the sender leads in this member's term: others are not compared with.</param>
    /// <param name="nowNs">Monotonic time.</param>
    public bool OnMessage(int from, ReadOnlySpan<byte> message, bool isFromLeader, long nowNs)
    {
        ushort type = MemoryMarshal.Read<ushort>(message);
        if (type == CheckpointMessage.MessageType && message.Length == CheckpointMessage.SizeBytes)
        {
            if (isFromLeader)
            {
                OnCheckpoint(from, in MemoryMarshal.AsRef<CheckpointMessage>(message), nowNs);
            }

            return true;
        }

        if (type == TrailRequest.MessageType && message.Length == TrailRequest.SizeBytes)
        {
            SendTrail(from, MemoryMarshal.AsRef<TrailRequest>(message).BehindPosition);
            return true;
        }

        if (type == CheckpointReply && message.Length == CheckpointReplyBytes)
        {
            _others[from] = MemoryMarshal.Read<StatePoint>(message[8..]);
            return true;
        }

        if (type == TrailReply && message.Length >= TrailHeaderBytes && (message.Length - TrailHeaderBytes) % 16 == 0)
        {
            if (isFromLeader && _differs)
            {
                NameTheCommand(MemoryMarshal.Cast<byte, StatePoint>(message[TrailHeaderBytes..]));
            }

            return true;
        }

        return false;
    }

    /// <summary>Compares with what the leader said once this member has got there.</summary>
    /// <param name="leaderId">Who leads now; 0 for nobody.</param>
    /// <param name="nowNs">Monotonic time.</param>
    /// <exception cref="DivergedException">This member's events are not the leader's.</exception>
    public void Compare(int leaderId, long nowNs)
    {
        if (_differs)
        {
            if (leaderId != _askedLeader || nowNs - _askedNs > TrailPatienceNs)
            {
                throw Diverged(_expected.Position, $"the first that differs is unknown: member {_askedLeader}, the leader then, has not named it");
            }

            return;
        }

        if (_expected.Position == 0 || _trail.Newest.Position < _expected.Position)
        {
            return;
        }

        StatePoint expected = _expected;
        _expected = default;
        if (!_trail.TryFind(expected.Position, out ulong here))
        {
            return;
        }

        Compared++;
        if (here == expected.EventHash)
        {
            _agreedPosition = expected.Position;
            return;
        }

        _differs = true;
        _expected = expected;
        _askedLeader = leaderId;
        _askedNs = nowNs;
        _tell(string.Create(
            CultureInfo.InvariantCulture,
            $"ERROR: behind position {expected.Position} the events hash to {here:x16} here and to {expected.EventHash:x16} at the leader {leaderId}; last agreement at {_agreedPosition}"));
        if (leaderId == 0 || !AskForTrail(leaderId))
        {
            throw Diverged(expected.Position, "the first differing command could not be asked for");
        }
    }

    /// <summary>A member is gone.</summary>
    /// <exception cref="DivergedException">It was the one that this member waits for to say where they differ.</exception>
    public void OnDisconnected(int memberId)
    {
        if (_differs && memberId == _askedLeader)
        {
            throw Diverged(_expected.Position, $"the first that differs is unknown: member {memberId}, the leader then, is gone");
        }
    }

    private void OnCheckpoint(int from, in CheckpointMessage message, long nowNs)
    {
        LeadersDeletableBelow = message.DeletableBelow;
        LeadersPosition = Math.Max(LeadersPosition, message.Newest.Position);
        if (message.ClockOffsetNs != CheckpointMessage.UnknownOffset)
        {
            _offsetNs = message.ClockOffsetNs;
            _offsetSinceNs = nowNs;
        }

        if (_expected.Position == 0 && !_differs)
        {
            _expected = message.Newest;
        }

        if (message.SnapshotPosition > _expectedSnapshot.Position)
        {
            _expectedSnapshot = new StatePoint(message.SnapshotPosition, message.SnapshotHash);
            CompareSnapshots();
        }

        Compare(from, nowNs);
        if (_transport.TryClaim(from, CheckpointReplyBytes, out Span<byte> target))
        {
            target.Clear();
            ushort type = CheckpointReply;
            StatePoint newest = _trail.Newest;
            MemoryMarshal.Write(target, in type);
            MemoryMarshal.Write(target[8..], in newest);
            _transport.Commit(from, CheckpointReplyBytes);
        }
    }

    private void CompareSnapshots()
    {
        if (_snapshot.Position != 0 && _snapshot.Position == _expectedSnapshot.Position && _snapshot.EventHash != _expectedSnapshot.EventHash)
        {
            throw new DivergedException(string.Create(
                CultureInfo.InvariantCulture,
                $"the state at position {_snapshot.Position} hashes to {_snapshot.EventHash:x16} here and to {_expectedSnapshot.EventHash:x16} at the leader, although all events up to {_agreedPosition} were the same"));
        }
    }

    private bool AskForTrail(int leaderId)
    {
        if (!_transport.TryClaim(leaderId, TrailRequest.SizeBytes, out Span<byte> target))
        {
            return false;
        }

        TrailRequest request = new() { Type = TrailRequest.MessageType, BehindPosition = _agreedPosition };
        MemoryMarshal.Write(target, in request);
        _transport.Commit(leaderId, TrailRequest.SizeBytes);
        return true;
    }

    private void SendTrail(int to, long behind)
    {
        int count = _trail.CopyBehind(behind, _scratch);
        int length = TrailHeaderBytes + (count * 16);
        if (_transport.TryClaim(to, length, out Span<byte> target))
        {
            target.Clear();
            ushort type = TrailReply;
            MemoryMarshal.Write(target, in type);
            MemoryMarshal.AsBytes(_scratch.AsSpan(0, count)).CopyTo(target[TrailHeaderBytes..]);
            _transport.Commit(to, length);
        }
    }

    private void NameTheCommand(ReadOnlySpan<StatePoint> theirs)
    {
        foreach (StatePoint point in theirs)
        {
            if (_trail.TryFind(point.Position, out ulong here) && here != point.EventHash)
            {
                throw Diverged(point.Position, $"it is the first that differs: {here:x16} here, {point.EventHash:x16} at the leader");
            }
        }

        throw Diverged(_expected.Position, $"the first differing command lies between {_agreedPosition} and there, further back than the leader remembers");
    }

    private static DivergedException Diverged(long position, string detail) =>
        new(string.Create(CultureInfo.InvariantCulture, $"the command that ends at position {position} caused other events here than at the leader ({detail})"));
}
