namespace Exchange.Cluster.Transfer;

/// <summary>Why a receiver does not take a snapshot. The numbers are part of messages: never renumber, only append.</summary>
internal enum TransferRefusal : byte
{
    /// <summary>It belongs to another log.</summary>
    WrongLog = 1,

    /// <summary>It is older than what the receiver has, or of a kind that it does not take.</summary>
    NotWanted = 2,

    /// <summary>It says of itself what cannot be.</summary>
    Impossible = 3,

    /// <summary>There is no room.</summary>
    NoRoom = 4,

    /// <summary>What arrived does not match its checksum or hash; the sender may try an older one.</summary>
    Damaged = 5,

    /// <summary>The receiver's device failed.</summary>
    Failed = 6,
}
