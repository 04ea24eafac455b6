namespace Exchange.Core.Expiry;

/// <summary>What the venue has to take out of one session's open orders, and how far it has come. 0 stands for never.</summary>
internal struct SessionSweep
{
    /// <summary>Orders up to this number are to be cancelled by a kill switch.</summary>
    public long KilledUpTo;

    /// <summary>Day orders up to this number are to be cancelled because the session stayed disconnected.</summary>
    public long DisconnectedUpTo;

    /// <summary>The order number up to which it looks; 0 when it does nothing.</summary>
    public long UpTo;
}
