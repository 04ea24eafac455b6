using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Sessions;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Requests;

// An instrument that is listed trades, all day, and there is one trading session. So a subscription to a status is answered with that
// status and has nothing to send afterwards, and ending one needs no answer; neither is state.

/// <summary>Answers what clients ask about instruments and the trading day.</summary>
internal sealed class SecurityRequests
{
    private const byte OneSymbol = (byte)'0';
    private const byte AllSecurities = (byte)'4';
    private const byte IdentityAndSpecification = (byte)'0';
    private const byte IdentityForSpecification = (byte)'1';
    private const byte ListOfSecurities = (byte)'3';
    private const byte Unsubscribe = (byte)'2';

    // SecurityRequestResult (560), SecurityResponseType (323) and TradSesStatus (340).
    private const byte InvalidRequest = (byte)'1';
    private const byte NothingFound = (byte)'2';
    private const byte Accepted = (byte)'1';
    private const byte Rejected = (byte)'5';
    private const byte CannotMatch = (byte)'6';
    private const byte Open = (byte)'2';
    private const byte RequestRejected = (byte)'6';

    private static readonly Text24 _day = Text24.From("1");

    private readonly OrderEntry _orders;
    private readonly InstrumentTable _instruments;
    private readonly DeadlineCalendar _calendar;
    private readonly SecurityReports _reports;

    /// <summary>Creates the desk.</summary>
    public SecurityRequests(SessionOutbox outbox, OrderEntry orders, InstrumentTable instruments, DeadlineCalendar calendar)
    {
        _orders = orders;
        _instruments = instruments;
        _calendar = calendar;
        _reports = new SecurityReports(outbox, instruments);
    }

    /// <summary>SecurityListRequest (x): one symbol, or all instruments.</summary>
    public void List(int sessionId, in SecurityRequestCommand command, in CommandContext context)
    {
        long responseId = context.Position;
        OrderSession session = _orders.SessionOf(sessionId);
        if (command.RequestType is not (OneSymbol or AllSecurities))
        {
            _reports.ListNothing(sessionId, in command, InvalidRequest, ReasonCode.UnsupportedSecurityRequest, responseId);
        }
        else if (session.Requests.IsFull)
        {
            _reports.ListNothing(sessionId, in command, InvalidRequest, ReasonCode.TooManyRequests, responseId);
        }
        else if (command.RequestType == AllSecurities && _instruments.Count > 0)
        {
            _orders.LongRequests.Start(session, RequestOf(in command, LongRequestKind.SecurityList, -1, responseId), in context);
        }
        else if (command.RequestType == OneSymbol && _instruments.TryFind(in command.Subject, out Instrument? instrument))
        {
            _orders.LongRequests.Start(session, RequestOf(in command, LongRequestKind.SecurityList, instrument.Id, responseId), in context);
        }
        else
        {
            _reports.ListNothing(sessionId, in command, NothingFound, command.Subject.IsEmpty ? ReasonCode.SymbolMissing : ReasonCode.UnknownSymbol, responseId);
        }
    }

    /// <summary>SecurityDefinitionRequest (c): one symbol, or a list of all instruments.</summary>
    public void Define(int sessionId, in SecurityRequestCommand command, in CommandContext context)
    {
        long responseId = context.Position;
        OrderSession session = _orders.SessionOf(sessionId);
        if (command.RequestType is IdentityAndSpecification or IdentityForSpecification)
        {
            if (_instruments.TryFind(in command.Subject, out Instrument? instrument))
            {
                _reports.Define(sessionId, in command.RequestId, responseId, instrument.Id, total: 1, Accepted);
            }
            else
            {
                ReasonCode reason = command.Subject.IsEmpty ? ReasonCode.SymbolMissing : ReasonCode.UnknownSymbol;
                _reports.DefineNothing(sessionId, in command, CannotMatch, reason, responseId);
            }
        }
        else if (command.RequestType != ListOfSecurities)
        {
            _reports.DefineNothing(sessionId, in command, Rejected, ReasonCode.UnsupportedSecurityRequest, responseId);
        }
        else if (session.Requests.IsFull)
        {
            _reports.DefineNothing(sessionId, in command, Rejected, ReasonCode.TooManyRequests, responseId);
        }
        else if (_instruments.Count == 0)
        {
            _reports.DefineNothing(sessionId, in command, CannotMatch, ReasonCode.UnknownSymbol, responseId);
        }
        else
        {
            _orders.LongRequests.Start(session, RequestOf(in command, LongRequestKind.SecurityDefinitions, -1, responseId), in context);
        }
    }

    /// <summary>SecurityStatusRequest (e).</summary>
    public void Status(int sessionId, in SecurityRequestCommand command)
    {
        if (command.Subscription != Unsubscribe)
        {
            _reports.Status(sessionId, in command);
        }
    }

    /// <summary>TradingSessionStatusRequest (g): the day is the only trading session, and is meant when none is named.</summary>
    public void TradingSession(int sessionId, in SecurityRequestCommand command)
    {
        if (command.Subscription == Unsubscribe)
        {
            return;
        }

        if (!command.Subject.IsEmpty && command.Subject != _day)
        {
            _reports.TradingSession(sessionId, in command, in command.Subject, RequestRejected, endTimeNs: 0, ReasonCode.UnknownTradingSession);
            return;
        }

        long endTimeNs = _calendar.DayEndNs == long.MaxValue ? 0 : _calendar.DayEndNs;
        _reports.TradingSession(sessionId, in command, in _day, Open, endTimeNs, ReasonCode.None);
    }

    private LongRequest RequestOf(in SecurityRequestCommand command, LongRequestKind kind, int instrumentId, long responseId) => new()
    {
        RequestId = command.RequestId,
        Number = responseId,
        Total = instrumentId < 0 ? _instruments.Count : 1,
        InstrumentId = instrumentId,
        Kind = kind,
    };
}
