namespace Exchange.Cluster.Peers;

/// <summary>What stands at the front of the bytes that arrived.</summary>
internal enum PeerFrameStatus
{
    /// <summary>Not all of a frame yet.</summary>
    Incomplete,

    /// <summary>A whole frame.</summary>
    Frame,

    /// <summary>Nothing that a member sends; the connection is of no more use.</summary>
    Malformed,
}
