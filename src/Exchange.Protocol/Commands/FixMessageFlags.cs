namespace Exchange.Protocol.Commands;

/// <summary>Flags of an inbound FIX message.</summary>
[Flags]
public enum FixMessageFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>PossDupFlag (43) = Y.</summary>
    PossDup = 1,

    /// <summary>PossResend (97) = Y.</summary>
    PossResend = 2,

    /// <summary>GapFillFlag (123) = Y, SequenceReset only.</summary>
    GapFill = 4,

    /// <summary>ResetSeqNumFlag (141) = Y, Logon only.</summary>
    ResetSeqNum = 8,

    /// <summary>NextExpectedMsgSeqNum (789) was sent, Logon only.</summary>
    HasNextExpected = 16,
}
