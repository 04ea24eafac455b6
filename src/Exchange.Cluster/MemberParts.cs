using Exchange.Cluster.Consensus;
using Exchange.Cluster.Gateways;
using Exchange.Cluster.Peers;
using Exchange.Cluster.Recovery;
using Exchange.Cluster.Snapshots;
using Exchange.Cluster.Transfer;
using Exchange.Log;
using Exchange.Log.History;

namespace Exchange.Cluster;

/// <summary>What a member's logic is attached to: the world in a process, a simulated one elsewhere.</summary>
internal sealed record MemberParts
{
    /// <summary>The log.</summary>
    public required SegmentedLog Log { get; init; }

    /// <summary>What was sent to each session.</summary>
    public required MessageHistory History { get; init; }

    /// <summary>What the directory amounted to at the start.</summary>
    public required RecoveredState State { get; init; }

    /// <summary>Where term and vote are kept.</summary>
    public required IVoteStore Votes { get; init; }

    /// <summary>The other members.</summary>
    public required IPeerTransport Transport { get; init; }

    /// <summary>Snapshots that travel between members.</summary>
    public required SnapshotTraffic Traffic { get; init; }

    /// <summary>The gateways on this box.</summary>
    public required IGatewayPort Gateways { get; init; }

    /// <summary>Who makes the log durable.</summary>
    public required ILogFlush Flush { get; init; }

    /// <summary>Who takes snapshots.</summary>
    public required ISnapshotWorker Snapshots { get; init; }

    /// <summary>Gives everything back; what uses the log goes before it.</summary>
    public void Close()
    {
        Snapshots.Dispose();
        Flush.Dispose();
        Traffic.Dispose();
        Transport.Dispose();
        Gateways.Dispose();
        History.Dispose();
        Log.Dispose();
    }
}
