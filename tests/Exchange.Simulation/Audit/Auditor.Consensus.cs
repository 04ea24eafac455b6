// What elections and commits rest on, seen where it happens: a member that votes twice or commits what a majority does not hold is wrong in
// that moment already, whether anybody is hurt by it in this run or not.
using System.Runtime.InteropServices;
using Exchange.Cluster;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Consensus.Messages;
using Exchange.Log;
using Exchange.Simulation.Members;

namespace Exchange.Simulation.Audit;

internal sealed partial class Auditor
{
    private readonly Dictionary<(int Voter, long Term), int> _votes = [];
    private readonly Dictionary<(int Candidate, long Term), VoteRequest> _candidacies = [];
    private readonly Dictionary<(int Member, long Term), long> _held = [];
    private readonly Dictionary<int, (long Term, IMemberUnderTest Life)> _leading = [];

    private readonly Dictionary<int, (ClusterConfiguration, ClusterConfiguration?)> _agreed = [];
    private long _configurationEnd;

    /// <summary>The newest configuration that is committed in the log; null while that is the one all began with.</summary>
    public ClusterConfiguration? Configuration { get; private set; }

    /// <summary>Configurations committed.</summary>
    public long ConfigurationCount { get; private set; }

    /// <summary>Votes seen on the wire.</summary>
    public long VotesSeen { get; private set; }

    /// <summary>Terms for which more than one member stood.</summary>
    public long ContestedTerms { get; private set; }

    /// <summary>Told of each consensus message when it leaves a member.</summary>
    public void OnSaid(IMemberUnderTest from, int to, ReadOnlySpan<byte> message)
    {
        switch (MemoryMarshal.Read<ushort>(message))
        {
            case ConsensusMessageType.VoteRequest when message.Length == VoteRequest.SizeBytes:
                VoteRequest request = MemoryMarshal.Read<VoteRequest>(message);
                if ((request.Flags & VoteRequest.PreVoteFlag) == 0)
                {
                    NoteCandidacy(from, request);
                }

                break;
            case ConsensusMessageType.VoteReply when message.Length == VoteReply.SizeBytes:
                VoteReply reply = MemoryMarshal.Read<VoteReply>(message);
                if ((reply.Flags & (VoteReply.PreVoteFlag | VoteReply.GrantedFlag)) == VoteReply.GrantedFlag)
                {
                    CheckVote(from, to, reply.Term);
                }

                break;
            default:
                break;
        }
    }

    private void NoteCandidacy(IMemberUnderTest from, in VoteRequest request)
    {
        if (_candidacies.TryAdd((from.Id, request.Term), request))
        {
            long term = request.Term;
            ContestedTerms += _candidacies.Keys.Count(key => key.Term == term) == 2 ? 1 : 0;
        }

        NoteVote(from.Id, from.Id, request.Term);
    }

    private void CheckVote(IMemberUnderTest voter, int candidate, long term)
    {
        VotesSeen++;
        NoteVote(voter.Id, candidate, term);
        RaftNode raft = voter.Raft;
        if (raft.IsRecovering)
        {
            throw Failed("recovering votes", $"member {voter.Id} may have forgotten what it acknowledged, but votes for member {candidate} in term {term}");
        }

        if (_candidacies.TryGetValue((candidate, term), out VoteRequest request)
            && (request.LastTerm < raft.Terms.LastTerm || (request.LastTerm == raft.Terms.LastTerm && request.LastPosition < raft.Terms.End)))
        {
            throw Failed(
                "newer log",
                $"member {voter.Id}, whose log ends at {raft.Terms.End} in term {raft.Terms.LastTerm}, votes in term {term} for member {candidate}, whose log ends at {request.LastPosition} in term {request.LastTerm}");
        }
    }

    private void NoteVote(int voter, int candidate, long term)
    {
        if (!_votes.TryAdd((voter, term), candidate) && _votes[(voter, term)] != candidate)
        {
            throw Failed("one vote a term", $"member {voter} votes in term {term} for member {candidate}, and voted for member {_votes[(voter, term)]} before");
        }
    }

    // Two logs that hold an entry of one term at one place are equal up to there. So a member whose last entry is of its own term holds what
    // that term's leader has, as far as its log is durable; whoever is recovering is not to be counted.
    private void NoteHeld(IMemberUnderTest member)
    {
        RaftNode raft = member.Raft;
        if (raft.IsRecovering || raft.Terms.LastTerm != raft.Term)
        {
            return;
        }

        long durable = member.Durability == Durability.Fsync ? member.Log.FlushedPosition : member.Log.AppendPosition;

        // Kept a term: a leader that slept may commit what was acknowledged to it before a newer leader was elected.
        (int, long) key = (member.Id, raft.Term);
        _held[key] = Math.Max(_held.GetValueOrDefault(key), durable);
    }

    private void CheckCommit(IMemberUnderTest leader)
    {
        RaftNode raft = leader.Raft;
        long commit = raft.CommitPosition;
        if (raft.Terms.TermAt(commit) != raft.Term)
        {
            throw Failed("own term", $"member {leader.Id} leads term {raft.Term} and commits up to {commit}, an entry of term {raft.Terms.TermAt(commit)}, by counting");
        }

        ClusterConfiguration configuration = raft.Configuration;
        List<int> holders = [.. configuration.Members
            .Where(member => member.IsVoter && _held.GetValueOrDefault((member.Id, raft.Term)) >= commit)
            .Select(static member => member.Id)];
        if (holders.Count < configuration.Majority)
        {
            throw Failed(
                "durable majority",
                $"member {leader.Id} commits {commit} in term {raft.Term}, but of {configuration.VoterCount} voters only {holders.Count} hold it by the cluster's durability ({string.Join(", ", holders)})");
        }
    }

    private void NoteConfiguration(in LogEntry entry)
    {
        if (!ConfigurationCodec.TryDecode(entry.Payload, out ClusterConfiguration? configuration))
        {
            throw Failed("members", $"the configuration committed at {entry.Position} cannot be read");
        }

        int changed = Configuration is null ? 0 : configuration.Members.Count(member => IsVoterIn(Configuration, member.Id) != member.IsVoter)
            + Configuration.Members.Count(member => member.IsVoter && !configuration.TryFind(member.Id, out _));
        if (changed > 1 && configuration.VoterCount > 1)
        {
            throw Failed("members", $"the configuration committed at {entry.Position} changes {changed} voters at once");
        }

        ConfigurationCount++;
        Configuration = configuration;
        _configurationEnd = entry.EndPosition;
        _world.Tell($"members from now on: {Show(configuration)}");
    }

    // Whoever has the newest committed configuration behind it, and none that is newer, must go by it: with another it would count other majorities.
    private void CheckConfiguration(IMemberUnderTest member)
    {
        RaftNode raft = member.Raft;
        (ClusterConfiguration, ClusterConfiguration?) pair = (raft.Configuration, Configuration);
        if (_agreed.TryGetValue(member.Id, out (ClusterConfiguration, ClusterConfiguration?) before) && ReferenceEquals(before.Item1, pair.Item1) && ReferenceEquals(before.Item2, pair.Item2))
        {
            return;
        }

        if (Configuration is { } now && !raft.IsRecovering && raft.CommitPosition >= _configurationEnd && raft.Members.CurrentEnd <= raft.CommitPosition
            && Show(raft.Configuration) is var found && found != Show(now))
        {
            throw Failed("members", $"member {member.Id} has committed {raft.CommitPosition} and goes by the members {found}, but since {_configurationEnd} they are {Show(now)}");
        }

        if (!raft.IsRecovering && raft.CommitPosition >= _configurationEnd)
        {
            _agreed[member.Id] = pair;
        }
    }

    private static bool IsVoterIn(ClusterConfiguration configuration, int id) => configuration.TryFind(id, out ClusterMember? member) && member.IsVoter;

    private static string Show(ClusterConfiguration configuration) =>
        string.Join(' ', configuration.Members.Select(static member => member.IsVoter ? $"{member.Id}" : $"({member.Id})"));
}
