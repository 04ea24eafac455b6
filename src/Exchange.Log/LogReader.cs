using Exchange.Log.Segments;

namespace Exchange.Log;

/// <summary>
/// Reads entries in order, beside the writer and other readers; each one is checked against its CRC. Used by one thread at a time.
/// A reader keeps the segment that it is in mapped, so it must be disposed.
/// </summary>
public sealed unsafe class LogReader : IDisposable
{
    private readonly LogView _view;
    private Segment? _segment;
    private long _truncations;

    internal LogReader(LogView view, long position)
    {
        _view = view;
        _truncations = view.Truncations;
        Position = position;
    }

    /// <summary>Where the next entry is looked for.</summary>
    public long Position { get; private set; }

    /// <summary>Reads the next entry; false at the end of the log, and later calls find what was appended meanwhile.</summary>
    /// <exception cref="LogDamagedException">The entry does not check although the log reaches beyond it.</exception>
    /// <exception cref="InvalidOperationException">
    /// The position was deleted, or the log was truncated below it: open another reader.
    /// </exception>
    public bool TryRead(out LogEntry entry)
    {
        while (Position < _view.EndPosition || _truncations != _view.Truncations)
        {
            RequireInsideLog();
            if (Position >= _view.EndPosition)
            {
                break;
            }

            Segment segment = Enter();
            byte* address = segment.Address(Position);
            if (EntryDescriptor.Check(address, Position, segment.EndPosition - Position, _view.Seed) != EntryState.Valid)
            {
                // A truncation may have zeroed the place since the end was read.
                if (Position >= _view.EndPosition || _truncations != _view.Truncations)
                {
                    continue;
                }

                throw new LogDamagedException(segment.Path, Position, $"the entry does not match its checksum, but the log reaches to {_view.EndPosition}");
            }

            int length = *(int*)(address + EntryDescriptor.LengthOffset);
            ushort type = *(ushort*)(address + EntryDescriptor.TypeOffset);
            long position = Position;
            Position = position + EntryDescriptor.Framed(length);
            if (type >= EntryDescriptor.SkipType)
            {
                continue;
            }

            entry = new LogEntry(
                position,
                Position,
                type,
                *(long*)(address + EntryDescriptor.TermOffset),
                *(long*)(address + EntryDescriptor.TimestampOffset),
                new ReadOnlySpan<byte>(address + EntryDescriptor.HeaderBytes, length - EntryDescriptor.HeaderBytes));
            return true;
        }

        entry = default;
        return false;
    }

    /// <summary>Continues at the start of another entry, or at the end of the log, truncations meanwhile notwithstanding.</summary>
    public void MoveTo(long position)
    {
        if (_truncations != _view.Truncations)
        {
            // The mapping may be of a segment that was deleted and created anew.
            Dispose();
            _truncations = _view.Truncations;
        }

        Position = position;
    }

    /// <summary>Lets go of the segment.</summary>
    public void Dispose()
    {
        _segment?.Release();
        _segment = null;
    }

    private void RequireInsideLog()
    {
        long truncations = _view.Truncations;
        if (truncations == _truncations)
        {
            return;
        }

        if (truncations != _truncations + 1 || Position > _view.TruncatePosition)
        {
            throw new InvalidOperationException($"the log was truncated while a reader stood at {Position}; open another reader");
        }

        // Its mapping may be of a segment that was deleted and created anew.
        Dispose();
        _truncations = truncations;
    }

    private Segment Enter()
    {
        if (_segment is not null && Position < _segment.EndPosition && Position >= _segment.StartPosition)
        {
            return _segment;
        }

        Dispose();
        Segment? gone = null;
        while (true)
        {
            // A segment is taken out of the view before it is let go of. Found twice and gone, the whole log was closed.
            Segment? segment = _view.Find(Position);
            if (segment is null || segment == gone)
            {
                throw new InvalidOperationException($"position {Position} is not in the log any more, or the log was closed; open another reader");
            }

            if (segment.TryAcquire())
            {
                _segment = segment;
                return segment;
            }

            gone = segment;
        }
    }
}
