namespace Exchange.Cluster.Consensus;

/// <summary>Who lives on top of consensus; called on the member's thread.</summary>
public interface IRaftHost
{
    /// <summary>This member leads. The first entry of the term must be appended to the log before this returns.</summary>
    void OnBecameLeader(long term);

    /// <summary>This member leads no more: nothing may be appended, no client may be served.</summary>
    void OnLeadershipLost(long term, string reason);

    /// <summary>Entries from a position on are about to be removed because another leader's take their place. They were never committed.</summary>
    void OnTruncating(long position);

    /// <summary>Another configuration is in force; called once at the start too.</summary>
    void OnConfigurationChanged(ClusterConfiguration configuration);

    /// <summary>Whether this member may stand for election now; otherwise why not (clock, disk, divergence).</summary>
    bool MayLead(out string reason);
}
