namespace Exchange.Protocol.Commands;

/// <summary>What a command is. The numbers are part of the log: never renumber, only append.</summary>
public enum CommandType : ushort
{
    /// <summary>Not a command.</summary>
    None = 0,

    // From a FIX client, through a gateway. Each starts with a FixCommandHeader and has passed the gateway's validation.

    /// <summary><see cref="LogonCommand"/>: Logon (A) with the password already checked by the gateway.</summary>
    Logon = 1,

    /// <summary><see cref="TestReqCommand"/>: Heartbeat (0).</summary>
    Heartbeat = 2,

    /// <summary><see cref="TestReqCommand"/>: TestRequest (1).</summary>
    TestRequest = 3,

    /// <summary><see cref="RangeCommand"/>: ResendRequest (2).</summary>
    ResendRequest = 4,

    /// <summary><see cref="SequenceResetCommand"/>: SequenceReset (4), both modes.</summary>
    SequenceReset = 5,

    /// <summary><see cref="FixCommandHeader"/> alone: Reject (3) or BusinessMessageReject (j) sent by the client; only counted.</summary>
    ClientReject = 6,

    /// <summary><see cref="FixCommandHeader"/> alone: Logout (5).</summary>
    Logout = 7,

    /// <summary><see cref="FixCommandHeader"/> alone: a well-framed message with a verdict other than valid.</summary>
    InvalidMessage = 8,

    /// <summary><see cref="UserRequestCommand"/>: UserRequest (BE) with the passwords already checked and hashed by the gateway.</summary>
    UserRequest = 9,

    /// <summary><see cref="NewOrderCommand"/>: NewOrderSingle (D).</summary>
    NewOrder = 20,

    /// <summary><see cref="CancelOrderCommand"/>: OrderCancelRequest (F).</summary>
    CancelOrder = 21,

    /// <summary><see cref="ReplaceOrderCommand"/>: OrderCancelReplaceRequest (G).</summary>
    ReplaceOrder = 22,

    /// <summary><see cref="OrderStatusCommand"/>: OrderStatusRequest (H).</summary>
    OrderStatus = 23,

    /// <summary><see cref="MassOrderCommand"/>: OrderMassStatusRequest (AF).</summary>
    MassStatus = 24,

    /// <summary><see cref="MassOrderCommand"/>: OrderMassCancelRequest (q).</summary>
    MassCancel = 25,

    /// <summary><see cref="SecurityRequestCommand"/>: SecurityListRequest (x).</summary>
    SecurityListRequest = 26,

    /// <summary><see cref="SecurityRequestCommand"/>: SecurityDefinitionRequest (c).</summary>
    SecurityDefinitionRequest = 27,

    /// <summary><see cref="SecurityRequestCommand"/>: SecurityStatusRequest (e).</summary>
    SecurityStatusRequest = 28,

    /// <summary><see cref="SecurityRequestCommand"/>: TradingSessionStatusRequest (g).</summary>
    TradingSessionStatusRequest = 29,

    /// <summary><see cref="MassQuoteCommand"/>: MassQuote (i).</summary>
    MassQuote = 30,

    /// <summary><see cref="QuoteCancelCommand"/>: QuoteCancel (Z).</summary>
    QuoteCancel = 31,

    /// <summary><see cref="MassActionCommand"/>: OrderMassActionRequest (CA).</summary>
    MassAction = 32,

    // From a gateway itself. Each starts with a CommandHeader.

    /// <summary><see cref="GatewayCommand"/>: first frame of a gateway's publication; never logged as such, see <see cref="GatewayAttached"/>.</summary>
    GatewayHello = 40,

    /// <summary><see cref="GatewayCommand"/>: the member accepted a gateway incarnation; logged.</summary>
    GatewayAttached = 41,

    /// <summary><see cref="GatewayCommand"/>: a gateway died and its publication is drained; logged.</summary>
    GatewayLost = 42,

    /// <summary><see cref="ConnectionCommand"/>: the connection of a session is gone.</summary>
    ConnectionLost = 43,

    /// <summary><see cref="ConnectionCommand"/>: nothing was sent for HeartBtInt; a Heartbeat is due.</summary>
    HeartbeatDue = 44,

    /// <summary><see cref="ConnectionCommand"/>: nothing was received for 1.2 HeartBtInt; a TestRequest is due.</summary>
    TestRequestDue = 45,

    /// <summary><see cref="ConnectionCommand"/>: the gateway asks the core to log the session out with the reason given, then close.</summary>
    LogoutDue = 46,

    /// <summary><see cref="ChangePasswordCommand"/>: a Logon brought a NewPassword (925), and its old one was right.</summary>
    ChangePassword = 47,

    // From the member itself.

    /// <summary><see cref="CommandHeader"/> alone: a leadership term begins; every session is unbound.</summary>
    TermStarted = 60,

    /// <summary><see cref="CommandHeader"/> alone: log time has reached the core's next deadline.</summary>
    TimerDue = 61,

    /// <summary><see cref="CommandHeader"/> alone: the term that has just begun was not handed over in good order.</summary>
    UnplannedFailover = 62,

    // Reference data: seeded from files into an empty log, later by operators.

    /// <summary><see cref="DefineInstrumentCommand"/>.</summary>
    DefineInstrument = 80,

    /// <summary><see cref="DefineParticipantCommand"/>.</summary>
    DefineParticipant = 81,

    /// <summary><see cref="DefineVenueCommand"/>: settings of the venue as a whole.</summary>
    DefineVenue = 82,

    /// <summary><see cref="SetPasswordCommand"/>: an operator gives a participant another password.</summary>
    SetPassword = 83,

    // What operators do to FIX sessions.

    /// <summary><see cref="SessionAdminCommand"/>: both numbers of a session restart at 1; its open orders are restated at its next Logon.</summary>
    ResetSession = 90,

    /// <summary><see cref="SessionAdminCommand"/>: sets the numbers expected next.</summary>
    SetSequence = 91,

    /// <summary><see cref="SessionAdminCommand"/>: logs a session out in good order.</summary>
    LogOutSession = 92,

    /// <summary><see cref="SessionAdminCommand"/>: the participant may log on again.</summary>
    EnableParticipant = 93,

    /// <summary><see cref="SessionAdminCommand"/>: the participant is logged out and may not log on.</summary>
    DisableParticipant = 94,

    /// <summary><see cref="ScheduleResetCommand"/>: when the session's scheduled reset comes next; from the leader.</summary>
    ScheduleReset = 95,

    // What operators tell everybody.

    /// <summary><see cref="NewsCommand"/>: News (B) to all sessions that are logged on.</summary>
    News = 100,

    // Markets and risk: seeded from files into an empty log, later by operators.

    /// <summary><see cref="DefineMarketGroupCommand"/>.</summary>
    DefineMarketGroup = 110,

    /// <summary><see cref="SchedulePhaseCommand"/>; from the leader.</summary>
    SchedulePhase = 111,

    /// <summary><see cref="SetPhaseCommand"/>.</summary>
    SetPhase = 112,

    /// <summary><see cref="SetLimitsCommand"/>.</summary>
    SetLimits = 113,

    /// <summary><see cref="RestrictCommand"/>.</summary>
    Restrict = 114,

    /// <summary><see cref="KillSwitchCommand"/>.</summary>
    KillSwitch = 115,

    /// <summary><see cref="AssignFirmCommand"/>.</summary>
    AssignFirm = 116,

    /// <summary><see cref="DefineAccountCommand"/>.</summary>
    DefineAccount = 117,

    /// <summary><see cref="SetProtectionCommand"/>.</summary>
    SetProtection = 118,
}
