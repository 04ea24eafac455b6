using Exchange.Log;
using Exchange.Protocol;

namespace Exchange.Cluster.Consensus;

// Who belongs to the cluster. A configuration is in force from the moment it is in the log, committed or not, and ceases when it is
// truncated (thesis, 4.1). One voter changes at a time, so any majority of the old meets any of the new, provided that the leader has
// committed an entry of its own term first (the correction of 2015): otherwise a change of an earlier leader might still come back.
internal sealed class Membership
{
    private readonly RaftNode _node;
    private readonly List<(long End, ClusterConfiguration Configuration)> _history = [];
    private readonly PeerState?[] _byId = new PeerState?[256];

    public Membership(RaftNode node, long floor, ClusterConfiguration initial)
    {
        _node = node;
        _history.Add((floor, initial));
        Apply();
    }

    /// <summary>The one in force.</summary>
    public ClusterConfiguration Current => _history[^1].Configuration;

    /// <summary>Position behind the entry that brought it.</summary>
    public long CurrentEnd => _history[^1].End;

    /// <summary>The other members.</summary>
    public PeerState[] Others { get; private set; } = [];

    /// <summary>Whether this member votes.</summary>
    public bool IsVoter { get; private set; }

    /// <summary>
    /// Whether this member may stand: it votes, or did before changes that are not known to be committed. Its log may be the one that is
    /// needed to commit them, although its own vote does not count then (thesis, 4.2.2).
    /// </summary>
    public bool MayStand
    {
        get
        {
            bool may = false;
            foreach ((long _, ClusterConfiguration configuration) in _history)
            {
                may |= IsVoterIn(configuration, _node.Id);
            }

            return may;
        }
    }

    public MemberKind Kind { get; private set; } = MemberKind.Engine;

    public int Priority { get; private set; }

    public int Majority { get; private set; }

    /// <summary>Whether this member is the only one whose vote counts.</summary>
    public bool IsAlone => IsVoter && Majority == 1 && Current.VoterCount == 1;

    /// <summary>Another member of the configuration in force; null for anybody else.</summary>
    public PeerState? Find(int memberId) => (uint)memberId < 256u ? _byId[memberId] : null;

    /// <summary>Takes a configuration that was appended.</summary>
    public void Append(long end, ClusterConfiguration configuration)
    {
        _history.Add((end, configuration));
        Apply();
    }

    /// <summary>Returns to what was in force at a position; whether that is another one.</summary>
    public bool Truncate(long position)
    {
        if (CurrentEnd <= position || _history.Count == 1)
        {
            return false;
        }

        while (_history.Count > 1 && CurrentEnd > position)
        {
            _history.RemoveAt(_history.Count - 1);
        }

        Apply();
        return true;
    }

    /// <summary>What lies below a committed configuration cannot come back.</summary>
    public void Committed(long commit)
    {
        while (_history.Count > 1 && _history[1].End <= commit)
        {
            _history.RemoveAt(0);
        }
    }

    /// <summary>Appends a change as the leader.</summary>
    public bool TryChange(ClusterConfiguration next, out string refusal)
    {
        refusal = Refusal(next);
        if (refusal.Length > 0)
        {
            return false;
        }

        AppendAsLeader(next);
        return true;
    }

    /// <summary>Writes a configuration into the log; it is in force when this returns.</summary>
    public void AppendAsLeader(ClusterConfiguration next)
    {
        SegmentedLog log = _node.Log;
        long end = log.Append(ConfigurationCodec.Encode(next), LogEntryTypes.Configuration, _node.Term, log.LastTimestampNs);
        _node.NoteAppended();
        Append(end, next);
        _node.ConfigurationChanged();
    }

    private string Refusal(ClusterConfiguration next)
    {
        if (!_node.IsLeader)
        {
            return $"member {_node.Id} does not lead; ask member {_node.LeaderId}";
        }

        if (_node.IsTransferring)
        {
            return "leadership is being transferred; try again when that has ended";
        }

        if (!_node.HasCommittedInTerm)
        {
            return "no entry of this term is committed yet; try again in a moment";
        }

        if (CurrentEnd > _node.CommitPosition && (_node.Options.Defects & PlantedDefects.TwoChangesAtOnce) == 0)
        {
            return "another change of the members is not committed yet; try again in a moment";
        }

        if (next.ClusterId != Current.ClusterId)
        {
            return $"cluster {next.ClusterId} is not this one, {Current.ClusterId}";
        }

        return VoterRefusal(next);
    }

    private string VoterRefusal(ClusterConfiguration next)
    {
        int changed = Current.Members.Count(member => member.IsVoter && !IsVoterIn(next, member.Id));
        foreach (ClusterMember member in next.Members)
        {
            if (!member.IsVoter || IsVoterIn(Current, member.Id))
            {
                continue;
            }

            changed++;
            if (Find(member.Id) is not { } peer)
            {
                return $"member {member.Id} cannot vote at once: add it as a learner first";
            }

            // One that has not answered on this connection may be recovering: it would count in the majority and not be counted for it.
            if (!peer.IsConnected || !peer.HasAnswered || peer.IsRecovering || _node.Log.AppendPosition - peer.Acked > _node.Options.VoterLagBytesMax)
            {
                return $"member {member.Id} has not caught up: it has position {peer.Acked} of {_node.Log.AppendPosition}";
            }
        }

        // Without the one that is removed, one that is recovering might be needed for the majority that alone can confirm it.
        if (Current.Members.Any(member => member.IsVoter && !IsVoterIn(next, member.Id)))
        {
            foreach (PeerState peer in Others)
            {
                if (peer is { IsVoter: true, IsRecovering: true } && IsVoterIn(next, peer.Id))
                {
                    return $"member {peer.Id} is recovering and does not count yet; wait until it votes before another voter is removed";
                }
            }
        }

        return changed > 1 ? $"{changed} voters would change at once: change one, and the next when that is committed" : "";
    }

    private static bool IsVoterIn(ClusterConfiguration configuration, int memberId) =>
        configuration.TryFind(memberId, out ClusterMember? member) && member.IsVoter;

    private void Apply()
    {
        ClusterConfiguration current = Current;
        PeerState?[] before = [.. _byId];
        Array.Clear(_byId);
        List<PeerState> others = [];
        IsVoter = false;
        Majority = current.Majority;
        foreach (ClusterMember member in current.Members)
        {
            if (member.Id == _node.Id)
            {
                IsVoter = member.IsVoter;
                Kind = member.Kind;
                Priority = member.Priority;
                continue;
            }

            PeerState peer = before[member.Id] ?? NewPeer(member.Id);
            peer.Kind = member.Kind;
            peer.IsVoter = member.IsVoter;
            peer.Priority = member.Priority;
            _byId[member.Id] = peer;
            others.Add(peer);
        }

        foreach (PeerState? gone in before)
        {
            if (gone is not null && _byId[gone.Id] is null)
            {
                gone.CloseReader();
            }
        }

        Others = [.. others];
        Invariant.Require(Majority >= 1);
    }

    private PeerState NewPeer(int memberId)
    {
        PeerState peer = new(memberId) { IsConnected = _node.Transport.IsConnected(memberId) };
        peer.StartReplication(_node.Log.AppendPosition);
        return peer;
    }
}
