using System.Runtime.CompilerServices;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Sessions;

// Session logic and order management both send messages to clients, and each message takes the next number of its session. So that no
// two places count, numbers are given out here and nowhere else, together with everything else in the header that the command and the
// session's binding determine. What must hold: the numbers of a session's sequenced events are continuous, bound or not; between two
// resets none is skipped or used twice.

/// <summary>
/// The one place where a message to a client gets its sequence number: order management and session logic append their events
/// here, and the outbox stamps header, number and binding.
/// </summary>
internal sealed class SessionOutbox
{
    private readonly SessionTable _sessions;
    private CommandContext _context;
    private EventBuffer? _events;

    /// <summary>Creates the outbox of the sessions in <paramref name="sessions"/>.</summary>
    public SessionOutbox(SessionTable sessions) => _sessions = sessions;

    /// <summary>Starts a command: all events appended from now on are caused by it.</summary>
    public void Begin(in CommandContext context, EventBuffer events)
    {
        _context = context;
        _events = events;
    }

    /// <summary>
    /// Appends a zeroed, stamped event of the session; the caller fills the rest before it appends anything else.
    /// </summary>
    /// <param name="type">A sequenced type.</param>
    /// <param name="sessionId">Session that receives it, bound or not.</param>
    /// <param name="tailBytes">Bytes behind the record, a multiple of 8; reach them with <see cref="LastTail"/>.</param>
    public ref T Append<T>(EventType type, int sessionId, int tailBytes = 0)
        where T : unmanaged
    {
        Session session = _sessions[sessionId];
        ref T record = ref _events!.Append<T>(type, tailBytes);
        ref EventHeader header = ref Stamp(ref record, sessionId, in session.Binding);
        header.MsgSeqNum = session.NextOut++;
        return ref record;
    }

    /// <summary>Appends an event of the session that is no FIX message: an instruction to egress or to the gateway of its binding.</summary>
    public ref T AppendUnsequenced<T>(EventType type, Session session)
        where T : unmanaged
    {
        ref T record = ref _events!.Append<T>(type);
        Stamp(ref record, session.Id, in session.Binding);
        return ref record;
    }

    /// <summary>Appends an event that is no FIX message for a gateway, or for a connection that the session is not bound to.</summary>
    public ref T AppendTo<T>(EventType type, int sessionId, in ConnectionBinding target)
        where T : unmanaged
    {
        ref T record = ref _events!.Append<T>(type);
        Stamp(ref record, sessionId, in target);
        return ref record;
    }

    /// <summary>Appends a kept fill again, byte for byte but for its header: a new number, and PossResend.</summary>
    public void Restate(Session session, int fillIndex)
    {
        ref ExecutionReportEvent kept = ref session.UnseenFills[fillIndex];
        ReadOnlySpan<byte> bytes = session.UnseenFills.Bytes(fillIndex);
        int tailBytes = bytes.Length - ExecutionReportEvent.SizeBytes;
        ref ExecutionReportEvent report = ref Append<ExecutionReportEvent>(EventType.ExecutionReport, session.Id, tailBytes);
        EventHeader header = report.Header;
        header.Flags = EventFlags.PossResend;
        report = kept;
        report.Header = header;
        bytes[ExecutionReportEvent.SizeBytes..].CopyTo(LastTail(tailBytes));

        // From here on a proof of receipt speaks of the new numbers.
        kept.Header.MsgSeqNum = header.MsgSeqNum;
    }

    /// <summary>The zeroed tail of the event appended last.</summary>
    public Span<byte> LastTail(int tailBytes) => _events!.LastTail(tailBytes);

    /// <summary>Tells the outbox that the report appended last for the session is complete and is a trade, so that it can be restated after a reset.</summary>
    public void TradeCompleted(int sessionId, ref readonly ExecutionReportEvent report)
    {
        Invariant.Require(report.Header.SessionId == sessionId && report.Header.MsgSeqNum == _sessions[sessionId].NextOut - 1);
        _sessions[sessionId].UnseenFills.Add(in report);
    }

    private ref EventHeader Stamp<T>(ref T record, int sessionId, in ConnectionBinding target)
        where T : unmanaged
    {
        ref EventHeader header = ref Unsafe.As<T, EventHeader>(ref record);
        header.LogPosition = _context.Position;
        header.SendingTimeNs = _context.LogTimeNs;
        header.ConnectionId = target.ConnectionId;
        header.SessionId = sessionId;
        header.GatewayId = target.GatewayId;
        header.GatewayIncarnation = target.GatewayIncarnation;
        return ref header;
    }
}
