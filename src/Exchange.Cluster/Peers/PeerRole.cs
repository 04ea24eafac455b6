namespace Exchange.Cluster.Peers;

/// <summary>As what someone dials a member. Never renumber, only append.</summary>
internal enum PeerRole : byte
{
    /// <summary>Another member of the cluster.</summary>
    Member = 1,

    /// <summary>An operator's tool.</summary>
    Operator = 2,
}
