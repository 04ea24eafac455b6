namespace Exchange.Log.Segments;

// Finds where the log ends. Entries are followed until one is not valid; what lies there decides:
//
//   nothing but zeros behind it            the log ends here
//   other bytes, and no proof against it   a torn tail: the host or process died while this was being written
//   proof that the place had been durable  damage: reported, never cut
//
// Proof is the durable watermark in a segment header, or the durable distance that any later valid entry carries.
internal sealed unsafe class TailScan
{
    private readonly Segment[] _segments;
    private readonly uint _seed;
    private readonly long _watermark;
    private readonly long _truncateTo = -1;
    private int _index;
    private int _paddedIndex;
    private long _paddedFrom = -1;

    internal TailScan(Segment[] segments, uint seed)
    {
        _segments = segments;
        _seed = seed;
        foreach (Segment segment in segments)
        {
            long watermark = segment.ReadWatermark(out long truncateTo);
            _watermark = Math.Max(_watermark, watermark);
            if (truncateTo >= 0)
            {
                // Watermarks of later segments speak of what the truncation was about to remove.
                _truncateTo = truncateTo;
                _watermark = watermark;
                break;
            }
        }
    }

    /// <summary>Everything below this was on the device when it was written.</summary>
    internal long Watermark => _watermark;

    /// <summary>Where the log ends.</summary>
    internal long EndPosition { get; private set; }

    /// <summary>Index of the segment in which it ends.</summary>
    internal int EndIndex => _index;

    /// <summary>Entries followed, padding not counted.</summary>
    internal long EntryCount { get; private set; }

    /// <summary>Bytes behind the end, up to the last one that is not zero, over all segments.</summary>
    internal long TornBytes { get; private set; }

    /// <summary>Whether a truncation was begun and must be finished.</summary>
    internal bool TruncationPending => _truncateTo >= 0;

    /// <summary>Follows the entries and judges the end.</summary>
    /// <param name="fromStart">From the first segment; otherwise from the one that holds the watermark.</param>
    /// <param name="progress">Told the position after each segment and every few MiB; may be null.</param>
    /// <param name="cancellation">Ends the scan early with an exception.</param>
    /// <exception cref="LogDamagedException">Something that was durable does not check.</exception>
    internal void Run(bool fromStart, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        _index = 0;
        while (!fromStart && _index < _segments.Length - 1 && _segments[_index].EndPosition <= _watermark)
        {
            _index++;
        }

        EndPosition = _segments[_index].StartPosition;
        do
        {
            Follow(progress, cancellation);
        }
        while (EndPosition != _truncateTo && !JudgeEnd());

        TakeBackPadding();
        TornBytes = CountTorn();
    }

    private void Follow(Action<long>? progress, CancellationToken cancellation)
    {
        const long ReportBytes = 8 << 20;
        long nextReport = EndPosition + ReportBytes;
        long stop = TruncationPending ? _truncateTo : long.MaxValue;
        while (true)
        {
            Segment segment = _segments[_index];
            while (EndPosition < segment.EndPosition && EndPosition < stop)
            {
                byte* entry = segment.Address(EndPosition);
                if (EntryDescriptor.Check(entry, EndPosition, segment.EndPosition - EndPosition, _seed) != EntryState.Valid)
                {
                    return;
                }

                NotePadding(*(ushort*)(entry + EntryDescriptor.TypeOffset));
                EndPosition += EntryDescriptor.Framed(*(int*)(entry + EntryDescriptor.LengthOffset));
                if (EndPosition >= nextReport)
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress?.Invoke(EndPosition);
                    nextReport = EndPosition + ReportBytes;
                }
            }

            if (EndPosition < segment.EndPosition || _index == _segments.Length - 1)
            {
                return;
            }

            _index++;
        }
    }

    private void NotePadding(ushort type)
    {
        if (type != EntryDescriptor.PaddingType)
        {
            EntryCount += type == EntryDescriptor.SkipType ? 0 : 1;
            _paddedFrom = -1;
        }
        else if (_paddedFrom < 0)
        {
            _paddedFrom = EndPosition;
            _paddedIndex = _index;
        }
    }

    // Padding whose entry a crash took goes too: a log ends behind an entry, so that equal appends give equal positions everywhere.
    private void TakeBackPadding()
    {
        if (_paddedFrom >= 0 && Math.Max(_watermark, _truncateTo) <= _paddedFrom)
        {
            EndPosition = _paddedFrom;
            _index = _paddedIndex;
        }
    }

    // False: a running writer completed the entry meanwhile, and the scan goes on.
    private bool JudgeEnd()
    {
        Segment segment = _segments[_index];
        long proof = TruncationPending ? _watermark : Math.Max(_watermark, FindProof());
        if (proof <= EndPosition)
        {
            return true;
        }

        if (EndPosition < segment.EndPosition
            && EntryDescriptor.Check(segment.Address(EndPosition), EndPosition, segment.EndPosition - EndPosition, _seed) == EntryState.Valid)
        {
            return false;
        }

        throw new LogDamagedException(segment.Path, EndPosition, $"the entry does not check, but everything below position {proof} had been flushed");
    }

    // Looks at every place behind the end where an entry could begin.
    private long FindProof()
    {
        long proof = 0;
        for (int index = _index; index < _segments.Length; index++)
        {
            Segment segment = _segments[index];
            long position = index == _index ? EndPosition : segment.StartPosition;
            long end = segment.LastNonZero(position);
            while (position < end)
            {
                byte* entry = segment.Address(position);
                if (EntryDescriptor.Check(entry, position, segment.EndPosition - position, _seed) == EntryState.Valid)
                {
                    proof = Math.Max(proof, EntryDescriptor.DurableBefore(entry, position));
                    position += EntryDescriptor.Framed(*(int*)(entry + EntryDescriptor.LengthOffset));
                }
                else
                {
                    position += EntryDescriptor.AlignmentBytes;
                }
            }
        }

        return proof;
    }

    private long CountTorn()
    {
        long torn = 0;
        for (int index = _index; index < _segments.Length; index++)
        {
            Segment segment = _segments[index];
            long from = index == _index ? EndPosition : segment.StartPosition;
            torn += segment.LastNonZero(from) - from;
        }

        return torn;
    }
}
