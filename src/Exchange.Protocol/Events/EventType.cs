namespace Exchange.Protocol.Events;

/// <summary>What an event is. The numbers are part of the outbound history: never renumber, only append.</summary>
public enum EventType : ushort
{
    /// <summary>Not an event.</summary>
    None = 0,

    // Sequenced: each is one FIX message, has a MsgSeqNum, and is kept in the outbound history for resends.

    /// <summary><see cref="LogonEvent"/>: our Logon (A).</summary>
    Logon = 1,

    /// <summary><see cref="TestReqEvent"/>: Heartbeat (0).</summary>
    Heartbeat = 2,

    /// <summary><see cref="TestReqEvent"/>: TestRequest (1).</summary>
    TestRequest = 3,

    /// <summary><see cref="RangeEvent"/>: our ResendRequest (2).</summary>
    ResendRequest = 4,

    /// <summary><see cref="RejectEvent"/>: Reject (3).</summary>
    Reject = 5,

    /// <summary><see cref="RejectEvent"/>: BusinessMessageReject (j).</summary>
    BusinessReject = 6,

    /// <summary><see cref="LogoutEvent"/>: Logout (5).</summary>
    Logout = 7,

    /// <summary><see cref="UserResponseEvent"/>: UserResponse (BF).</summary>
    UserResponse = 8,

    /// <summary><see cref="ExecutionReportEvent"/>: ExecutionReport (8).</summary>
    ExecutionReport = 20,

    /// <summary><see cref="CancelRejectEvent"/>: OrderCancelReject (9).</summary>
    CancelReject = 21,

    /// <summary><see cref="MassCancelReportEvent"/>: OrderMassCancelReport (r).</summary>
    MassCancelReport = 22,

    /// <summary><see cref="SecurityListEvent"/>: SecurityList (y), or a fragment of one.</summary>
    SecurityList = 23,

    /// <summary><see cref="SecurityDefinitionEvent"/>: SecurityDefinition (d).</summary>
    SecurityDefinition = 24,

    /// <summary><see cref="SecurityStatusEvent"/>: SecurityStatus (f).</summary>
    SecurityStatus = 25,

    /// <summary><see cref="TradingSessionStatusEvent"/>: TradingSessionStatus (h).</summary>
    TradingSessionStatus = 26,

    /// <summary><see cref="NewsEvent"/>: News (B).</summary>
    News = 27,

    /// <summary><see cref="MassQuoteAckEvent"/>: MassQuoteAcknowledgement (b).</summary>
    MassQuoteAck = 28,

    /// <summary><see cref="MassActionReportEvent"/>: OrderMassActionReport (BZ).</summary>
    MassActionReport = 29,

    // Not sequenced: instructions to a gateway or to the egress agent. Never in the outbound history.

    /// <summary><see cref="RangeEvent"/>: egress resends the range from the history to the session's connection.</summary>
    ResendRange = 40,

    /// <summary><see cref="RangeEvent"/>: made by egress while it resends; SequenceReset-GapFill, MsgSeqNum to EndSeqNo-1 are filled, EndSeqNo is NewSeqNo.</summary>
    GapFill = 41,

    /// <summary><see cref="EventHeader"/> alone: the session's outgoing numbers restart at 1; egress forgets its history.</summary>
    HistoryReset = 42,

    /// <summary><see cref="CloseConnectionEvent"/>: the gateway closes a connection, after all earlier events of the session are sent.</summary>
    CloseConnection = 43,

    /// <summary><see cref="GatewayReadyEvent"/>: the gateway may accept connections; all reference data has been sent before it.</summary>
    GatewayReady = 44,

    /// <summary><see cref="ParticipantEvent"/>: reference data for gateways.</summary>
    Participant = 45,

    /// <summary><see cref="InstrumentEvent"/>: reference data for gateways.</summary>
    Instrument = 46,

    /// <summary><see cref="MemberAliveEvent"/>: the gateway's member is alive and leads.</summary>
    MemberAlive = 47,

    /// <summary><see cref="RangeEvent"/>: an operator moved the session's outgoing numbers; the next is BeginSeqNo, and egress forgets what came before.</summary>
    HistoryStart = 48,
}
