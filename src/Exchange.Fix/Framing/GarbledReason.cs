namespace Exchange.Fix.Framing;

/// <summary>Why bytes are no message. For logs and counters: FIX answers garbled input with silence.</summary>
public enum GarbledReason
{
    /// <summary>Not garbled.</summary>
    None,

    /// <summary>The input does not start with 8=FIX.</summary>
    NoBeginString,

    /// <summary>The value of BeginString (8) is too long.</summary>
    BeginStringTooLong,

    /// <summary>The second field is not BodyLength (9), or not a number.</summary>
    BodyLengthInvalid,

    /// <summary>BodyLength (9) is over the limit.</summary>
    BodyLengthOverLimit,

    /// <summary>The third field is not MsgType (35), or empty.</summary>
    MsgTypeMissing,

    /// <summary>CheckSum (10) is not where BodyLength says, or not three digits.</summary>
    CheckSumMisplaced,

    /// <summary>CheckSum (10) is wrong.</summary>
    CheckSumWrong,
}
