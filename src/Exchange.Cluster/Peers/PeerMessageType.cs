namespace Exchange.Cluster.Peers;

/// <summary>What a message between members is; its first two bytes, little-endian. From 1 on they belong to consensus. Never renumber, only append.</summary>
public static class PeerMessageType
{
    /// <summary>Messages from here on move snapshots and history.</summary>
    public const ushort TransferFirst = 32;

    /// <summary>Messages from here on compare states.</summary>
    public const ushort ComparisonFirst = 64;
}
