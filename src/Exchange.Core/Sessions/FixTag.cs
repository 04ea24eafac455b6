namespace Exchange.Core.Sessions;

/// <summary>The tags that a Reject of the core names as RefTagID (371).</summary>
internal static class FixTag
{
    /// <summary>BeginSeqNo.</summary>
    public const int BeginSeqNo = 7;

    /// <summary>EndSeqNo.</summary>
    public const int EndSeqNo = 16;

    /// <summary>NewSeqNo.</summary>
    public const int NewSeqNo = 36;

    /// <summary>SendingTime.</summary>
    public const int SendingTime = 52;

    /// <summary>OrigSendingTime.</summary>
    public const int OrigSendingTime = 122;
}
