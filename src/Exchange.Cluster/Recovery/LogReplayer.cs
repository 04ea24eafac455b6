using Exchange.Cluster.Egress;
using Exchange.Log;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Recovery;

/// <summary>
/// Feeds log entries to a state machine, in order: the one loop behind a member's start, a shadow's snapshot, and the tools that verify
/// and replay. What is done with the events is the caller's.
/// </summary>
public sealed class LogReplayer : IDisposable
{
    private readonly IStateMachine _machine;
    private readonly EventBuffer _events = new();

    /// <summary>Starts behind what the state machine has already applied.</summary>
    public LogReplayer(IStateMachine machine, HistoryMarks marks, long position)
    {
        _machine = machine;
        Marks = marks;
        Position = position;
    }

    /// <summary>Position behind the last entry applied.</summary>
    public long Position { get; private set; }

    /// <summary>How far the events went.</summary>
    public HistoryMarks Marks { get; }

    /// <summary>Entries applied.</summary>
    public long Entries { get; private set; }

    /// <summary>Term of the last entry applied; 0 before the first.</summary>
    public long LastTerm { get; private set; }

    /// <summary>Log time of the last entry applied; 0 before the first.</summary>
    public long LastLogTimeNs { get; private set; }

    /// <summary>Applies one entry and hands its events to <paramref name="consumer"/>, which must take or clear them.</summary>
    public void Apply(in LogEntry entry, Action<EventBuffer> consumer)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        if (entry.Type == LogEntryTypes.Command)
        {
            _machine.Apply(new CommandContext(entry.EndPosition, entry.Term, entry.TimestampNs), entry.Payload, _events);
            consumer(_events);
            _events.Clear();
        }
        else if (entry.Type == LogEntryTypes.Configuration)
        {
            Marks.Members = entry.Payload;
        }

        Position = entry.EndPosition;
        LastTerm = entry.Term;
        LastLogTimeNs = entry.TimestampNs;
        Entries++;
    }

    /// <summary>A consumer that only keeps the marks.</summary>
    public void NoteOnly(EventBuffer events)
    {
        ArgumentNullException.ThrowIfNull(events);
        long offset = 0;
        while (events.TryRead(ref offset, out ReadOnlySpan<byte> record))
        {
            Marks.Note(record);
        }
    }

    /// <summary>Starts as if the entries before had been applied.</summary>
    public void Resume(long term, long logTimeNs)
    {
        LastTerm = term;
        LastLogTimeNs = logTimeNs;
    }

    /// <inheritdoc/>
    public void Dispose() => _events.Dispose();
}
