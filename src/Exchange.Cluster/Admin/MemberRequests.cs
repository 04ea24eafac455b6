using System.Text.Json;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Admin;

/// <summary>Changes of the cluster's members that operators ask for.</summary>
internal static class MemberRequests
{
    /// <summary>The configuration with a new member: a learner at first, a voter when asked again after it has caught up.</summary>
    public static ClusterConfiguration Add(ClusterConfiguration now, JsonElement request)
    {
        int id = request.GetProperty("id").GetInt32();
        if (now.TryFind(id, out ClusterMember? known))
        {
            return known.IsVoter ? throw new ArgumentException($"member {id} votes already") : now.With(known with { IsVoter = true });
        }

        MemberKind kind = request.GetProperty("kind").GetString() switch
        {
            "engine" => MemberKind.Engine,
            "witness" => MemberKind.Witness,
            string other => throw new ArgumentException($"kind '{other}' must be engine or witness"),
            null => throw new ArgumentException("kind must be engine or witness"),
        };
        int priority = request.TryGetProperty("priority", out JsonElement value) ? value.GetInt32() : 1;
        string peer = request.GetProperty("peer").GetString() ?? string.Empty;
        string fix = request.TryGetProperty("fix", out JsonElement address) ? address.GetString() ?? string.Empty : string.Empty;
        if (!PeerAddress.TryParse(peer, out _, out _) || (kind == MemberKind.Engine ? !PeerAddress.TryParse(fix, out _, out _) : fix.Length > 0))
        {
            throw new ArgumentException($"peer '{peer}', fix '{fix}': both must be HOST:PORT, with an IPv6 address in brackets; a witness has no fix");
        }

        return now.With(new ClusterMember(id, kind, IsVoter: false, priority, peer, fix));
    }

    /// <summary>The configuration without a member.</summary>
    public static ClusterConfiguration Remove(ClusterConfiguration now, int id, int self)
    {
        if (!now.TryFind(id, out _))
        {
            throw new ArgumentException($"member {id} is not in the cluster");
        }

        return id == self ? throw new ArgumentException($"member {id} leads; hand the lead over first with `exchange ctl switchover`") : now.Without(id);
    }
}
