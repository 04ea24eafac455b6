using Exchange.Cluster.Consensus.Messages;
using Exchange.Log;

namespace Exchange.Cluster.Consensus;

// The way back of a member that may have forgotten entries it had acknowledged, or a vote.
//
// Until it is confirmed it counts in the size of majorities, but neither votes nor is its acknowledgement counted. The leader notes where its
// log ends when it first hears of such a life. Once something beyond is committed without that member, everything it may have acknowledged
// before is in the leader's log: a later leader it may have helped to elect, or to commit with, would have kept one of this majority from
// acknowledging. When the member has that position too, nothing is missing.
//
// A vote it forgot could still be counted by a candidate that has not heard the end of it; but candidates count no vote after a limit,
// and the confirmation waits for twice as long.
internal sealed class RecoveryGate
{
    private readonly RaftNode _node;

    public RecoveryGate(RaftNode node) => _node = node;

    /// <summary>
    /// The only voter of a cluster has nobody to ask: it led the newest term itself. One that did not has its log from others, and who the
    /// voters are from a time when it may have been the only one.
    /// </summary>
    public void Start()
    {
        if (_node.IsRecovering && _node.Members.IsAlone && _node.VotedFor == _node.Id)
        {
            _node.SaveVote(new VoteState(_node.Term, _node.VotedFor, IsRecovering: false));
        }
    }

    /// <summary>The leader hears a member.</summary>
    public void Heard(PeerState peer, bool isRecovering)
    {
        if (isRecovering && !peer.IsRecovering)
        {
            peer.RecoveryNotedAt = _node.Log.AppendPosition;
            peer.RecoveryNotedNs = _node.NowNs;
            peer.RecoveryTarget = 0;
            peer.RecoverySentNs = 0;
        }

        peer.IsRecovering = isRecovering;
    }

    public int DoWork()
    {
        int work = 0;
        foreach (PeerState peer in _node.Members.Others)
        {
            if (peer.IsRecovering)
            {
                work += Bring(peer);
            }
        }

        return work;
    }

    public bool OnConfirmed(int from, in RecoveryConfirmed message)
    {
        if (message.Term == _node.Term && from == _node.LeaderId && message.Nonce == _node.Nonce && _node.IsRecovering)
        {
            _node.SaveVote(new VoteState(_node.Term, _node.VotedFor, IsRecovering: false));
            _node.Elections.Reset();
        }

        return true;
    }

    private int Bring(PeerState peer)
    {
        if (peer.RecoveryTarget == 0)
        {
            return FindTarget(peer);
        }

        long now = _node.NowNs;
        if (peer.Acked < peer.RecoveryTarget || now - peer.RecoveryNotedNs < 2 * _node.Options.CandidacyMaxNs
            || (peer.RecoverySentNs != 0 && now - peer.RecoverySentNs < _node.Options.HeartbeatNs))
        {
            return 0;
        }

        if (_node.TrySend(peer.Id, new RecoveryConfirmed { Type = ConsensusMessageType.RecoveryConfirmed, Term = _node.Term, Nonce = peer.Nonce }))
        {
            peer.RecoverySentNs = now;
        }

        return 1;
    }

    // On an idle cluster there is no such entry unless the leader writes one.
    private int FindTarget(PeerState peer)
    {
        if (_node.CommitPosition > peer.RecoveryNotedAt)
        {
            peer.RecoveryTarget = _node.CommitPosition;
            return 1;
        }

        bool isIdle = _node.Log.AppendPosition == peer.RecoveryNotedAt && _node.NowNs - peer.RecoveryNotedNs >= _node.Options.HeartbeatNs;
        if (!isIdle || _node.IsTransferring)
        {
            return 0;
        }

        SegmentedLog log = _node.Log;
        log.Append("a member is recovering"u8, LogEntryTypes.Notice, _node.Term, log.LastTimestampNs);
        _node.NoteAppended();
        return 1;
    }
}
