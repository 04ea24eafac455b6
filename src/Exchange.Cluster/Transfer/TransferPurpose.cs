namespace Exchange.Cluster.Transfer;

/// <summary>What the receiver of a snapshot is to do with it. The numbers are part of messages: never renumber, only append.</summary>
public enum TransferPurpose : byte
{
    /// <summary>To start anew from it, because the entries that the receiver lacks are not in the leader's log any more.</summary>
    Install = 1,

    /// <summary>To keep it for others; the receiver's log stays.</summary>
    Keep = 2,
}
