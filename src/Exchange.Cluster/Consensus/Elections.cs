using Exchange.Cluster.Consensus.Messages;

namespace Exchange.Cluster.Consensus;

// Who leads: timers, pre-votes and votes.
//
// A follower that hears nothing asks first whether it would be elected (pre-vote) and disturbs nobody by that. A member that hears a live
// leader refuses to vote at all, so that one behind a bad link cannot depose what works; a leader's lease rests on that. The exception
// is a hand-over, which the leader itself wants. Priority only lengthens the wait; a vote that Raft grants is never refused for it.
internal sealed class Elections
{
    private readonly RaftNode _node;
    private long _observedNs;
    private long _timeoutNs;
    private long _startedNs;
    private int _goneTries;
    private bool _isTransfer;

    public Elections(RaftNode node) => _node = node;

    /// <summary>Whether a leader was heard so lately that it is certainly not deposed.</summary>
    public bool HasLiveLeader => _node.IsLeader ? _node.Replication.HasLease : _node.LeaderId != 0 && _observedNs < _node.Options.ElectionTimeoutNs;

    /// <summary>Whether this member stood last because a leader handed over to it.</summary>
    public bool IsTransfer => _isTransfer;

    private bool IsCandidate => _node.Role is RaftRole.Candidate or RaftRole.PreCandidate;

    /// <summary>Begins a full wait.</summary>
    public void Reset()
    {
        RaftOptions options = _node.Options;
        _observedNs = 0;
        _goneTries = 0;
        _timeoutNs = options.ElectionTimeoutNs + _node.Random.NextInt64(options.ElectionSpreadNs) + (_node.Members.Priority * options.PriorityStepNs);
    }

    /// <summary>The leader was heard. The timeout is drawn anew only when one was missed: it costs more than the rest of a turn.</summary>
    public void Contact()
    {
        if (_goneTries != 0 || _timeoutNs < _node.Options.ElectionTimeoutNs || _observedNs > _node.Options.ElectionTimeoutNs)
        {
            Reset();
        }

        _observedNs = 0;
    }

    /// <summary>The leader's process is gone: there is nothing to wait for but those that should go first.</summary>
    public void LeaderGone()
    {
        if (!IsCandidate)
        {
            _goneTries = 3;
            WaitShortly();
        }
    }

    /// <summary>A member that connects while this one stands is asked too.</summary>
    public void Connected(PeerState peer)
    {
        if (IsCandidate && peer.IsVoter && !peer.HasGranted)
        {
            Ask(peer);
        }
    }

    public int DoWork(long observedNs)
    {
        _observedNs += observedNs;
        if (_observedNs < _timeoutNs && !_node.Members.IsAlone)
        {
            return 0;
        }

        if (!MayStand())
        {
            Reset();
            return 0;
        }

        Stand(isPreVote: true, isTransfer: false);
        return 1;
    }

    public bool OnRequest(int from, in VoteRequest request)
    {
        if (request.Term < 0 || request.LastTerm < 0 || request.LastTerm > request.Term || request.LastPosition < 0)
        {
            return false;
        }

        bool isPreVote = (request.Flags & VoteRequest.PreVoteFlag) != 0;
        bool isTransfer = (request.Flags & VoteRequest.TransferFlag) != 0;
        bool isGranted = false;
        if (isTransfer || !HasLiveLeader)
        {
            isGranted = isPreVote ? request.Term > _node.Term && MayVoteFor(request) : TryVote(from, request);
        }

        ushort flags = (ushort)((isPreVote ? VoteReply.PreVoteFlag : 0) | (isGranted ? VoteReply.GrantedFlag : 0));
        long term = isGranted && isPreVote ? request.Term : _node.Term;
        _node.TrySend(from, new VoteReply { Type = ConsensusMessageType.VoteReply, Flags = flags, Term = term });
        return true;
    }

    public bool OnReply(int from, in VoteReply reply)
    {
        bool isPreVote = (reply.Flags & VoteReply.PreVoteFlag) != 0;
        bool isGranted = (reply.Flags & VoteReply.GrantedFlag) != 0;
        if (reply.Term < 0)
        {
            return false;
        }

        if (!isGranted)
        {
            _node.AdoptTerm(reply.Term, from);
            return true;
        }

        bool isMine = isPreVote
            ? _node.Role == RaftRole.PreCandidate && reply.Term == _node.Term + 1
            : _node.Role == RaftRole.Candidate && reply.Term == _node.Term;
        if (isMine && _node.NowNs - _startedNs <= _node.Options.CandidacyMaxNs && _node.Members.Find(from) is { IsVoter: true } peer)
        {
            peer.HasGranted = true;
            Count();
        }

        return true;
    }

    /// <summary>The leader hands over to this member.</summary>
    public bool OnStandNow(int from, in StandNow message)
    {
        if (message.Term == _node.Term && from == _node.LeaderId && _node.Role == RaftRole.Follower && MayStand())
        {
            Stand(isPreVote: false, isTransfer: true);
        }

        return true;
    }

    private bool MayStand() => _node.Members.MayStand && !_node.IsRecovering && _node.Host.MayLead(out _);

    private void Stand(bool isPreVote, bool isTransfer)
    {
        _isTransfer = isTransfer;
        _startedNs = _node.NowNs;
        foreach (PeerState peer in _node.Members.Others)
        {
            peer.HasGranted = false;
        }

        if (isPreVote)
        {
            _node.Counters.PreVotesStarted++;
            _node.BecomeCandidate(isPreVote: true);
        }
        else
        {
            _node.Counters.ElectionsStarted++;
            _node.SaveVote(new VoteState(_node.Term + 1, _node.Id, _node.IsRecovering));
            _node.BecomeCandidate(isPreVote: false);
        }

        WaitAgain();
        foreach (PeerState peer in _node.Members.Others)
        {
            if (peer.IsVoter)
            {
                Ask(peer);
            }
        }

        Count();
    }

    private void Ask(PeerState peer)
    {
        bool isPreVote = _node.Role == RaftRole.PreCandidate;
        _node.TrySend(peer.Id, new VoteRequest
        {
            Type = ConsensusMessageType.VoteRequest,
            Flags = (ushort)((isPreVote ? VoteRequest.PreVoteFlag : 0) | (_isTransfer ? VoteRequest.TransferFlag : 0)),
            Term = isPreVote ? _node.Term + 1 : _node.Term,
            LastTerm = _node.Terms.LastTerm,
            LastPosition = _node.Terms.End,
        });
    }

    private void Count()
    {
        int granted = _node.Members.IsVoter ? 1 : 0;
        foreach (PeerState peer in _node.Members.Others)
        {
            granted += peer.IsVoter && peer.HasGranted ? 1 : 0;
        }

        if (granted < _node.Members.Majority)
        {
            return;
        }

        if (_node.Role == RaftRole.PreCandidate)
        {
            Stand(isPreVote: false, isTransfer: false);
        }
        else
        {
            _node.BecomeLeader();
        }
    }

    private bool TryVote(int from, in VoteRequest request)
    {
        if (request.Term < _node.Term)
        {
            return false;
        }

        bool isNewer = request.Term > _node.Term;
        if (isNewer)
        {
            _node.StepDown($"member {from} stands for term {request.Term}");
        }

        // A new term and the vote in it go to the device in one write.
        int votedFor = isNewer ? 0 : _node.VotedFor;
        bool forgets = (_node.Options.Defects & PlantedDefects.ForgetVote) != 0;
        bool isGranted = (votedFor == 0 || votedFor == from || forgets) && (isNewer || !_node.IsLeader) && MayVoteFor(request);
        _node.SaveVote(new VoteState(request.Term, isGranted ? from : votedFor, _node.IsRecovering));
        if (isGranted)
        {
            _node.Counters.VotesGranted++;
            Reset();
        }

        return isGranted;
    }

    // A log is at least as new as another when its last entry is of a later term, or of the same term and not shorter (thesis, 3.6.1).
    private bool MayVoteFor(in VoteRequest request)
    {
        PlantedDefects defects = _node.Options.Defects;

        // Whoever lacks what is committed here cannot be right, whatever its last term is.
        if (request.LastPosition < _node.CommitPosition && (defects & PlantedDefects.VoteForShorterLog) == 0)
        {
            return false;
        }

        if (_node.IsRecovering && (defects & PlantedDefects.RecoveringVotes) == 0)
        {
            return false;
        }

        long lastTerm = _node.Terms.LastTerm;
        return request.LastTerm > lastTerm
            || (request.LastTerm == lastTerm && request.LastPosition >= _node.Terms.End)
            || (defects & PlantedDefects.VoteForShorterLog) != 0;
    }

    private void WaitAgain()
    {
        RaftOptions options = _node.Options;
        if (_node.Role == RaftRole.Candidate)
        {
            // A majority has said that it would vote, and each vote is flushed first: whoever stands anew meanwhile throws votes away.
            _observedNs = 0;
            _timeoutNs = (options.ElectionTimeoutNs / 2) + _node.Random.NextInt64(options.ElectionSpreadNs) + (_node.Members.Priority * options.HeartbeatNs);
            return;
        }

        if (_goneTries > 0)
        {
            _goneTries--;
            WaitShortly();
            return;
        }

        _observedNs = 0;
        _timeoutNs = (2 * options.HeartbeatNs) + _node.Random.NextInt64(options.ElectionSpreadNs) + (_node.Members.Priority * options.HeartbeatNs);
    }

    private void WaitShortly()
    {
        long step = _node.Options.GoneWaitNs;
        _observedNs = 0;
        _timeoutNs = step + (Math.Min(_node.Members.Priority, 4) * step) + _node.Random.NextInt64(step);
    }
}
