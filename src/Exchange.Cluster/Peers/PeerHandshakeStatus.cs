namespace Exchange.Cluster.Peers;

/// <summary>Where a handshake stands.</summary>
internal enum PeerHandshakeStatus
{
    /// <summary>More is to come from the other side.</summary>
    Running,

    /// <summary>Both sides know the key and fit.</summary>
    Connected,

    /// <summary>One side refuses the other, and both know why.</summary>
    Refused,

    /// <summary>The other side is nobody of this cluster; it learns nothing.</summary>
    Foreign,
}
