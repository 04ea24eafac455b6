using System.Runtime.InteropServices;
using Exchange.Core.Instruments;
using Exchange.Core.Markets;
using Exchange.Core.Sessions;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Core.Requests;

/// <summary>Writes what clients are told about instruments and the venue into the sessions' outboxes. Instruments go as numbers; the gateway knows the rest.</summary>
internal sealed class SecurityReports(SessionOutbox outbox, MarketTable markets, DeadlineCalendar? calendar = null)
{
    private const byte Valid = (byte)'0';

    // TradSesStatus (340).
    private const byte RequestRejected = (byte)'6';

    // SecurityTradingStatus (326): unknown or invalid.
    private const byte UnknownSecurity = 20;

    private static readonly Text24 s_main = Text24.From("1");

    /// <summary>The next fragment of a SecurityList (y); returns the number of instruments in it.</summary>
    public int ListFragment(int sessionId, in LongRequest request)
    {
        int first = request.InstrumentId >= 0 ? request.InstrumentId : request.Done;
        int count = Math.Min(request.Total - request.Done, SecurityListEvent.InstrumentsMax);
        ref SecurityListEvent list = ref outbox.Append<SecurityListEvent>(EventType.SecurityList, sessionId);
        list.RequestId = request.RequestId;
        list.ResponseId = request.Number;
        list.FirstInstrumentId = first;
        list.Count = count;
        list.Total = request.Total;
        list.Result = Valid;
        list.IsLast = (byte)(request.Done + count == request.Total ? 1 : 0);
        return count;
    }

    /// <summary>A SecurityList (y) without instruments, and why.</summary>
    public void ListNothing(int sessionId, in SecurityRequestCommand command, byte result, ReasonCode reason, long responseId)
    {
        ref SecurityListEvent list = ref outbox.Append<SecurityListEvent>(EventType.SecurityList, sessionId);
        list.RequestId = command.RequestId;
        list.ResponseId = responseId;
        list.FirstInstrumentId = -1;
        list.Result = result;
        list.IsLast = 1;
        list.Text = reason;
    }

    /// <summary>The SecurityDefinition (d) of the next instrument of a request for all.</summary>
    public void DefineOne(int sessionId, in LongRequest request) =>
        Define(sessionId, in request.RequestId, request.Number, request.Done, request.Total, (byte)'4');

    /// <summary>The SecurityDefinition (d) of one instrument.</summary>
    public void Define(int sessionId, in Text40 requestId, long responseId, int instrumentId, int total, byte responseType)
    {
        Invariant.Require(instrumentId < markets.Count);
        ref SecurityDefinitionEvent definition = ref outbox.Append<SecurityDefinitionEvent>(EventType.SecurityDefinition, sessionId, DefineInstrumentCommand.SizeBytes);
        definition.RequestId = requestId;
        definition.ResponseId = responseId;
        definition.InstrumentId = instrumentId;
        definition.Total = total;
        definition.ResponseType = responseType;
        MemoryMarshal.Write(outbox.LastTail(DefineInstrumentCommand.SizeBytes), in markets[instrumentId].Instrument.Definition);
    }

    /// <summary>A SecurityDefinition (d) that defines nothing, and why.</summary>
    public void DefineNothing(int sessionId, in SecurityRequestCommand command, byte responseType, ReasonCode reason, long responseId)
    {
        ref SecurityDefinitionEvent definition = ref outbox.Append<SecurityDefinitionEvent>(EventType.SecurityDefinition, sessionId);
        definition.RequestId = command.RequestId;
        definition.ResponseId = responseId;
        definition.Symbol = command.Subject;
        definition.InstrumentId = -1;
        definition.ResponseType = responseType;
        definition.Text = reason;
        definition.Limit = reason == ReasonCode.TooManyRequests ? RequestQueue.CountMax : 0;
    }

    /// <summary>SecurityStatus (f) of an instrument that does not exist, or that no more can be told about.</summary>
    public void NoInstrument(int sessionId, in SecurityRequestCommand command, ReasonCode reason)
    {
        ref SecurityStatusEvent status = ref outbox.Append<SecurityStatusEvent>(EventType.SecurityStatus, sessionId);
        status.RequestId = command.RequestId;
        status.Symbol = command.Subject;
        status.TradingStatus = UnknownSecurity;
        status.Text = reason;
    }

    /// <summary>SecurityStatus (f): the phase of an instrument and, in an auction, its indicative price if one has been found.</summary>
    public void Instrument(int sessionId, in Text40 requestId, Market market, bool isUnsolicited)
    {
        Instrument instrument = market.Instrument;
        bool hasIndication = market.IsInAuction && market.IndicativeTicks != 0;
        int tailBytes = hasIndication ? IndicationTail.SizeBytes : 0;
        ref SecurityStatusEvent status = ref outbox.Append<SecurityStatusEvent>(EventType.SecurityStatus, sessionId, tailBytes);
        status.RequestId = requestId;
        status.Symbol = instrument.Symbol;
        status.TradingStatus = StatusOf(market.Phase);
        status.IsUnsolicited = (byte)(isUnsolicited ? 1 : 0);
        status.Phase = market.Phase;
        status.Text = market.IsExpired ? ReasonCode.InstrumentExpired : ReasonCode.None;
        status.HasIndication = (byte)(hasIndication ? 1 : 0);
        if (hasIndication)
        {
            IndicationTail tail = new() { PriceE8 = instrument.ToPriceE8(market.IndicativeTicks), QuantityE8 = instrument.ToQuantityE8(market.IndicativeLots) };
            MemoryMarshal.Write(outbox.LastTail(tailBytes), in tail);
        }
    }

    /// <summary>TradingSessionStatus (h): the phase of a market group. MAIN, the whole venue where there is no other, is called 1.</summary>
    public void Group(int sessionId, in Text40 requestId, MarketGroup group, bool isUnsolicited)
    {
        ref TradingSessionStatusEvent session = ref outbox.Append<TradingSessionStatusEvent>(EventType.TradingSessionStatus, sessionId);
        session.RequestId = requestId;
        session.TradingSessionId = group.Id == 0 ? s_main : Text24.Truncate(group.Definition.GroupName.AsSpan());
        session.EndTimeNs = calendar is null || calendar.DayEndNs == long.MaxValue ? 0 : calendar.DayEndNs;
        session.Status = SessionStatusOf(group.Phase);
        session.IsUnsolicited = (byte)(isUnsolicited ? 1 : 0);
        session.Phase = group.Phase;
    }

    /// <summary>TradingSessionStatus (h) of a market group that does not exist, or that no more can be told about.</summary>
    public void NoGroup(int sessionId, in SecurityRequestCommand command, ReasonCode reason)
    {
        ref TradingSessionStatusEvent session = ref outbox.Append<TradingSessionStatusEvent>(EventType.TradingSessionStatus, sessionId);
        session.RequestId = command.RequestId;
        session.TradingSessionId = command.Subject.IsEmpty ? s_main : command.Subject;
        session.Status = RequestRejected;
        session.Text = reason;
    }

    // SecurityTradingStatus (326) in FIX 4.4; the gateway knows the phase and says it in what each version has.
    private static byte StatusOf(MarketPhase phase) => phase switch
    {
        MarketPhase.Closed => 18,
        MarketPhase.PreOpen => 21,
        MarketPhase.OpeningAuction => 22,
        MarketPhase.VolatilityAuction or MarketPhase.ClosingAuction => 5,
        MarketPhase.Halt or MarketPhase.CancelOnly => 2,
        _ => 17,
    };

    // TradSesStatus (340) as the character on the wire.
    private static byte SessionStatusOf(MarketPhase phase) => (byte)(phase switch
    {
        MarketPhase.Closed => '3',
        MarketPhase.PreOpen or MarketPhase.OpeningAuction => '4',
        MarketPhase.ClosingAuction => '5',
        MarketPhase.Halt or MarketPhase.CancelOnly => '1',
        _ => '2',
    });
}
