using Exchange.Core.Instruments;
using Exchange.Core.Markets;
using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Requests;

// To FIX a market group is a trading session (336), called by its name; MAIN, which always exists, is the session 1.

/// <summary>Answers what clients ask about instruments and the trading day.</summary>
internal sealed class SecurityRequests
{
    private const byte OneSymbol = (byte)'0';
    private const byte AllSecurities = (byte)'4';
    private const byte IdentityAndSpecification = (byte)'0';
    private const byte IdentityForSpecification = (byte)'1';
    private const byte ListOfSecurities = (byte)'3';
    private const byte Subscribe = (byte)'1';
    private const byte Unsubscribe = (byte)'2';

    // SecurityRequestResult (560) and SecurityResponseType (323).
    private const byte InvalidRequest = (byte)'1';
    private const byte NothingFound = (byte)'2';
    private const byte Accepted = (byte)'1';
    private const byte Rejected = (byte)'5';
    private const byte CannotMatch = (byte)'6';

    private static readonly Text24 _day = Text24.From("1");

    private readonly OrderEntry _orders;
    private readonly InstrumentTable _instruments;
    private readonly MarketTable _markets;
    private readonly Subscriptions _subscriptions;
    private readonly MarketNews _news;
    private readonly SecurityReports _reports;

    /// <summary>Creates the desk.</summary>
    public SecurityRequests(OrderEntry orders, MarketDesk desk, SecurityReports reports)
    {
        _orders = orders;
        _markets = desk.Markets;
        _instruments = _markets.Instruments;
        _subscriptions = desk.Subscriptions;
        _news = desk.News;
        _reports = reports;
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

    /// <summary>SecurityStatusRequest (e): the phase of one instrument, now or whenever it changes.</summary>
    public void Status(int sessionId, in SecurityRequestCommand command, in CommandContext context)
    {
        bool isListed = _instruments.TryFind(in command.Subject, out Instrument? instrument);
        if (command.Subscription == Unsubscribe)
        {
            if (isListed)
            {
                _subscriptions.Remove(sessionId, instrument!.Id);
            }

            return;
        }

        if (!isListed)
        {
            _reports.NoInstrument(sessionId, in command, ReasonCode.UnknownSymbol);
        }
        else if (command.Subscription == Subscribe && !_subscriptions.TryAdd(sessionId, instrument!.Id, in command.RequestId))
        {
            _reports.NoInstrument(sessionId, in command, ReasonCode.TooManyRequests);
        }
        else
        {
            Market market = _markets[instrument!.Id];
            _news.Watch(market, in context);
            _reports.Instrument(sessionId, in command.RequestId, market, isUnsolicited: false);
        }
    }

    /// <summary>TradingSessionStatusRequest (g): the phase of a market group, MAIN when none is named, now or whenever it changes.</summary>
    public void TradingSession(int sessionId, in SecurityRequestCommand command)
    {
        MarketGroup? group = GroupOf(in command.Subject);
        if (command.Subscription == Unsubscribe)
        {
            if (group is not null)
            {
                _subscriptions.Remove(sessionId, Subscriptions.TopicOf(group));
            }

            return;
        }

        if (group is null)
        {
            _reports.NoGroup(sessionId, in command, ReasonCode.UnknownTradingSession);
        }
        else if (command.Subscription == Subscribe && !_subscriptions.TryAdd(sessionId, Subscriptions.TopicOf(group), in command.RequestId))
        {
            _reports.NoGroup(sessionId, in command, ReasonCode.TooManyRequests);
        }
        else
        {
            _reports.Group(sessionId, in command.RequestId, group, isUnsolicited: false);
        }
    }

    private MarketGroup? GroupOf(in Text24 name) =>
        name.IsEmpty || name == _day ? _markets.Group(0)
        : Text16.TryCreate(name.AsSpan(), out Text16 text) ? _markets.FindGroup(text) : null;

    private LongRequest RequestOf(in SecurityRequestCommand command, LongRequestKind kind, int instrumentId, long responseId) => new()
    {
        RequestId = command.RequestId,
        Number = responseId,
        Total = instrumentId < 0 ? _instruments.Count : 1,
        InstrumentId = instrumentId,
        Kind = kind,
    };
}
