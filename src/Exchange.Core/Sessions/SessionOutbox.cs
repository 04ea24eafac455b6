using Exchange.Protocol.Events;

namespace Exchange.Core.Sessions;

/// <summary>
/// The one place where a message to a client gets its sequence number: order management and session logic append their events
/// here, and the outbox stamps header, number and binding.
/// </summary>
internal sealed class SessionOutbox
{
    /// <summary>
    /// Appends a zeroed, stamped event of the session; the caller fills the rest before it appends anything else.
    /// </summary>
    /// <param name="type">A sequenced type.</param>
    /// <param name="sessionId">Session that receives it, bound or not.</param>
    /// <param name="tailBytes">Bytes behind the record, a multiple of 8; reach them with <see cref="LastTail"/>.</param>
    public ref T Append<T>(EventType type, int sessionId, int tailBytes = 0)
        where T : unmanaged => throw new NotSupportedException($"{type} {sessionId} {tailBytes}");

    /// <summary>The zeroed tail of the event appended last.</summary>
    public Span<byte> LastTail(int tailBytes) => throw new NotSupportedException($"{tailBytes}");

    /// <summary>Tells the outbox that the report appended last for the session is complete and is a trade, so that it can be restated after a reset.</summary>
    public void TradeCompleted(int sessionId, ref readonly ExecutionReportEvent report) => throw new NotSupportedException($"{sessionId} {report.ExecId}");
}
