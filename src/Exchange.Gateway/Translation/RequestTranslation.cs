using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Translation;

/// <summary>
/// Fills the commands of requests about many orders and about instruments from valid messages. Each returns the command's length; 0 after
/// a refusal, which happens only for texts longer than their record fields.
/// </summary>
internal static class RequestTranslation
{
    /// <summary>OrderMassStatusRequest (AF).</summary>
    public static int MassStatus(FixMessage message, ref MassOrderCommand command)
    {
        command.Scope = (MassScope)Digit(message, FixTag.MassStatusReqType);
        command.IsNarrowed = (byte)(message.Contains(FixTag.Account) || message.Contains(FixTag.TradingSessionID) || IsNarrowed(message) ? 1 : 0);
        return Mass(message, CommandType.MassStatus, FixTag.MassStatusReqID, ref command);
    }

    /// <summary>OrderMassCancelRequest (q).</summary>
    public static int MassCancel(FixMessage message, ref MassOrderCommand command)
    {
        command.Scope = (MassScope)message.Number(FixTag.MassCancelRequestType, 0);
        bool isOfSession = command.Scope == MassScope.TradingSession;
        command.IsNarrowed = (byte)(IsNarrowed(message) || (message.Contains(FixTag.TradingSessionID) && !isOfSession) ? 1 : 0);
        if (isOfSession && !Text16.TryCreate(message.Text(FixTag.TradingSessionID), out command.GroupName))
        {
            return TooLong(ref command.Header, FixTag.TradingSessionID);
        }

        return Mass(message, CommandType.MassCancel, FixTag.ClOrdID, ref command);
    }

    /// <summary>SecurityListRequest (x).</summary>
    public static int SecurityList(FixMessage message, ref SecurityRequestCommand command)
    {
        command.RequestType = Digit(message, FixTag.SecurityListRequestType);
        return Ask(message, CommandType.SecurityListRequest, FixTag.SecurityReqID, FixTag.Symbol, ref command);
    }

    /// <summary>SecurityDefinitionRequest (c).</summary>
    public static int SecurityDefinition(FixMessage message, ref SecurityRequestCommand command)
    {
        command.RequestType = Digit(message, FixTag.SecurityRequestType);
        return Ask(message, CommandType.SecurityDefinitionRequest, FixTag.SecurityReqID, FixTag.Symbol, ref command);
    }

    /// <summary>SecurityStatusRequest (e).</summary>
    public static int SecurityStatus(FixMessage message, ref SecurityRequestCommand command)
    {
        command.Subscription = (byte)message.Number(FixTag.SubscriptionRequestType, 0);
        return Ask(message, CommandType.SecurityStatusRequest, FixTag.SecurityStatusReqID, FixTag.Symbol, ref command);
    }

    /// <summary>TradingSessionStatusRequest (g).</summary>
    public static int TradingSessionStatus(FixMessage message, ref SecurityRequestCommand command)
    {
        command.Subscription = (byte)message.Number(FixTag.SubscriptionRequestType, 0);
        return Ask(message, CommandType.TradingSessionStatusRequest, FixTag.TradSesReqID, FixTag.TradingSessionID, ref command);
    }

    private static int Mass(FixMessage message, CommandType type, int idTag, ref MassOrderCommand command)
    {
        ReadOnlySpan<byte> id = message.Text(idTag);
        if (id.Length > InboundTranslator.ClOrdIdLengthMax || !Text40.TryCreate(id, out command.RequestId))
        {
            return TooLong(ref command.Header, idTag);
        }

        if (!Text24.TryCreate(message.Text(FixTag.Symbol), out command.Symbol))
        {
            return TooLong(ref command.Header, FixTag.Symbol);
        }

        command.Header.Command.Type = type;
        command.Side = (Side)message.Number(FixTag.Side, 0);
        return MassOrderCommand.SizeBytes;
    }

    private static int Ask(FixMessage message, CommandType type, int idTag, int subjectTag, ref SecurityRequestCommand command)
    {
        if (!Text40.TryCreate(message.Text(idTag), out command.RequestId))
        {
            return TooLong(ref command.Header, idTag);
        }

        if (!Text24.TryCreate(message.Text(subjectTag), out command.Subject))
        {
            return TooLong(ref command.Header, subjectTag);
        }

        command.Header.Command.Type = type;
        return SecurityRequestCommand.SizeBytes;
    }

    /// <summary>What would make fewer orders be meant than scope, security and side say: more must not be touched than the client wants.</summary>
    private static bool IsNarrowed(FixMessage message) =>
        message.Contains(FixTag.NoPartyIDs) || message.Contains(FixTag.TradingSessionSubID)
        || message.Contains(FixTag.MarketID) || message.Contains(FixTag.MarketSegmentID)
        || (message.Contains(FixTag.SecurityID) && !message.Contains(FixTag.Symbol));

    /// <summary>A code that is a number on the wire as a character; no code above nine is carried out, so it may be any other character.</summary>
    private static byte Digit(FixMessage message, int tag) => (byte)('0' + Math.Clamp(message.Number(tag, 0), 0, 10));

    private static int TooLong(ref FixCommandHeader header, int tag)
    {
        InboundTranslator.Refuse(ref header, GatewayVerdict.SessionReject, (ushort)SessionRejectReason.ValueOutOfRange, tag);

        // Nothing but the header of a refused message stays in the record, so its other fields need no care.
        return 0;
    }
}
