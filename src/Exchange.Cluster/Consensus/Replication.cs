using System.Runtime.InteropServices;
using Exchange.Cluster.Consensus.Messages;
using Exchange.Cluster.Peers;
using Exchange.Log;
using Exchange.Protocol;

namespace Exchange.Cluster.Consensus;

// The leader's side of the log: sends entries, learns how far each follower is, and commits.
//
// Each follower is probed with one message at a time until one fits its log; then as much is under way as the window holds, because a
// connection keeps the order. What was lost shows in the next heartbeat, which names the end of what was sent. Commit is what a majority
// of the voters has acknowledged, as soon as that reaches into the leader's own term (thesis, 3.6.2).
internal sealed class Replication
{
    /// <summary>What no entry carries, a commit or how far was applied, is told at most this often.</summary>
    public const long NoticeNs = 200_000;

    /// <summary>Bytes under way to one follower.</summary>
    private const long WindowBytes = 4 << 20;

    /// <summary>Bytes of one append message, unless a single entry is longer.</summary>
    private const int BatchBytes = 64 << 10;

    private readonly RaftNode _node;
    private readonly long[] _sorted = new long[ClusterConfiguration.MembersMax];
    private long _quorumContactNs;
    private long _observedSinceQuorumNs;
    private long _ownAcked;
    private bool _isCommitDue;

    public Replication(RaftNode node) => _node = node;

    /// <summary>End of the last entry of an earlier term; what is committed beyond is of this leader's own.</summary>
    public long TermAfter { get; private set; } = long.MaxValue;

    /// <summary>Whether a majority was in contact so lately that no other leader can have been elected without this one's will.</summary>
    public bool HasLease => _node.NowNs - _quorumContactNs < _node.Options.ElectionTimeoutNs;

    /// <summary>Begins a leadership.</summary>
    public void Start()
    {
        TermAfter = _node.Terms.End;
        _quorumContactNs = _node.NowNs;
        _observedSinceQuorumNs = 0;
        _ownAcked = -1;
        _isCommitDue = true;
        foreach (PeerState peer in _node.Members.Others)
        {
            peer.StartReplication(_node.Terms.End);
        }
    }

    /// <summary>What was under way may be lost. One that waited for a snapshot may have it now, and says so by refusing the end of the log.</summary>
    public void Reconnected(PeerState peer) =>
        peer.Probe(peer.Phase == ReplicationPhase.Snapshot ? _node.Terms.End : Math.Max(peer.Match, Math.Min(peer.Next, _node.Terms.End)));

    public int DoWork(long observedNs)
    {
        _node.NoteAppended();
        if (_node.OwnAcked != _ownAcked)
        {
            _ownAcked = _node.OwnAcked;
            _isCommitDue = true;
        }

        int work = AdvanceCommit();
        if (!_node.IsLeader || !KeepsQuorum(observedNs))
        {
            return 1;
        }

        foreach (PeerState peer in _node.Members.Others)
        {
            if (peer.IsConnected)
            {
                work += Send(peer);
            }
        }

        return work;
    }

    /// <summary>Takes a follower's answer; false when it cannot be one.</summary>
    public bool OnReply(int from, in AppendReply reply)
    {
        if (reply.Term < 0 || reply.Match < 0 || reply.MatchTerm < 0 || reply.Acked < 0 || reply.Applied < 0 || reply.Commit < 0 || reply.SentNs < 0)
        {
            return false;
        }

        if (reply.Term != _node.Term || !_node.IsLeader || _node.Members.Find(from) is not { } peer)
        {
            _node.AdoptTerm(reply.Term, from);
            return true;
        }

        bool isAccepted = (reply.Flags & AppendReply.AcceptedFlag) != 0;
        if (reply.SentNs > _node.NowNs || reply.Commit > _node.Terms.End || reply.Sequence > peer.Sequence
            || (isAccepted && (reply.Match > _node.Terms.End || reply.Acked > reply.Match)))
        {
            return false;
        }

        Heard(peer, reply);
        if (isAccepted)
        {
            Accepted(peer, reply);
        }
        else if (reply.Sequence >= peer.ResetSequence)
        {
            Rejected(peer, reply);
        }

        return true;
    }

    private void Heard(PeerState peer, in AppendReply reply)
    {
        bool isRecovering = (reply.Flags & AppendReply.RecoveringFlag) != 0;
        if (peer.Nonce != reply.Nonce)
        {
            if (peer.Nonce != 0)
            {
                peer.Restart(_node.Terms.End);
                peer.RecoveryTarget = 0;
                peer.IsRecovering = false;
            }

            peer.Nonce = reply.Nonce;
        }

        peer.LastHeardNs = _node.NowNs;
        peer.HasAnswered = true;
        peer.Applied = reply.Applied;

        // What it has acknowledged counts from here on, and it may never acknowledge more.
        _isCommitDue |= peer.IsRecovering && !isRecovering;
        _node.Recovery.Heard(peer, isRecovering);
        if (reply.SentNs == 0)
        {
            return;
        }

        peer.RoundTripNs = _node.NowNs - reply.SentNs;
        if (reply.WallClockNs != 0 && _node.WallClockNs != 0)
        {
            peer.ClockOffsetNs = reply.WallClockNs - (_node.WallClockNs - (peer.RoundTripNs / 2));
        }

        if (reply.SentNs > peer.ContactNs)
        {
            peer.ContactNs = reply.SentNs;
            UpdateQuorumContact();
        }
    }

    private void Accepted(PeerState peer, in AppendReply reply)
    {
        peer.Match = Math.Max(peer.Match, reply.Match);
        if (reply.Acked > peer.Acked)
        {
            peer.Acked = reply.Acked;
            _isCommitDue = true;
        }

        if (peer.Phase != ReplicationPhase.Stream && reply.Sequence >= peer.ResetSequence && peer.Match >= _node.Log.StartPosition)
        {
            peer.Phase = ReplicationPhase.Stream;
            peer.Next = peer.Match;
        }

        peer.Next = Math.Max(peer.Next, peer.Match);
    }

    // The follower names the furthest place where the logs may be equal. What it has committed is equal in any case.
    private void Rejected(PeerState peer, in AppendReply reply)
    {
        long position = Math.Max(_node.Terms.LastNotAfter(reply.Match, reply.MatchTerm), reply.Commit);
        peer.Probe(position);
        if (position < _node.Log.StartPosition)
        {
            peer.Phase = ReplicationPhase.Snapshot;
        }
    }

    private int Send(PeerState peer)
    {
        long now = _node.NowNs;
        long end = _node.Terms.End;
        bool isHeartbeatDue = now - peer.LastSentNs >= _node.Options.HeartbeatNs;
        int sent = 0;
        if (peer.Phase == ReplicationPhase.Stream)
        {
            while (peer.Next < end && peer.Next - peer.Match < WindowBytes && TrySendEntries(peer, out long sentEnd))
            {
                peer.Next = sentEnd;
                sent++;
            }
        }
        else if (peer.Phase == ReplicationPhase.Probe && (!peer.IsProbeUnderWay || isHeartbeatDue) && peer.Next < end)
        {
            peer.IsProbeUnderWay = TrySendEntries(peer, out _);
            sent += peer.IsProbeUnderWay ? 1 : 0;
        }

        bool isCommitNew = peer.SentCommit != _node.CommitPosition && now - peer.LastSentNs >= NoticeNs;
        if (sent == 0 && (isHeartbeatDue || (isCommitNew && peer.Phase == ReplicationPhase.Stream) || (peer.Phase == ReplicationPhase.Probe && !peer.IsProbeUnderWay)))
        {
            peer.IsProbeUnderWay = TrySendEmpty(peer);
            sent += peer.IsProbeUnderWay ? 1 : 0;
        }

        return sent;
    }

    private bool TrySendEmpty(PeerState peer)
    {
        if (!_node.Transport.TryClaim(peer.Id, AppendHeader.SizeBytes, out Span<byte> target))
        {
            return false;
        }

        Finish(peer, target, 0, AppendHeader.SizeBytes);
        return true;
    }

    private bool TrySendEntries(PeerState peer, out long sentEnd)
    {
        sentEnd = peer.Next;
        if (peer.Next < _node.Log.StartPosition)
        {
            peer.Phase = ReplicationPhase.Snapshot;
            return false;
        }

        // An entry takes no more room in a message than in the log.
        int length = (int)Math.Min(BatchBytes, AppendHeader.SizeBytes + (_node.Terms.End - peer.Next));
        if (!_node.Transport.TryClaim(peer.Id, length, out Span<byte> target))
        {
            return false;
        }

        LogReader reader = ReaderAt(peer);
        int used = AppendHeader.SizeBytes;
        int count = Fill(reader, target, ref used, ref sentEnd);
        if (count == 0)
        {
            // A single entry longer than a batch goes alone.
            _node.Transport.Commit(peer.Id, 0);
            return TrySendLong(peer, reader, out sentEnd);
        }

        Finish(peer, target, count, used);
        return true;
    }

    private bool TrySendLong(PeerState peer, LogReader reader, out long sentEnd)
    {
        sentEnd = peer.Next;
        Invariant.Require(reader.TryRead(out LogEntry entry));
        int length = AppendHeader.SizeBytes + EntryHeader.Framed(entry.Payload.Length);
        Invariant.Require(length <= IPeerTransport.MessageBytesMax);
        reader.MoveTo(peer.Next);
        if (!_node.Transport.TryClaim(peer.Id, length, out Span<byte> target))
        {
            return false;
        }

        int used = AppendHeader.SizeBytes;
        int count = Fill(reader, target, ref used, ref sentEnd);
        Finish(peer, target, count, used);
        return true;
    }

    private LogReader ReaderAt(PeerState peer)
    {
        if (peer.Reader is null)
        {
            peer.Reader = _node.Log.OpenReader(peer.Next);
        }
        else if (peer.Reader.Position != peer.Next || peer.Phase == ReplicationPhase.Probe)
        {
            peer.Reader.MoveTo(peer.Next);
        }

        return peer.Reader;
    }

    private int Fill(LogReader reader, Span<byte> target, ref int used, ref long end)
    {
        int count = 0;
        while (used < target.Length && end < _node.Terms.End && reader.TryRead(out LogEntry entry))
        {
            int framed = EntryHeader.Framed(entry.Payload.Length);
            if (framed > target.Length - used)
            {
                reader.MoveTo(end);
                break;
            }

            EntryHeader header = new()
            {
                Position = entry.Position,
                Term = entry.Term,
                TimestampNs = entry.TimestampNs,
                Length = entry.Payload.Length,
                Type = entry.Type,
            };
            MemoryMarshal.Write(target[used..], in header);
            entry.Payload.CopyTo(target[(used + EntryHeader.SizeBytes)..]);
            target[(used + EntryHeader.SizeBytes + entry.Payload.Length)..(used + framed)].Clear();
            used += framed;
            end = entry.EndPosition;
            count++;
        }

        return count;
    }

    private void Finish(PeerState peer, Span<byte> target, int count, int used)
    {
        peer.Sequence++;
        AppendHeader header = new()
        {
            Type = ConsensusMessageType.Append,
            Count = count,
            Term = _node.Term,
            PrevPosition = peer.Next,
            PrevTerm = _node.Terms.TermAt(peer.Next),
            CommitPosition = _node.CommitPosition,
            Sequence = peer.Sequence,
            SentNs = _node.NowNs,
            WallClockNs = _node.WallClockNs,
        };
        MemoryMarshal.Write(target, in header);
        _node.Transport.Commit(peer.Id, used);
        peer.LastSentNs = _node.NowNs;
        peer.SentCommit = _node.CommitPosition;
    }

    private int AdvanceCommit()
    {
        if (!_isCommitDue)
        {
            return 0;
        }

        _isCommitDue = false;
        PlantedDefects defects = _node.Options.Defects;
        long position = Math.Min(_node.Terms.End, _ownAcked);
        if ((defects & PlantedDefects.CommitWithoutMajority) == 0)
        {
            bool countsAll = (defects & PlantedDefects.RecoveringVotes) != 0;
            position = countsAll ? QuorumOf(position, static peer => peer.Acked) : QuorumOf(position, static peer => peer.IsRecovering ? 0 : peer.Acked);
        }

        if (position <= _node.CommitPosition || (position <= TermAfter && (defects & PlantedDefects.CommitOldTerm) == 0))
        {
            return 0;
        }

        _node.Commit(position);
        if (!_node.Members.IsVoter && _node.Members.CurrentEnd <= position)
        {
            _node.StepDown("this member was removed from those that vote");
        }

        return 1;
    }

    // The value that a majority of the voters has reached. The leader counts itself only when it votes.
    private long QuorumOf(long own, Func<PeerState, long> valueOf)
    {
        int count = 0;
        if (_node.Members.IsVoter)
        {
            _sorted[count++] = own;
        }

        foreach (PeerState peer in _node.Members.Others)
        {
            if (peer.IsVoter)
            {
                _sorted[count++] = valueOf(peer);
            }
        }

        _sorted.AsSpan(0, count).Sort();
        return _sorted[count - _node.Members.Majority];
    }

    private void UpdateQuorumContact()
    {
        long contact = QuorumOf(_node.NowNs, static peer => peer.ContactNs);
        if (contact > _quorumContactNs)
        {
            _quorumContactNs = contact;
            _observedSinceQuorumNs = 0;
        }
    }

    private bool KeepsQuorum(long observedNs)
    {
        if (_node.Members.IsAlone)
        {
            _quorumContactNs = _node.NowNs;
            return true;
        }

        _observedSinceQuorumNs += observedNs;
        if (_observedSinceQuorumNs <= _node.Options.ElectionTimeoutNs)
        {
            return true;
        }

        _node.Counters.QuorumsLost++;
        _node.StepDown("no majority answered within the election timeout");
        return false;
    }
}
