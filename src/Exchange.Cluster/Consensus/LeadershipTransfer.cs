using Exchange.Cluster.Consensus.Messages;

namespace Exchange.Cluster.Consensus;

// Handing leadership over: the leader stops taking new commands, waits until the other has everything, and asks it to stand at once
// (thesis, 3.10). If that takes too long, the leader goes on as if nothing had been.
//
// A witness that was elected leads only to make its entries the cluster's: it hands over by itself to the best engine that has them.
internal sealed class LeadershipTransfer
{
    // A transfer that takes longer is given up.
    private const long TimeoutNs = 500_000_000;

    private readonly RaftNode _node;
    private int _target;
    private long _startedNs;
    private long _askedNs;
    private int _lastTried;

    public LeadershipTransfer(RaftNode node) => _node = node;

    public bool IsActive => _target != 0;

    public void Clear()
    {
        if (_target != 0 && _askedNs != 0)
        {
            _node.Counters.Transfers++;
        }

        _target = 0;
        _askedNs = 0;
    }

    public bool TryStart(int memberId, out string refusal)
    {
        refusal = Refusal(memberId);
        if (refusal.Length > 0)
        {
            return false;
        }

        _target = memberId;
        _startedNs = _node.NowNs;
        _askedNs = 0;
        return true;
    }

    public int DoWork()
    {
        if (_target == 0)
        {
            return _node.Members.Kind == MemberKind.Witness ? HandOver() : 0;
        }

        PeerState? peer = _node.Members.Find(_target);
        if (peer is null || _node.NowNs - _startedNs >= TimeoutNs)
        {
            _target = 0;
            return 1;
        }

        if (!HasEverything(peer) || (_askedNs != 0 && _node.NowNs - _askedNs < _node.Options.HeartbeatNs))
        {
            return 0;
        }

        if (_node.TrySend(peer.Id, new StandNow { Type = ConsensusMessageType.StandNow, Term = _node.Term }))
        {
            _askedNs = _node.NowNs;
        }

        return 1;
    }

    private string Refusal(int memberId)
    {
        if (!_node.IsLeader)
        {
            return $"member {_node.Id} does not lead; ask member {_node.LeaderId}";
        }

        if (IsActive)
        {
            return $"leadership is being transferred to member {_target} already";
        }

        if (memberId == _node.Id)
        {
            return $"member {memberId} leads already";
        }

        if (_node.Members.Find(memberId) is not { IsVoter: true, Kind: MemberKind.Engine } peer)
        {
            return $"member {memberId} is not an engine that votes";
        }

        if (!peer.IsConnected || peer.LastHeardNs == 0)
        {
            return $"member {memberId} is not connected";
        }

        return peer.IsRecovering ? $"member {memberId} is recovering" : "";
    }

    private bool HasEverything(PeerState peer) => peer.Match >= _node.Log.AppendPosition;

    // The preferred one first; one that did not take over last time comes last.
    private int HandOver()
    {
        PeerState? best = null;
        foreach (PeerState peer in _node.Members.Others)
        {
            if (peer is { IsVoter: true, Kind: MemberKind.Engine, IsConnected: true, IsRecovering: false, LastHeardNs: > 0 } && HasEverything(peer)
                && (best is null || Rank(peer) < Rank(best)))
            {
                best = peer;
            }
        }

        if (best is null)
        {
            return 0;
        }

        _lastTried = best.Id;
        return TryStart(best.Id, out _) ? 1 : 0;
    }

    private long Rank(PeerState peer) => peer.Priority + (peer.Id == _lastTried ? int.MaxValue : 0L);
}
