namespace Exchange.Cluster;

/// <summary>What an entry of the log is. The numbers are part of the log: never renumber, only append.</summary>
public static class LogEntryTypes
{
    /// <summary>A command for the state machine.</summary>
    public const ushort Command = 1;

    /// <summary>A <see cref="Consensus.ClusterConfiguration"/>, in force from the moment it is appended.</summary>
    public const ushort Configuration = 2;

    /// <summary>Every engine takes a snapshot behind this entry, so that their hashes can be compared.</summary>
    public const ushort SnapshotMark = 3;

    /// <summary>A notice of the leader for the record, such as a member leaving or joining the sync set, or a forced promotion; text.</summary>
    public const ushort Notice = 4;
}
