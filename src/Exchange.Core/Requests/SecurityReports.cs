using Exchange.Core.Instruments;
using Exchange.Core.Sessions;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Core.Requests;

/// <summary>Writes what clients are told about instruments and the venue into the sessions' outboxes. Instruments go as numbers; the gateway knows the rest.</summary>
internal sealed class SecurityReports(SessionOutbox outbox, InstrumentTable instruments)
{
    private const byte Valid = (byte)'0';

    // Ready to trade, and unknown or invalid.
    private const byte ReadyToTrade = 17;
    private const byte UnknownSecurity = 20;

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
        Invariant.Require(instrumentId < instruments.Count);
        ref SecurityDefinitionEvent definition = ref outbox.Append<SecurityDefinitionEvent>(EventType.SecurityDefinition, sessionId);
        definition.RequestId = requestId;
        definition.ResponseId = responseId;
        definition.InstrumentId = instrumentId;
        definition.Total = total;
        definition.ResponseType = responseType;
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

    /// <summary>SecurityStatus (f): a listed instrument trades.</summary>
    public void Status(int sessionId, in SecurityRequestCommand command)
    {
        bool isListed = instruments.TryFind(in command.Subject, out _);
        ref SecurityStatusEvent status = ref outbox.Append<SecurityStatusEvent>(EventType.SecurityStatus, sessionId);
        status.RequestId = command.RequestId;
        status.Symbol = command.Subject;
        status.TradingStatus = isListed ? ReadyToTrade : UnknownSecurity;
        status.Text = isListed ? ReasonCode.None : ReasonCode.UnknownSymbol;
    }

    /// <summary>TradingSessionStatus (h).</summary>
    public void TradingSession(int sessionId, in SecurityRequestCommand command, in Text24 tradingSessionId, byte status, long endTimeNs, ReasonCode reason)
    {
        ref TradingSessionStatusEvent session = ref outbox.Append<TradingSessionStatusEvent>(EventType.TradingSessionStatus, sessionId);
        session.RequestId = command.RequestId;
        session.TradingSessionId = tradingSessionId;
        session.EndTimeNs = endTimeNs;
        session.Status = status;
        session.Text = reason;
    }
}
