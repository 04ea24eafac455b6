namespace Exchange.Protocol;

/// <summary>
/// Why the exchange refused or ended something. The core emits the code and up to two numbers (the offending value and the
/// limit); the gateway makes the words of Text (tag 58) from them. Codes are part of the log: never renumber, only append.
/// </summary>
public enum ReasonCode : ushort
{
    /// <summary>No reason given.</summary>
    None = 0,

    // Session, 1 to 99.

    /// <summary>MsgSeqNum too low, expecting Limit but received Value.</summary>
    MsgSeqNumTooLow = 1,

    /// <summary>SendingTime accuracy problem (373=10).</summary>
    SendingTimeAccuracy = 2,

    /// <summary>CompID problem (373=9).</summary>
    CompIdProblem = 3,

    /// <summary>BeginString differs from the one agreed at logon.</summary>
    IncorrectBeginString = 4,

    /// <summary>A SequenceReset tried to lower the sequence number: Value below Limit (373=5).</summary>
    SequenceResetLowers = 5,

    /// <summary>OrigSendingTime (122) is after SendingTime (373=10).</summary>
    OrigSendingTimeAfterSendingTime = 6,

    /// <summary>OrigSendingTime (122) is missing on a PossDup message (373=1).</summary>
    OrigSendingTimeMissing = 7,

    /// <summary>A Logon with ResetSeqNumFlag=Y must have MsgSeqNum=1, received Value.</summary>
    ResetRequiresSeqNumOne = 8,

    /// <summary>NextExpectedMsgSeqNum (789) Value is higher than the next number to be sent, Limit.</summary>
    NextExpectedTooHigh = 9,

    /// <summary>The answer to the client's Logout.</summary>
    LogoutConfirmed = 10,

    /// <summary>A second Logon arrived in an established session.</summary>
    LogonInSession = 11,

    /// <summary>BeginSeqNo (7) Value is higher than the last number sent, Limit (373=5).</summary>
    ResendBeyondSent = 12,

    /// <summary>The participant is disabled.</summary>
    ParticipantDisabled = 13,

    /// <summary>Session level reject by the gateway's validation; the verdict holds tag and reason.</summary>
    InvalidMessage = 14,

    /// <summary>A message type this exchange does not support (380=3).</summary>
    UnsupportedMessageType = 15,

    /// <summary>HeartBtInt (108) Value is outside the limits.</summary>
    HeartBtIntOutOfRange = 16,

    /// <summary>The client was silent for too long.</summary>
    PeerSilent = 17,

    /// <summary>The client reads too slowly.</summary>
    SlowConsumer = 18,

    /// <summary>Operator action.</summary>
    Operator = 19,

    /// <summary>A second connection for a live session.</summary>
    DuplicateLogon = 20,

    /// <summary>The same range was asked for too often.</summary>
    ResendLimit = 21,

    /// <summary>EndSeqNo (16) Value is lower than BeginSeqNo (7) Limit (373=5).</summary>
    ResendRangeInverted = 22,

    /// <summary>The next expected sequence number in a message is zero or negative (373=5).</summary>
    SeqNumOutOfRange = 23,

    /// <summary>MsgSeqNum (34) is missing or unreadable.</summary>
    MsgSeqNumMissing = 24,

    /// <summary>More application messages a second than Limit.</summary>
    ThrottleLimit = 40,

    /// <summary>Value messages were refused by the throttle of Limit a second within ten seconds.</summary>
    ThrottleAbuse = 41,

    /// <summary>The session's scheduled reset.</summary>
    ScheduledReset = 42,

    /// <summary>More ResendRequests within ten seconds than Limit.</summary>
    ResendRate = 43,

    /// <summary>UserRequest (BE) of a kind that is not carried out (926=6).</summary>
    UserRequestUnsupported = 44,

    /// <summary>The new password cannot be one (926=6).</summary>
    NewPasswordUnusable = 45,

    /// <summary>The session has no password that could be changed (926=6).</summary>
    NoPasswordToChange = 46,

    /// <summary>More session messages, UserRequests and invalid messages than a gateway takes from one session.</summary>
    SessionMessageFlood = 47,

    // Orders, 100 and up.

    /// <summary>The symbol is not listed (103=1).</summary>
    UnknownSymbol = 100,

    /// <summary>Price Value is not a multiple of the tick Limit.</summary>
    PriceNotOnTick = 101,

    /// <summary>Price Value is outside the book's range; Limit is the highest price allowed.</summary>
    PriceOutOfRange = 102,

    /// <summary>A limit order without a price.</summary>
    PriceMissing = 103,

    /// <summary>A market order with a price.</summary>
    PriceNotAllowed = 104,

    /// <summary>Quantity Value is not a multiple of the step Limit (103=13).</summary>
    QuantityNotOnStep = 105,

    /// <summary>Quantity Value must be positive and at most Limit (103=13).</summary>
    QuantityOutOfRange = 106,

    /// <summary>ClOrdID was used before (103=6, 102=6).</summary>
    DuplicateClOrdId = 107,

    /// <summary>A PossResend order whose ClOrdID is older than the window that is kept; it is refused, never executed.</summary>
    PossResendOutsideWindow = 108,

    /// <summary>No such order (102=1).</summary>
    UnknownOrder = 109,

    /// <summary>The order is already filled, cancelled or expired (102=0).</summary>
    TooLateToCancel = 110,

    /// <summary>Order type not supported (103=11).</summary>
    UnsupportedOrdType = 111,

    /// <summary>Time in force not supported (103=11).</summary>
    UnsupportedTimeInForce = 112,

    /// <summary>Side not supported (103=11).</summary>
    UnsupportedSide = 113,

    /// <summary>Replace would change a field that cannot change: side, symbol or account (102=2).</summary>
    ReplaceChangesIdentity = 114,

    /// <summary>Replace quantity Value is at or below the quantity already executed, Limit.</summary>
    ReplaceBelowExecuted = 115,

    /// <summary>The book or the exchange holds as many open orders as it may; Limit is that number.</summary>
    TooManyOpenOrders = 116,

    /// <summary>Immediate-or-cancel or market remainder cancelled for lack of liquidity.</summary>
    NoLiquidity = 117,

    /// <summary>Fill-or-kill could not be filled in full.</summary>
    NotFillableInFull = 118,

    /// <summary>Cancelled on disconnect.</summary>
    CancelOnDisconnect = 119,

    /// <summary>Day order expired at the end of the trading day.</summary>
    EndOfDay = 120,

    /// <summary>The client asked for it.</summary>
    UserRequested = 121,

    /// <summary>Cancelled by the session's OrderMassCancelRequest (q).</summary>
    MassCancelled = 122,

    /// <summary>A mass request for something else than one security or all orders (532=0).</summary>
    UnsupportedMassScope = 123,

    /// <summary>As many requests with long answers are being worked on for the session as may be, Limit.</summary>
    TooManyRequests = 124,

    /// <summary>No open order matches an OrderMassStatusRequest (AF).</summary>
    NoOrderMatches = 125,

    /// <summary>A request about one security without Symbol (55).</summary>
    SymbolMissing = 126,

    /// <summary>A request about securities of a kind that is not carried out (560=1, 323=5).</summary>
    UnsupportedSecurityRequest = 127,

    /// <summary>The trading session is not one of the venue's.</summary>
    UnknownTradingSession = 128,

    /// <summary>The market is closed (103=2).</summary>
    MarketClosed = 140,

    /// <summary>Trading in the instrument is halted (103=2).</summary>
    MarketHalted = 141,

    /// <summary>Only cancels are accepted at present (103=2).</summary>
    CancelOnly = 142,

    /// <summary>An auction is being carried out; try again when it is done.</summary>
    MarketUncrossing = 143,

    /// <summary>Orders of this kind are not accepted in the present phase.</summary>
    PhaseForbidsOrder = 144,

    /// <summary>The instrument has expired.</summary>
    InstrumentExpired = 145,

    /// <summary>A stop order without a stop price.</summary>
    StopPriceMissing = 146,

    /// <summary>A stop price on an order that is no stop.</summary>
    StopPriceNotAllowed = 147,

    /// <summary>DisplayQty on an order that may not have one.</summary>
    DisplayNotAllowed = 148,

    /// <summary>DisplayQty Value must be positive, on the step and at most the quantity, Limit.</summary>
    DisplayOutOfRange = 149,

    /// <summary>MinQty on an order that may not have one.</summary>
    MinQtyNotAllowed = 150,

    /// <summary>MinQty Value must be positive, on the step and at most the quantity, Limit.</summary>
    MinQtyOutOfRange = 151,

    /// <summary>Order type, time in force and instructions do not go together (103=11).</summary>
    UnsupportedCombination = 152,

    /// <summary>A good-till-date order without ExpireTime or ExpireDate.</summary>
    ExpireTimeMissing = 153,

    /// <summary>ExpireTime or ExpireDate on an order that is not good till date.</summary>
    ExpireTimeNotAllowed = 154,

    /// <summary>ExpireTime or ExpireDate is not in the future, or more than ten years ahead.</summary>
    ExpireTimeOutOfRange = 155,

    /// <summary>The account is not one of the participant's (103=15).</summary>
    UnknownAccount = 156,

    /// <summary>The post-only order would trade at once, at the price Limit.</summary>
    PostOnlyWouldTrade = 157,

    /// <summary>MinQty could not be executed at once.</summary>
    MinQtyNotMet = 158,

    /// <summary>The order met as many resting orders as one order may, Limit; the rest is cancelled.</summary>
    TooManyFills = 159,

    /// <summary>The next trade, at Value, would be outside of the price collar, Limit.</summary>
    PriceCollar = 160,

    /// <summary>The order would have traded with one of the same firm or group.</summary>
    SelfTradePrevented = 161,

    /// <summary>The order's time has come.</summary>
    GoodTillDateReached = 162,

    /// <summary>Not executed in the opening auction.</summary>
    NotExecutedAtOpen = 163,

    /// <summary>Not executed in the closing auction.</summary>
    NotExecutedAtClose = 164,

    /// <summary>Entry is blocked by a kill switch.</summary>
    EntryBlocked = 165,

    /// <summary>Cancelled by a kill switch.</summary>
    KillSwitch = 166,

    /// <summary>The firm or account may not trade this instrument.</summary>
    InstrumentRestricted = 167,

    /// <summary>Quantity Value is above the risk limit of Limit (103=3).</summary>
    OrderQuantityLimit = 168,

    /// <summary>Notional Value is above the risk limit of Limit (103=3).</summary>
    OrderNotionalLimit = 169,

    /// <summary>Price Value is too far from the reference price; Limit is the furthest allowed.</summary>
    FatFinger = 170,

    /// <summary>More orders within a second than the firm's limit of Limit.</summary>
    OrderRate = 171,

    /// <summary>The same order more than Limit times in a row.</summary>
    RepeatedOrder = 172,

    /// <summary>The position could reach Value, above the limit of Limit (103=3).</summary>
    PositionLimit = 173,

    /// <summary>The gross position could reach Value, above the limit of Limit (103=3).</summary>
    GrossPositionLimit = 174,

    /// <summary>The credit used would be Value, above the limit of Limit (103=3).</summary>
    CreditLimit = 175,

    /// <summary>Withdrawn by market-maker protection.</summary>
    MarketMakerProtection = 176,

    /// <summary>Market-maker protection has withdrawn the firm's quotes; it must be reset first.</summary>
    ProtectionTripped = 177,

    /// <summary>Withdrawn by the session's QuoteCancel (Z) or MassQuote (i).</summary>
    QuoteCancelled = 178,

    /// <summary>A mass quote has at most Limit entries.</summary>
    TooManyQuoteEntries = 179,

    /// <summary>Bid Value is not below offer Limit.</summary>
    QuoteCrossed = 180,

    /// <summary>A quoted price without a size.</summary>
    QuoteSizeMissing = 181,

    /// <summary>The market group does not exist.</summary>
    UnknownMarketGroup = 182,

    /// <summary>QuoteCancelType (298) is neither one symbol nor all.</summary>
    UnsupportedQuoteCancel = 183,
}
