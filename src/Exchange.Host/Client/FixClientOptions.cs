using Exchange.Fix.Dictionary;

namespace Exchange.Host.Client;

/// <summary>Who the client is and how its session behaves.</summary>
internal sealed record FixClientOptions
{
    /// <summary>The version of FIX.</summary>
    public FixDictionary Version { get; init; } = FixDictionaries.Fix44;

    /// <summary>BeginString (8).</summary>
    public string BeginString => Version.BeginString;

    /// <summary>SenderCompID (49) of what we send.</summary>
    public required string SenderCompId { get; init; }

    /// <summary>TargetCompID (56) of what we send.</summary>
    public required string TargetCompId { get; init; }

    /// <summary>Username (553); empty to leave it out.</summary>
    public string Username { get; init; } = string.Empty;

    /// <summary>Password (554); empty to leave it out.</summary>
    public string Password { get; init; } = string.Empty;

    /// <summary>HeartBtInt (108) in seconds; 0 for none.</summary>
    public int HeartBtIntSec { get; init; } = 30;

    /// <summary>Sends NextExpectedMsgSeqNum (789) with the Logon, so that the exchange resends without being asked.</summary>
    public bool SendNextExpected { get; init; }

    /// <summary>Answers a ResendRequest with the orders themselves (43=Y); otherwise with a gap fill over everything.</summary>
    public bool ResendOrders { get; init; } = true;

    /// <summary>Digits behind the second in timestamps: 0, 3, 6 or 9.</summary>
    public int TimestampDecimals { get; init; } = 3;

    /// <summary>How long the answer to a Logon, a Logout or a ResendRequest may take.</summary>
    public long AnswerTimeoutNs { get; init; } = 5 * FixTime.NsPerSec;

    /// <summary>
    /// An exchange from which nothing arrives for so long after an order or a TestRequest counts as lost, and the connection is
    /// closed; 0 leaves that to heartbeats.
    /// </summary>
    public long SilenceNs { get; init; }

    /// <summary>Messages behind a gap that are kept; what arrives beyond that is asked for again.</summary>
    public int QueuedMax { get; init; } = 65_536;

    /// <summary>Bytes that may wait for the socket before <see cref="FixClientSession.Send"/> refuses.</summary>
    public int OutboundMaxBytes { get; init; } = 16 * 1024 * 1024;
}
