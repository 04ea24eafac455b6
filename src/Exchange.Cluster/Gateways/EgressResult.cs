namespace Exchange.Cluster.Gateways;

/// <summary>What became of an event offered to a gateway.</summary>
internal enum EgressResult
{
    /// <summary>It is on its way.</summary>
    Accepted,

    /// <summary>There is no room now.</summary>
    NoRoom,

    /// <summary>Nobody listens: not yet, or not any more.</summary>
    NotConnected,

    /// <summary>There will never be room again.</summary>
    Broken,
}
