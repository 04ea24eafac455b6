namespace Exchange.Cluster.Consensus.Messages;

/// <summary>The messages of consensus, within the range of <see cref="Peers.PeerMessageType"/>. Never renumber, only append.</summary>
internal static class ConsensusMessageType
{
    /// <summary>See <see cref="VoteRequest"/>.</summary>
    public const ushort VoteRequest = 1;

    /// <summary>See <see cref="VoteReply"/>.</summary>
    public const ushort VoteReply = 2;

    /// <summary>See <see cref="AppendHeader"/>.</summary>
    public const ushort Append = 3;

    /// <summary>See <see cref="AppendReply"/>.</summary>
    public const ushort AppendReply = 4;

    /// <summary>See <see cref="StandNow"/>.</summary>
    public const ushort StandNow = 5;

    /// <summary>See <see cref="RecoveryConfirmed"/>.</summary>
    public const ushort RecoveryConfirmed = 6;
}
