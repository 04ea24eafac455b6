namespace Exchange.Protocol.Commands;

/// <summary>What the gateway's validation found. The core looks at MsgSeqNum first and acts on the verdict only for the message that is next.</summary>
public enum GatewayVerdict : byte
{
    /// <summary>Valid.</summary>
    Valid = 0,

    /// <summary>Reject (3) with <see cref="FixCommandHeader.Reason"/> as 373, <see cref="FixCommandHeader.RefTagId"/> as 371.</summary>
    SessionReject = 1,

    /// <summary>BusinessMessageReject (j) with <see cref="FixCommandHeader.Reason"/> as 380.</summary>
    BusinessReject = 2,

    /// <summary>Reject 373=10, then Logout and close.</summary>
    SendingTimeAccuracy = 3,

    /// <summary>Reject 373=9, then Logout and close.</summary>
    CompIdProblem = 4,

    /// <summary>Logout and close; no number of the client's can be trusted.</summary>
    IncorrectBeginString = 5,

    /// <summary>MsgSeqNum (34) is missing or unreadable: Logout and close.</summary>
    MsgSeqNumMissing = 6,

    /// <summary>Valid, but beyond the participant's messages a second: BusinessMessageReject (j) with 380=0; Logout and close when it lasts.</summary>
    Throttled = 7,
}
