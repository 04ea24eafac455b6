namespace Exchange.Cluster.Peers;

/// <summary>What a connection is good for.</summary>
internal enum PeerConnectionStage
{
    /// <summary>Not in use.</summary>
    Free,

    /// <summary>We dialled; the other host has not answered yet.</summary>
    Connecting,

    /// <summary>Nobody knows yet who is at the other end.</summary>
    Handshaking,

    /// <summary>A member.</summary>
    Member,

    /// <summary>An operator.</summary>
    Operator,

    /// <summary>We said goodbye and read on to the end: closing before that could take the goodbye back (a reset).</summary>
    Parting,
}
