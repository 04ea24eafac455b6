namespace Exchange.Gateway.Connections;

/// <summary>Why a connection was closed, for the gateway's log and counters.</summary>
internal enum CloseReason
{
    /// <summary>It is open.</summary>
    None,

    /// <summary>The client closed it.</summary>
    PeerClosed,

    /// <summary>Reading or writing failed.</summary>
    SocketError,

    /// <summary>No Logon in time.</summary>
    LogonTimeout,

    /// <summary>Too many connections waited for a Logon, and this one had waited longest.</summary>
    CrowdedOut,

    /// <summary>The Logon came, but its password could not be checked or the exchange had no room for it in time.</summary>
    LogonStalled,

    /// <summary>The first bytes were not a well-formed Logon.</summary>
    FirstMessageNotLogon,

    /// <summary>The first message is a Logon, but not one that can be forwarded: a field is missing or wrong.</summary>
    InvalidLogon,

    /// <summary>CompIDs, BeginString, Username or password are wrong. The log does not say which.</summary>
    LogonRefused,

    /// <summary>The exchange did not answer the Logon in time.</summary>
    LogonUnanswered,

    /// <summary>The exchange ended the session; its reason code is logged beside.</summary>
    Core,

    /// <summary>Nothing was received for twice the heartbeat interval.</summary>
    PeerSilent,

    /// <summary>A second connection asked for the session, and this one did not answer the probe.</summary>
    ProbeUnanswered,

    /// <summary>The client reads too slowly: its outbound buffer passed the limit.</summary>
    SlowConsumer,

    /// <summary>The client did not read its last messages in time after the session ended.</summary>
    FlushTimeout,

    /// <summary>Too many bytes without a well-formed message.</summary>
    Garbled,

    /// <summary>A flood of session messages or invalid ones, and the exchange did not end the session in time.</summary>
    Flood,

    /// <summary>The member died, or the gateway lost it.</summary>
    MemberLost,

    /// <summary>The gateway stops.</summary>
    GatewayStopping,
}
