using System.Runtime.CompilerServices;

namespace Exchange.Log.History;

// The outbound messages of one session: a chain of files of the current epoch, and the chains of former epochs that a snapshot may
// still refer to. Owned by one thread; a flush may run beside it on another, and the gate is for that alone.
//
// The next file is prepared by the worker when the current one is half full:
//
//   Idle ──half full──▶ Wanted ──▶ Busy ──▶ Ready ──taken──▶ Idle
//                                    └────▶ Failed  (made in place when it is needed, where the reason is thrown)
internal sealed class HistorySession
{
    private const int Idle = 0;
    private const int Wanted = 1;
    private const int Busy = 2;
    private const int Ready = 3;
    private const int Failed = 4;
    private const int RetiredEpochsMax = 4;

    private readonly HistoryOptions _options;
    private readonly HistoryWorker _worker;
    private readonly Lock _gate = new();
    private readonly List<HistorySegment> _retired = [];
    private HistorySegment[] _segments = new HistorySegment[16];
    private int _count;
    private HistorySegment? _current;
    private long _nextSeq = 1;
    private long _nextOrdinal;
    private int _prepareAt;

    private int _state;
    private int _preparedLength;
    private long _preparedOrdinal;
    private HistorySegment? _prepared;

    internal HistorySession(int id, HistoryOptions options, HistoryWorker worker)
    {
        Id = id;
        _options = options;
        _worker = worker;
    }

    /// <summary>The session's number.</summary>
    internal int Id { get; }

    /// <summary>Counts resets.</summary>
    internal long Epoch { get; private set; } = 1;

    /// <summary>Changes whenever a place that a cursor remembers may have become invalid.</summary>
    internal int Version { get; private set; }

    /// <summary>Number of the oldest message that is kept; equals <see cref="NextSeq"/> when none is.</summary>
    internal long FirstSeq => _count == 0 ? _nextSeq : _segments[0].FirstSeq;

    /// <summary>Number that the next message will have.</summary>
    internal long NextSeq => _nextSeq;

    /// <summary>Takes over what was found on the device; each chain contiguous, the epochs ascending.</summary>
    internal void Adopt(IReadOnlyList<HistorySegment> segments, long nextOrdinal)
    {
        _nextOrdinal = nextOrdinal;
        foreach (HistorySegment segment in segments)
        {
            if (segment.Epoch != Epoch)
            {
                RetireAll();
                Epoch = segment.Epoch;
            }

            Add(segment);
        }
    }

    /// <summary>Appends a message; a number that exists already drops it and all behind it first.</summary>
    internal void Append(long seqNum, ReadOnlySpan<byte> content)
    {
        if (seqNum != _nextSeq)
        {
            Rewind(seqNum);
        }

        HistorySegment? current = _current;
        if (current is null || !current.TryAppend(seqNum, content))
        {
            current = Roll(content.Length);
            _ = current.TryAppend(seqNum, content);
        }

        _nextSeq = seqNum + 1;
        if (current.DataEnd >= _prepareAt)
        {
            WantNext();
        }
    }

    /// <summary>The file that holds a number; null when none does.</summary>
    internal HistorySegment? Find(long seqNum)
    {
        if (seqNum < FirstSeq || seqNum >= _nextSeq)
        {
            return null;
        }

        int low = 0;
        int high = _count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (_segments[middle].FirstSeq <= seqNum)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return _segments[low];
    }

    /// <summary>Starts the next epoch at number 1.</summary>
    internal void Reset() => StartEpoch(Epoch + 1, 1, keepRetired: true);

    /// <summary>Drops everything and starts at a number.</summary>
    internal void StartAt(long epoch, long seqNum) => StartEpoch(epoch, seqNum, keepRetired: false);

    /// <summary>Whether all messages of an epoch below a number were recorded.</summary>
    internal bool Reaches(long epoch, long nextSeq)
    {
        if (epoch == Epoch && nextSeq <= _nextSeq)
        {
            return true;
        }

        HistorySegment? last = _retired.FindLast(segment => segment.Epoch == epoch);
        return nextSeq == 1 || (last is not null && last.NextSeq >= nextSeq);
    }

    /// <summary>Drops everything that is newer than a snapshot, later epochs included; false, and nothing changed, when it does not reach so far.</summary>
    internal bool TrimToNext(long epoch, long nextSeq)
    {
        if (!Reaches(epoch, nextSeq))
        {
            return false;
        }

        if (epoch != Epoch)
        {
            if (!_retired.Exists(segment => segment.Epoch == epoch))
            {
                StartAt(epoch, nextSeq);
                return true;
            }

            Reinstate(epoch);
        }

        if (nextSeq < _nextSeq)
        {
            Rewind(nextSeq);
        }

        // A damaged index can make the cut deeper than asked.
        return _nextSeq == nextSeq;
    }

    /// <summary>Makes sure that the first message needs no file to be created.</summary>
    internal void Prepare()
    {
        if (_count == 0)
        {
            WantNext();
        }
    }

    /// <summary>Creates the next file. On the worker's thread.</summary>
    internal void PrepareOnWorker()
    {
        if (Interlocked.CompareExchange(ref _state, Busy, Wanted) != Wanted)
        {
            return;
        }

        try
        {
            HistorySegment segment = _worker.Make(PathOf(_preparedOrdinal), _preparedLength);
            bool isLong = _preparedLength > _options.FirstSegmentBytes && segment.TryAcquire();
            _prepared = segment;
            Volatile.Write(ref _state, Ready);
            if (isLong)
            {
                // The owner may be waiting for this file, and can use it already: bringing its pages in takes the device's time.
                segment.Prefault();
                segment.Release();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Volatile.Write(ref _state, Failed);
        }
    }

    /// <summary>Collects the files with unflushed messages, acquired. From the flushing thread.</summary>
    /// <returns>The ordinal behind the newest file that is retired.</returns>
    internal long CollectDirty(List<HistorySegment> dirty)
    {
        lock (_gate)
        {
            for (int i = 0; i < _count; i++)
            {
                HistorySegment segment = _segments[i];
                if (segment.NextSeq != segment.FlushedNextSeq && segment.TryAcquire())
                {
                    dirty.Add(segment);
                }
            }

            return _retired.Count == 0 ? 0 : _retired[^1].Ordinal + 1;
        }
    }

    /// <summary>Deletes retired files below an ordinal. From the flushing thread.</summary>
    internal void DeleteRetired(long ordinalEnd)
    {
        lock (_gate)
        {
            _retired.RemoveAll(segment =>
            {
                bool drop = segment.Ordinal < ordinalEnd;
                if (drop)
                {
                    segment.Delete();
                }

                return drop;
            });
        }
    }

    /// <summary>Lets go of all files; a prepared one that was not used is removed.</summary>
    internal void Close()
    {
        TakePrepared()?.Delete();
        for (int i = 0; i < _count; i++)
        {
            _segments[i].Release();
        }

        _retired.ForEach(segment => segment.Release());
        _retired.Clear();
        _count = 0;
        _current = null;
    }

    private string PathOf(long ordinal) => Path.Combine(_options.Directory, HistoryDescriptor.FileName(Id, ordinal));

    private int NextLength()
    {
        long length = _options.FirstSegmentBytes;
        for (int i = 0; i < _count && length < _options.SegmentBytesMax; i++)
        {
            length *= 4;
        }

        return (int)Math.Min(length, _options.SegmentBytesMax);
    }

    private void Add(HistorySegment segment)
    {
        lock (_gate)
        {
            if (_count == _segments.Length)
            {
                Array.Resize(ref _segments, _count * 2);
            }

            _segments[_count++] = segment;
            _current = segment;
        }

        _nextSeq = segment.NextSeq;
        _prepareAt = segment.Length / 2;
    }

    private void WantNext()
    {
        _prepareAt = int.MaxValue;
        if (Volatile.Read(ref _state) != Idle)
        {
            return;
        }

        _preparedLength = NextLength();
        _preparedOrdinal = _nextOrdinal++;
        Volatile.Write(ref _state, Wanted);
        if (!_worker.TryPrepare(this))
        {
            Volatile.Write(ref _state, Idle);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private HistorySegment Roll(int contentLength)
    {
        int needed = HistoryDescriptor.HeaderBytes + HistoryDescriptor.Framed(HistoryDescriptor.RecordHeaderBytes + contentLength) + HistoryDescriptor.IndexEntryBytes;
        HistorySegment? segment = TakePrepared();
        long ordinal = _preparedOrdinal;
        if (segment is not null && segment.Length < needed)
        {
            _worker.Discard(segment, mayServeAgain: false);
            segment = null;
        }

        if (segment is null)
        {
            ordinal = _nextOrdinal++;
            int length = Math.Max(NextLength(), (needed + 4095) & ~4095);
            segment = HistorySegment.Create(PathOf(ordinal), length);
        }

        segment.Activate(_options.LogId, Id, Epoch, ordinal, _nextSeq);
        Add(segment);
        DropOldest();
        return segment;
    }

    private HistorySegment? TakePrepared()
    {
        SpinWait wait = default;
        while (Volatile.Read(ref _state) is Wanted or Busy)
        {
            wait.SpinOnce();
        }

        HistorySegment? segment = _prepared;
        _prepared = null;
        Volatile.Write(ref _state, Idle);
        return segment;
    }

    private void DropOldest()
    {
        int drop = 0;
        while (drop < _count - 1 && _nextSeq - _segments[drop + 1].FirstSeq >= _options.MessagesPerSession)
        {
            drop++;
        }

        if (drop > 0)
        {
            RemoveRange(0, drop, mayServeAgain: true);
        }
    }

    private void RemoveRange(int index, int count, bool mayServeAgain)
    {
        lock (_gate)
        {
            Version++;
            for (int i = index; i < index + count; i++)
            {
                // Only the size that a busy session needs again and again: the small ones of its beginning would fill the worker's stock.
                _worker.Discard(_segments[i], mayServeAgain && _segments[i].Length == _options.SegmentBytesMax);
            }

            Array.Copy(_segments, index + count, _segments, index, _count - index - count);
            Array.Clear(_segments, _count - count, count);
            _count -= count;
            _current = _count == 0 ? null : _segments[_count - 1];
        }
    }

    // Recovery replays what is here already; or, at a number that was never reached, somebody has lost messages.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Rewind(long seqNum)
    {
        if (seqNum > _nextSeq || seqNum < 1)
        {
            throw new InvalidOperationException($"session {Id}: message {seqNum} cannot follow {_nextSeq - 1}");
        }

        int keep = _count;
        while (keep > 0 && _segments[keep - 1].FirstSeq >= seqNum)
        {
            keep--;
        }

        Version++;
        RemoveRange(keep, _count - keep, mayServeAgain: false);
        _nextSeq = seqNum;
        if (_current is not null)
        {
            _current.Truncate(seqNum);
            _nextSeq = _current.NextSeq;
            _prepareAt = _current.Length / 2;
        }
    }

    private void StartEpoch(long epoch, long seqNum, bool keepRetired)
    {
        Version++;
        RetireAll();
        if (!keepRetired)
        {
            DiscardRetired(_ => true);
        }

        Epoch = epoch;
        _nextSeq = seqNum;
    }

    private void RetireAll()
    {
        lock (_gate)
        {
            for (int i = 0; i < _count; i++)
            {
                _retired.Add(_segments[i]);
            }

            Array.Clear(_segments, 0, _count);
            _count = 0;
            _current = null;
        }

        // A client that resets again and again must not fill the disk before the next snapshot.
        if (_retired.Count > 0)
        {
            long oldest = Epoch - RetiredEpochsMax;
            DiscardRetired(segment => segment.Epoch <= oldest);
        }
    }

    private void Reinstate(long epoch)
    {
        HistorySegment[] chain;
        lock (_gate)
        {
            chain = [.. _retired.FindAll(segment => segment.Epoch == epoch)];
            _retired.RemoveAll(segment => segment.Epoch == epoch);
        }

        StartEpoch(epoch, 1, keepRetired: true);
        DiscardRetired(segment => segment.Epoch > epoch);
        foreach (HistorySegment segment in chain)
        {
            Add(segment);
        }
    }

    private void DiscardRetired(Predicate<HistorySegment> match)
    {
        lock (_gate)
        {
            _retired.RemoveAll(segment =>
            {
                bool drop = match(segment);
                if (drop)
                {
                    _worker.Discard(segment, mayServeAgain: false);
                }

                return drop;
            });
        }
    }
}
