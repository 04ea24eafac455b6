using System.Diagnostics.CodeAnalysis;

namespace Exchange.Cluster.Consensus;

/// <summary>The members of a cluster at one position of the log; immutable.</summary>
public sealed class ClusterConfiguration
{
    /// <summary>Most members.</summary>
    public const int MembersMax = 7;

    private readonly ClusterMember[] _members;

    /// <summary>Creates a configuration.</summary>
    /// <exception cref="ArgumentException">An id occurs twice, there are too many members, or none that votes.</exception>
    public ClusterConfiguration(Guid clusterId, IEnumerable<ClusterMember> members)
    {
        ClusterId = clusterId;
        _members = [.. members.OrderBy(static member => member.Id)];
        VoterCount = _members.Count(static member => member.IsVoter);
        if (_members.Length is 0 or > MembersMax)
        {
            throw new ArgumentException($"a cluster has 1 to {MembersMax} members, not {_members.Length}", nameof(members));
        }

        if (_members.Any(static member => member.Id is < 1 or > 255) || _members.Select(static member => member.Id).Distinct().Count() != _members.Length)
        {
            throw new ArgumentException("member ids must be from 1 to 255 and different from each other", nameof(members));
        }

        if (!_members.Any(static member => member is { IsVoter: true, Kind: MemberKind.Engine }))
        {
            throw new ArgumentException("a cluster needs at least one engine that votes", nameof(members));
        }
    }

    /// <summary>Which cluster.</summary>
    public Guid ClusterId { get; }

    /// <summary>All members, by id.</summary>
    public IReadOnlyList<ClusterMember> Members => _members;

    /// <summary>All members, by id, to be walked without allocating.</summary>
    public ReadOnlySpan<ClusterMember> Span => _members;

    /// <summary>Members that vote.</summary>
    public int VoterCount { get; }

    /// <summary>How many of them are a majority.</summary>
    public int Majority => (VoterCount / 2) + 1;

    /// <summary>Finds a member.</summary>
    public bool TryFind(int memberId, [NotNullWhen(true)] out ClusterMember? member)
    {
        member = Array.Find(_members, candidate => candidate.Id == memberId);
        return member is not null;
    }

    /// <summary>The same with one member added or replaced.</summary>
    public ClusterConfiguration With(ClusterMember member) => new(ClusterId, _members.Where(other => other.Id != member.Id).Append(member));

    /// <summary>The same without a member.</summary>
    public ClusterConfiguration Without(int memberId) => new(ClusterId, _members.Where(other => other.Id != memberId));
}
