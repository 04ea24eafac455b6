using System.Text.Json.Nodes;

namespace Exchange.Host.Operations;

/// <summary>What all members said at about the same time.</summary>
internal sealed class ClusterReport
{
    /// <summary>Creates the report.</summary>
    public ClusterReport(IReadOnlyList<MemberReport> members) => Members = members;

    /// <summary>Each member, by id.</summary>
    public IReadOnlyList<MemberReport> Members { get; }

    /// <summary>The leader; null without one. Of several that think so, the one with the highest term: the others are deposed and do not know it yet.</summary>
    public MemberReport? Leader => Members.Where(static m => m.IsLeader).MaxBy(static m => m.Term ?? 0);

    /// <summary>Whether anyone answered.</summary>
    public bool AnyUp => Members.Any(static m => m.IsUp);

    /// <summary>Members that the leader, or without one whoever answers, knows of and that were not asked.</summary>
    public IReadOnlyList<OperatorMember> Unasked()
    {
        MemberReport? source = Leader ?? Members.Where(static m => m.IsUp).MaxBy(static m => m.Term ?? 0);
        return source is null ? [] : [.. source.Peers.Where(p => Find(p.Id) is null && Members.All(m => m.Member.PeerAddress != p.PeerAddress))];
    }

    /// <summary>Whether the leader knows a member as one of the cluster; true without a leader.</summary>
    public bool IsMember(MemberReport member) => Leader is not { } leader || leader == member || leader.Peer(member.Id) is not null;

    /// <summary>Finds a member.</summary>
    public MemberReport? Find(int id) => Members.FirstOrDefault(m => m.Id == id);

    /// <summary>
    /// Whether a member has everything that the leader had committed when it was asked, and its core has applied it.
    /// </summary>
    public bool IsCaughtUp(MemberReport member) =>
        Leader is { } leader && member.IsUp && !member.IsRecovering
        && (member.Kind == "witness" ? member.AppendPosition : member.AppliedPosition) >= leader.CommitPosition;

    /// <summary>
    /// Whether the engines that tell a hash of the same position tell the same one. Null when no two of them can be compared.
    /// </summary>
    public bool? HashesEqual()
    {
        bool? equal = null;
        foreach (IGrouping<long?, MemberReport> group in Members.Where(static m => m.StateHash.Length > 0).GroupBy(static m => m.StateHashPosition ?? m.AppliedPosition))
        {
            if (group.Count() > 1)
            {
                equal = (equal ?? true) && group.Select(static m => m.StateHash).Distinct(StringComparer.Ordinal).Count() == 1;
            }
        }

        return equal;
    }

    /// <summary>The report for programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["ok"] = Leader is not null,
        ["leader"] = Leader?.Id,
        ["term"] = Leader?.Term,
        ["hashes_equal"] = HashesEqual(),
        ["members"] = new JsonArray([.. Members.Select(static m => (JsonNode)m.ToJson())]),
    };
}
