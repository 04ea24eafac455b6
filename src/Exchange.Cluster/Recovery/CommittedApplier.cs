using Exchange.Cluster.Comparison;
using Exchange.Cluster.Egress;
using Exchange.Log;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Recovery;

/// <summary>
/// Applies committed entries to the state machine and carries their events out; the only way anything reaches it. Leader and follower
/// do exactly the same here, which is why a follower is warm and why a restart is no special case.
/// </summary>
internal sealed class CommittedApplier : IDisposable
{
    private const int ApplyPerTurn = 256;
    private const int ProgressEntries = 1_000_000;
    private readonly SegmentedLog _log;
    private readonly LogReader? _reader;
    private readonly IStateMachine _machine;
    private readonly EgressAgent _egress;
    private readonly Action<string> _tell;
    private readonly EventBuffer _events = new();
    private long _position;

    /// <summary>Creates an applier behind what the machine has applied already.</summary>
    /// <param name="log">The log.</param>
    /// <param name="machine">The state machine.</param>
    /// <param name="egress">Where events go.</param>
    /// <param name="position">Behind the last entry applied.</param>
    /// <param name="logTimeNs">Log time of that entry, nanoseconds since 1970.</param>
    /// <param name="isWitness">Whether there is nothing to apply to: entries are passed over unread.</param>
    /// <param name="tell">Told of the progress of a long recovery.</param>
    public CommittedApplier(SegmentedLog log, IStateMachine machine, EgressAgent egress, long position, long logTimeNs, bool isWitness, Action<string> tell)
    {
        _log = log;
        _machine = machine;
        _egress = egress;
        _position = position;
        LastLogTimeNs = logTimeNs;
        _tell = tell;
        _reader = isWitness ? null : log.OpenReader(position);
        LastMarkPosition = position;
    }

    /// <summary>Position behind the last entry applied; may be read from any thread.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Rolling event hashes behind the last commands.</summary>
    public StateTrail Trail { get; } = new();

    /// <summary>Behind the last snapshot mark applied, or where the applier began.</summary>
    public long LastMarkPosition { get; private set; }

    /// <summary>Log time of the last entry applied, nanoseconds since 1970.</summary>
    public long LastLogTimeNs { get; private set; }

    /// <summary>Entries applied.</summary>
    public long Entries { get; private set; }

    /// <summary>Called with the position behind a snapshot mark.</summary>
    public Action<long> OnSnapshotMark { get; set; } = static _ => { };

    /// <summary>Called with the text of a notice.</summary>
    public Action<string> OnNotice { get; set; } = static _ => { };

    /// <summary>Applies what is committed, within the bounds of a turn; returns how many entries.</summary>
    public int ApplyUpTo(long commitPosition)
    {
        if (_reader is null)
        {
            int passed = commitPosition > _position ? 1 : 0;
            Volatile.Write(ref _position, Math.Max(_position, commitPosition));
            return passed;
        }

        int count = 0;
        while (count < ApplyPerTurn && _position < commitPosition && _reader.TryRead(out LogEntry entry))
        {
            Apply(in entry);
            count++;
        }

        return count;
    }

    /// <summary>Entries that are not committed, so not applied, are about to be removed: a reader must not miss two such cuts.</summary>
    public void OnTruncating() => _reader?.MoveTo(_position);

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.Dispose();
        _events.Dispose();
    }

    private void Apply(in LogEntry entry)
    {
        if (entry.Type == LogEntryTypes.Command)
        {
            _machine.Apply(new CommandContext(entry.EndPosition, entry.Term, entry.TimestampNs), entry.Payload, _events);
            _egress.Deliver(_events);
            Trail.Note(entry.EndPosition, _machine.EventHash);
        }

        LastLogTimeNs = entry.TimestampNs;
        Volatile.Write(ref _position, entry.EndPosition);
        Entries++;
        if (entry.Type != LogEntryTypes.Command)
        {
            ApplyOther(in entry);
        }

        if (Entries % ProgressEntries == 0 && _log.AppendPosition - entry.EndPosition > 64 << 20)
        {
            _tell($"catching up: {Entries} entries applied, {_log.AppendPosition - entry.EndPosition} bytes to go");
        }
    }

    private void ApplyOther(in LogEntry entry)
    {
        if (entry.Type == LogEntryTypes.SnapshotMark)
        {
            LastMarkPosition = entry.EndPosition;
            OnSnapshotMark(entry.EndPosition);
        }
        else if (entry.Type == LogEntryTypes.Notice)
        {
            OnNotice(System.Text.Encoding.UTF8.GetString(entry.Payload));
        }
    }
}
