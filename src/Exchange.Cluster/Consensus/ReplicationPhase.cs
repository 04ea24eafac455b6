namespace Exchange.Cluster.Consensus;

// How a leader sends to one follower.
internal enum ReplicationPhase
{
    /// <summary>One message at a time, until one fits the follower's log.</summary>
    Probe,

    /// <summary>As many as the window allows.</summary>
    Stream,

    /// <summary>The follower needs what this log has no more; only heartbeats until a snapshot has brought it far enough.</summary>
    Snapshot,
}
