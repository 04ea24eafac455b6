using System.Buffers.Text;
using Exchange.Fix.Validation;
using Exchange.Fix.Writing;
using Exchange.Protocol;

namespace Exchange.Gateway.Translation;

/// <summary>
/// The words of Text (58): each reason in words that a trader understands, with the value and the limit. Templates hold
/// {v} and {l} for value and limit as whole numbers, {V} and {L} for those in 10^-8.
/// </summary>
public static class ReasonText
{
    /// <summary>No text is longer, in bytes.</summary>
    public const int LengthMax = 200;

    /// <summary>Writes the words of a reason; returns their length, 0 for a reason that needs no words.</summary>
    /// <param name="code">The reason.</param>
    /// <param name="value">The offending value, in the unit that <see cref="ReasonCode"/> states.</param>
    /// <param name="limit">The limit, in the same unit.</param>
    /// <param name="target">At least <see cref="LengthMax"/> bytes.</param>
    public static int Write(ReasonCode code, long value, long limit, Span<byte> target)
    {
        ReadOnlySpan<byte> template = Template(code);
        int length = 0;
        while (!template.IsEmpty)
        {
            int brace = template.IndexOf((byte)'{');
            ReadOnlySpan<byte> words = brace < 0 ? template : template[..brace];
            words.CopyTo(target[length..]);
            length += words.Length;
            if (brace < 0)
            {
                break;
            }

            length += WriteNumber(template[brace + 1], value, limit, target[length..]);
            template = template[(brace + 3)..];
        }

        return length;
    }

    private static int WriteNumber(byte kind, long value, long limit, Span<byte> target)
    {
        long number = kind is (byte)'v' or (byte)'V' ? value : limit;
        if (!FixedPoint.IsNumber(number))
        {
            ReadOnlySpan<byte> words = number == FixedPoint.Absent ? "(none)"u8 : "(too large, or more than 8 decimals)"u8;
            words.CopyTo(target);
            return words.Length;
        }

        if (kind is (byte)'V' or (byte)'L')
        {
            return DecimalText.WriteE8(target, number);
        }

        Utf8Formatter.TryFormat(number, target, out int written);
        return written;
    }

    /// <summary>The words of a reason with places for value and limit; empty for a reason that needs none.</summary>
    public static ReadOnlySpan<byte> Template(ReasonCode code) => (ushort)code >= 100 ? OrderTemplate(code) : code switch
    {
        ReasonCode.MsgSeqNumTooLow => "MsgSeqNum too low, expecting {l} but received {v}"u8,
        ReasonCode.SendingTimeAccuracy => "SendingTime accuracy problem"u8,
        ReasonCode.CompIdProblem => "CompID problem"u8,
        ReasonCode.IncorrectBeginString => "Incorrect BeginString"u8,
        ReasonCode.SequenceResetLowers => "Value is incorrect (out of range) for this tag"u8,
        ReasonCode.OrigSendingTimeAfterSendingTime => "SendingTime accuracy problem"u8,
        ReasonCode.OrigSendingTimeMissing => "Required tag missing"u8,
        ReasonCode.ResetRequiresSeqNumOne => "Logon with ResetSeqNumFlag (141) = Y must have MsgSeqNum (34) 1, received {v}"u8,
        ReasonCode.NextExpectedTooHigh => "NextExpectedMsgSeqNum (789) {v} is higher than the next number to be sent, {l}"u8,
        ReasonCode.LogonInSession => "Logon in an established session"u8,
        ReasonCode.ResendBeyondSent => "Value is incorrect (out of range) for this tag"u8,
        ReasonCode.ParticipantDisabled => "Participant is disabled"u8,
        ReasonCode.InvalidMessage => "Message is invalid"u8,
        ReasonCode.UnsupportedMessageType => "Unsupported Message Type"u8,
        ReasonCode.HeartBtIntOutOfRange => "HeartBtInt (108) {v} is outside the limits"u8,
        ReasonCode.PeerSilent => "Nothing received for twice the heartbeat interval"u8,
        ReasonCode.SlowConsumer => "Client reads too slowly"u8,
        ReasonCode.Operator => "Ended by the operator"u8,
        ReasonCode.DuplicateLogon => "Another connection of this session is live"u8,
        ReasonCode.ResendLimit => "The same range was asked for too often"u8,
        ReasonCode.ResendRangeInverted => "Value is incorrect (out of range) for this tag"u8,
        ReasonCode.MsgSeqNumMissing => "MsgSeqNum (34) is missing or unreadable"u8,
        ReasonCode.ThrottleLimit => "Throttle limit exceeded: at most {l} messages a second"u8,
        ReasonCode.ThrottleAbuse => "Throttle limit of {l} messages a second exceeded again and again: {v} messages refused within 10 seconds"u8,
        ReasonCode.SessionMessageFlood => "Throttle limit exceeded: too many session-level or invalid messages"u8,
        ReasonCode.ScheduledReset => "Scheduled end of the session; sequence numbers restart at 1"u8,
        ReasonCode.ResendRate => "Too many ResendRequests: at most {l} within 10 seconds"u8,
        ReasonCode.UserRequestUnsupported => "UserRequestType (924) is not supported; use 3 (change password) or 4 (status)"u8,
        ReasonCode.NewPasswordUnusable => "NewPassword (925) must have 1 to 128 characters"u8,
        ReasonCode.NoPasswordToChange => "This session has no password"u8,
        ReasonCode.SeqNumOutOfRange => "Value is incorrect (out of range) for this tag"u8,
        _ => default,
    };

    private static ReadOnlySpan<byte> OrderTemplate(ReasonCode code) => code switch
    {
        ReasonCode.UnknownSymbol => "Symbol is not listed"u8,
        ReasonCode.PriceNotOnTick => "Price {V} is not a multiple of the tick {L}"u8,
        ReasonCode.PriceOutOfRange => "Price {V} is outside the allowed range; the highest price is {L}"u8,
        ReasonCode.PriceMissing => "Limit order without Price (44)"u8,
        ReasonCode.PriceNotAllowed => "An order of this type must not have Price (44), received {V}"u8,
        ReasonCode.QuantityNotOnStep => "Quantity {V} is not a multiple of the step {L}"u8,
        ReasonCode.QuantityOutOfRange => "Quantity {V} must be positive and at most {L}"u8,
        ReasonCode.DuplicateClOrdId => "ClOrdID (11) was used before"u8,
        ReasonCode.PossResendOutsideWindow => "PossResend refused: the id is outside of the window kept, so a duplicate cannot be excluded"u8,
        ReasonCode.UnknownOrder => "Order not found"u8,
        ReasonCode.TooLateToCancel => "Order is already filled, cancelled or expired"u8,
        ReasonCode.UnsupportedOrdType => "OrdType (40) is not supported; use 1 (market), 2 (limit), 3 (stop), 4 (stop limit) or K (market to limit)"u8,
        ReasonCode.UnsupportedTimeInForce => "TimeInForce (59) is not supported; use 0 (day), 1 (GTC), 2 (at the open), 3 (IOC), 4 (FOK), 6 (GTD) or 7 (at the close)"u8,
        ReasonCode.UnsupportedSide => "Side (54) is not supported; use 1 (buy) or 2 (sell)"u8,
        ReasonCode.ReplaceChangesIdentity => "Replace must not change side, symbol or account"u8,
        ReasonCode.ReplaceBelowExecuted => "OrderQty {V} is not above the quantity already executed, {L}"u8,
        ReasonCode.TooManyOpenOrders => "Too many open orders; the limit is {l}"u8,
        ReasonCode.NoLiquidity => "Remainder cancelled: no liquidity"u8,
        ReasonCode.NotFillableInFull => "Fill-or-kill order could not be filled in full"u8,
        ReasonCode.CancelOnDisconnect => "Cancelled on disconnect"u8,
        ReasonCode.EndOfDay => "Day order expired at the end of the trading day"u8,
        ReasonCode.MassCancelled => "Cancelled by mass cancel request"u8,
        ReasonCode.UnsupportedMassScope => "Only the orders of one security (1) or all orders (7), of one side or both, can be asked for"u8,
        ReasonCode.TooManyRequests => "Earlier requests are still being answered; at most {l} at a time"u8,
        ReasonCode.NoOrderMatches => "No open order matches the request"u8,
        ReasonCode.SymbolMissing => "Symbol (55) is required for a request about one security"u8,
        ReasonCode.UnsupportedSecurityRequest => "This kind of request is not supported; ask for one symbol or for all"u8,
        ReasonCode.UnknownTradingSession => "TradingSessionID (336) is not known; the only trading session is 1 (day)"u8,
        >= ReasonCode.MarketClosed => MarketTemplate(code),
        _ => default,
    };

    private static ReadOnlySpan<byte> MarketTemplate(ReasonCode code) => code switch
    {
        ReasonCode.MarketClosed => "Market is closed"u8,
        ReasonCode.MarketHalted => "Trading is halted"u8,
        ReasonCode.CancelOnly => "Only cancels are accepted at present"u8,
        ReasonCode.MarketUncrossing => "Auction is being carried out; try again when it is done"u8,
        ReasonCode.PhaseForbidsOrder => "Orders of this kind are not accepted in the present market phase"u8,
        ReasonCode.InstrumentExpired => "Instrument has expired"u8,
        ReasonCode.StopPriceMissing => "Stop order without StopPx (99)"u8,
        ReasonCode.StopPriceNotAllowed => "StopPx (99) {V} on an order that is no stop order"u8,
        ReasonCode.DisplayNotAllowed => "Only limit orders that may rest can have a display quantity (1138, 111)"u8,
        ReasonCode.DisplayOutOfRange => "Display quantity {V} must be positive, a multiple of the step and at most {L}"u8,
        ReasonCode.MinQtyNotAllowed => "MinQty (110) is not allowed for this order"u8,
        ReasonCode.MinQtyOutOfRange => "MinQty {V} must be positive, a multiple of the step and at most {L}"u8,
        ReasonCode.UnsupportedCombination => "OrdType (40), TimeInForce (59) and instructions do not go together; of ExecInst (18) only 6 (post-only) is supported"u8,
        ReasonCode.ExpireTimeMissing => "Good-till-date order without ExpireTime (126) or ExpireDate (432)"u8,
        ReasonCode.ExpireTimeNotAllowed => "ExpireTime (126) or ExpireDate (432) on an order that is not good till date"u8,
        ReasonCode.ExpireTimeOutOfRange => "ExpireTime (126) or ExpireDate (432) must be later than now, by ten years at most"u8,
        ReasonCode.UnknownAccount => "Account (1) is not known"u8,
        ReasonCode.PostOnlyWouldTrade => "Post-only order would trade at {L}"u8,
        ReasonCode.MinQtyNotMet => "MinQty (110) could not be executed at once"u8,
        ReasonCode.TooManyFills => "Remainder cancelled: one order may meet at most {l} resting orders"u8,
        ReasonCode.PriceCollar => "Next trade at {V} would be outside of the price collar {L}"u8,
        ReasonCode.SelfTradePrevented => "Self-trade prevented"u8,
        ReasonCode.GoodTillDateReached => "Good-till-date order expired"u8,
        ReasonCode.NotExecutedAtOpen => "Not executed in the opening auction"u8,
        ReasonCode.NotExecutedAtClose => "Not executed in the closing auction"u8,
        ReasonCode.EntryBlocked => "Order entry is blocked by a kill switch"u8,
        ReasonCode.KillSwitch => "Cancelled by kill switch"u8,
        ReasonCode.InstrumentRestricted => "Instrument is restricted for this firm or account"u8,
        ReasonCode.OrderQuantityLimit => "Quantity {V} exceeds the risk limit {L}"u8,
        ReasonCode.OrderNotionalLimit => "Notional {V} exceeds the risk limit {L}"u8,
        ReasonCode.FatFinger => "Price {V} is too far from the reference price; the limit is {L}"u8,
        ReasonCode.OrderRate => "More than {l} orders within a second"u8,
        ReasonCode.RepeatedOrder => "The same order more than {l} times in a row"u8,
        ReasonCode.PositionLimit => "Position could reach {V}, the limit is {L}"u8,
        ReasonCode.GrossPositionLimit => "Gross position could reach {V}, the limit is {L}"u8,
        ReasonCode.CreditLimit => "Credit used would be {V}, the limit is {L}"u8,
        ReasonCode.MarketMakerProtection => "Withdrawn by market-maker protection"u8,
        ReasonCode.ProtectionTripped => "Market-maker protection has tripped; reset it first"u8,
        ReasonCode.QuoteCancelled => "Quote withdrawn"u8,
        ReasonCode.TooManyQuoteEntries => "At most {l} quote entries in one message"u8,
        ReasonCode.QuoteCrossed => "Bid {V} is not below offer {L}"u8,
        ReasonCode.QuoteSizeMissing => "Quoted price without a size"u8,
        ReasonCode.UnsupportedQuoteCancel => "QuoteCancelType (298) is not supported; use 1 (one symbol) or 4 (all)"u8,
        ReasonCode.UnknownMarketGroup => "Market group is not known"u8,
        _ => default,
    };

    /// <summary>The words of a session-level Reject that validation decided: the name that the FIX session protocol gives the reason (373); 371 says which tag.</summary>
    public static ReadOnlySpan<byte> RejectWords(SessionRejectReason reason) => reason switch
    {
        SessionRejectReason.InvalidTagNumber => "Invalid tag number"u8,
        SessionRejectReason.RequiredTagMissing => "Required tag missing"u8,
        SessionRejectReason.TagNotDefinedForMessage => "Tag not defined for this message type"u8,
        SessionRejectReason.TagWithoutValue => "Tag specified without a value"u8,
        SessionRejectReason.ValueOutOfRange => "Value is incorrect (out of range) for this tag"u8,
        SessionRejectReason.IncorrectDataFormat => "Incorrect data format for value"u8,
        SessionRejectReason.DecryptionProblem => "Decryption problem"u8,
        SessionRejectReason.CompIdProblem => "CompID problem"u8,
        SessionRejectReason.SendingTimeAccuracy => "SendingTime accuracy problem"u8,
        SessionRejectReason.InvalidMsgType => "Invalid MsgType"u8,
        SessionRejectReason.TagAppearsMoreThanOnce => "Tag appears more than once"u8,
        SessionRejectReason.TagOutOfOrder => "Tag specified out of required order"u8,
        SessionRejectReason.GroupFieldsOutOfOrder => "Repeating group fields out of order"u8,
        SessionRejectReason.IncorrectNumInGroup => "Incorrect NumInGroup count for repeating group"u8,
        SessionRejectReason.InvalidApplVer => "Invalid or unsupported application version"u8,
        _ => "Message refused: too many fields"u8,
    };
}
