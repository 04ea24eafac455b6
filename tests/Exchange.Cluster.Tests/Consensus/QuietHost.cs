using Exchange.Cluster.Consensus;
using Exchange.Log;

namespace Exchange.Cluster.Tests.Consensus;

/// <summary>A host that only opens its term.</summary>
internal sealed class QuietHost(SegmentedLog log) : IRaftHost
{
    public void OnBecameLeader(long term) => log.Append("term"u8, LogEntryTypes.Notice, term, 1);

    public void OnLeadershipLost(long term, string reason)
    {
    }

    public void OnTruncating(long position)
    {
    }

    public void OnConfigurationChanged(ClusterConfiguration configuration)
    {
    }

    public bool MayLead(out string reason)
    {
        reason = "";
        return true;
    }
}
