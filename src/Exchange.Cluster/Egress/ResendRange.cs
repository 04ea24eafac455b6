namespace Exchange.Cluster.Egress;

/// <summary>A range of sequence numbers to be sent again, in order.</summary>
internal struct ResendRange
{
    /// <summary>The next number to send.</summary>
    public long NextSeqNum;

    /// <summary>The last number, inclusive.</summary>
    public long EndSeqNum;

    /// <summary>First number of the gap fill being collected; 0 when none is.</summary>
    public long GapFromSeqNum;

    /// <summary>SendingTime (52) of the resent messages: log time of the request, nanoseconds since 1970.</summary>
    public long SendingTimeNs;

    /// <summary>Log position of the request.</summary>
    public long LogPosition;
}
