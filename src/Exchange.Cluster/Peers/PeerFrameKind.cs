namespace Exchange.Cluster.Peers;

/// <summary>What a frame between members, or between a member and an operator, carries. Never renumber, only append.</summary>
internal enum PeerFrameKind : byte
{
    /// <summary>A message of consensus, transfer or comparison.</summary>
    Message = 1,

    /// <summary>A step of the handshake.</summary>
    Handshake = 2,

    /// <summary>Nothing; says that the sender lives.</summary>
    Ping = 3,

    /// <summary>The sender closes this connection on purpose and lives on.</summary>
    Goodbye = 4,

    /// <summary>An operator asks.</summary>
    AdminRequest = 5,

    /// <summary>A member tells an operator how far it is.</summary>
    AdminProgress = 6,

    /// <summary>A member's last word on an operator's request.</summary>
    AdminAnswer = 7,
}
