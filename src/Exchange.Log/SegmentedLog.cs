using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Exchange.Log.Platform;
using Exchange.Log.Segments;

namespace Exchange.Log;

/// <summary>
/// The append-only log: checksummed entries in preallocated, mapped segment files.
/// </summary>
/// <remarks>
/// <para>Problem: every command must be on record before its effect leaves, at a million a second, and a crash at any point must
/// leave a log of which it is certain how far it reaches.</para>
/// <para>Idea: the writer copies the payload once, straight into a mapped page that already has its block on the device, so an append
/// is a few dozen nanoseconds and cannot find the disk full; a flusher beside it makes whole batches durable.</para>
/// <para>What must hold: one writer thread calls <see cref="Claim"/>, <see cref="Commit"/>, <see cref="Append"/> and
/// <see cref="TruncateAfter"/>; any thread, but one at a time, calls <see cref="Flush"/>; readers are independent. Positions are byte
/// offsets over all segments, multiples of 32, file headers not counted. After a failed flush nothing is accepted any more.</para>
/// </remarks>
public sealed unsafe class SegmentedLog : IDisposable
{
    private const string LockFileName = "log.lock";

    private readonly LogOptions _options;
    private readonly DirectoryLock _lock;
    private readonly LogView _view;
    private readonly SegmentPreparer _preparer;
    private readonly Lock _flushGate = new();
    private readonly Lock _maintenanceGate = new();
    private LogMetadata _metadata;
    private LogFailedException? _failure;
    private bool _disposed;

    // Owned by the writer.
    private Segment _current;
    private Segment _newest;
    private Segment _claimed;
    private long _append;
    private long _claimedAt;
    private int _claimedBytes = -1;

    // Owned by the flusher, except that the writer reads the position.
    private long _flushed;
    private long _watermark;
    private long _lastFlushTimestamp;

    private SegmentedLog(LogOptions options, DirectoryLock directoryLock, LogRecovery recovery)
    {
        _options = options;
        _lock = directoryLock;
        PayloadBytesMax = (int)Math.Min(options.SegmentBytes - SegmentDescriptor.HeaderBytes - EntryDescriptor.HeaderBytes, 16 << 20);
        _metadata = recovery.Metadata;
        _view = new LogView(_metadata.LogId) { Segments = recovery.Segments, EndPosition = recovery.Report.EndPosition };
        _current = recovery.Segments[recovery.CurrentIndex];
        _newest = _current;
        _claimed = _current;
        _append = recovery.Report.EndPosition;
        _flushed = _append;
        _watermark = _append;
        Recovery = recovery.Report;
        PreviousShutdown = recovery.PreviousShutdown;
        _preparer = new SegmentPreparer(_view, _current.EndPosition, options.SegmentsAhead, AddSegment);
    }

    /// <summary>Identity of this history; a log restored from elsewhere or created anew has another.</summary>
    public Guid LogId => _metadata.LogId;

    /// <summary>What opening found, a cut tail included.</summary>
    public LogRecoveryReport Recovery { get; }

    /// <summary>How the log was left before it was opened now.</summary>
    public PreviousShutdown PreviousShutdown { get; private set; }

    /// <summary>Position of the oldest entry that is kept.</summary>
    public long StartPosition => _view.StartPosition;

    /// <summary>Position behind the newest entry. Padding is written only together with the entry that did not fit before it.</summary>
    public long AppendPosition => _view.EndPosition;

    /// <summary>Everything below is on the device. The flusher's write pairs with this read.</summary>
    public long FlushedPosition => Volatile.Read(ref _flushed);

    /// <summary>Where the open claim will begin as an entry; for the writer.</summary>
    public long ClaimPosition => _claimedAt;

    /// <summary>Log time of the entry that was appended last through this object; 0 before the first. For the writer.</summary>
    public long LastTimestampNs { get; private set; }

    /// <summary>Largest payload that fits.</summary>
    public int PayloadBytesMax { get; }

    /// <summary>How often an append had to wait for a segment to be prepared.</summary>
    public long PrepareWaitCount => _preparer.WaitCount;

    /// <summary>Why there is no next segment, long before an append needs it; null when all is well.</summary>
    public IOException? PrepareFailure => _preparer.Failure;

    /// <summary>Opens the log in a directory, or creates it there, and recovers it.</summary>
    /// <exception cref="LogDamagedException">Something that was durable is missing or does not check.</exception>
    /// <exception cref="DiskFullException">There is no room for the first segment.</exception>
    /// <exception cref="IOException">The directory is in use by another process, or cannot be written.</exception>
    public static SegmentedLog Open(LogOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        DurableFiles.CreateDirectory(options.Directory);
        DirectoryLock directoryLock = DirectoryLock.Acquire(Path.Combine(options.Directory, LockFileName));
        try
        {
            LogRecovery recovery = new(options);
            recovery.Run();
            ShutdownMarker.WriteRunning(options.Directory, recovery.PreviousShutdown.MayHaveLostEntries);
            return new SegmentedLog(options, directoryLock, recovery);
        }
        catch
        {
            directoryLock.Dispose();
            throw;
        }
    }

    /// <summary>Opens a log for reading only, while a member runs on it or afterwards; takes no lock and changes nothing.</summary>
    public static ReadOnlyLog OpenReadOnly(string directory) => ReadOnlyLog.Open(directory);

    /// <summary>Where the segment that holds a position begins, in a log whose segments all have the same size.</summary>
    /// <param name="position">Position in the log.</param>
    /// <param name="segmentBytes">Size of a segment file, see <see cref="LogOptions.SegmentBytes"/>.</param>
    public static long SegmentStartOf(long position, long segmentBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(segmentBytes, SegmentDescriptor.HeaderBytes);
        return position - (position % (segmentBytes - SegmentDescriptor.HeaderBytes));
    }

    /// <summary>
    /// Reserves room for an entry, to be filled and then committed; nothing is visible until <see cref="Commit"/>. A claim that is
    /// not committed is given up by the next one or by <see cref="AbandonClaim"/>.
    /// </summary>
    /// <exception cref="DiskFullException">The segment is full and there is no room for another. Nothing was lost; it may be tried again.</exception>
    /// <exception cref="LogFailedException">A flush has failed before.</exception>
    public Span<byte> Claim(int payloadLength)
    {
        if ((uint)payloadLength > (uint)PayloadBytesMax)
        {
            ThrowPayloadLength(payloadLength);
        }

        if (_claimedBytes >= 0)
        {
            AbandonClaim();
        }

        ThrowIfFailed();
        int framed = EntryDescriptor.Framed(EntryDescriptor.HeaderBytes + payloadLength);
        _claimed = _current;
        _claimedAt = _append;
        if (_append + framed > _current.EndPosition)
        {
            ClaimFurther(framed);
        }

        _claimedBytes = payloadLength;
        return new Span<byte>(_claimed.Address(_claimedAt) + EntryDescriptor.HeaderBytes, payloadLength);
    }

    /// <summary>Makes the claimed entry part of the log.</summary>
    /// <param name="entryType">Any below 0xFFFE; the two from there are the log's own.</param>
    /// <param name="term">Leadership term.</param>
    /// <param name="timestampNs">Log time, nanoseconds since 1970.</param>
    /// <returns>The position just behind it.</returns>
    public long Commit(ushort entryType, long term, long timestampNs)
    {
        if (_claimedBytes < 0 || entryType >= EntryDescriptor.SkipType)
        {
            ThrowCommit(entryType);
        }

        if (_claimed != _current)
        {
            PadToClaim();
        }

        int length = EntryDescriptor.HeaderBytes + _claimedBytes;
        EntryDescriptor.Seal(_current.Address(_append), _append, length, entryType, term, timestampNs, Volatile.Read(ref _flushed), _view.Seed);
        _claimedBytes = -1;
        LastTimestampNs = timestampNs;
        _append += EntryDescriptor.Framed(length);
        _view.EndPosition = _append;
        return _append;
    }

    /// <summary>Claim, copy and commit in one; returns the position just behind the entry.</summary>
    public long Append(ReadOnlySpan<byte> payload, ushort entryType, long term, long timestampNs)
    {
        payload.CopyTo(Claim(payload.Length));
        return Commit(entryType, term, timestampNs);
    }

    /// <summary>Gives the open claim up, if there is one.</summary>
    public void AbandonClaim()
    {
        if (_claimedBytes >= 0)
        {
            new Span<byte>(_claimed.Address(_claimedAt), EntryDescriptor.HeaderBytes + _claimedBytes).Clear();
            _claimedBytes = -1;
        }
    }

    /// <summary>
    /// Makes everything appended so far durable, in one go however many entries that are, and advances <see cref="FlushedPosition"/>.
    /// With nothing to do it may, after a while, make the durable watermark catch up.
    /// </summary>
    /// <exception cref="LogFailedException">The device failed; this is final.</exception>
    public void Flush()
    {
        lock (_flushGate)
        {
            ThrowIfFailed();
            long from = _flushed;
            long target = _view.EndPosition;
            try
            {
                if (target > from)
                {
                    FlushEntries(from, target);
                    Volatile.Write(ref _flushed, target);
                    _lastFlushTimestamp = Stopwatch.GetTimestamp();
                }
                else if (_watermark < from && Stopwatch.GetElapsedTime(_lastFlushTimestamp).TotalMilliseconds >= _options.WatermarkIdleMs)
                {
                    PersistWatermark(from, truncateTo: -1);
                }
            }
            catch (IOException exception)
            {
                Fail(exception);
            }
        }
    }

    /// <summary>Opens a reader at the start of an entry, or at the end of the log.</summary>
    public LogReader OpenReader(long position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, StartPosition);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, AppendPosition);
        return new LogReader(_view, position);
    }

    /// <summary>The term of the entry that ends at a position; false when the log holds none. Walks a segment, so not for every entry.</summary>
    public bool TryReadTermBefore(long endPosition, out long term)
    {
        term = 0;
        if (endPosition <= StartPosition || endPosition > AppendPosition || _view.Find(endPosition - 1) is not { } segment
            || Walk(segment, endPosition, out long last) != endPosition || *(ushort*)(segment.Address(last) + EntryDescriptor.TypeOffset) >= EntryDescriptor.SkipType)
        {
            return false;
        }

        term = *(long*)(segment.Address(last) + EntryDescriptor.TermOffset);
        return true;
    }

    /// <summary>
    /// Removes all entries from a position on, durably, so that others can take their place. Called by the writer; readers that
    /// stand behind the position get an exception. It survives a crash at any point: it has then happened wholly or not at all.
    /// </summary>
    /// <exception cref="ArgumentException">The position is not the start of an entry or the end of the log.</exception>
    public void TruncateAfter(long position)
    {
        AbandonClaim();
        if (position == _append)
        {
            return;
        }

        position = WithoutPaddingBefore(RequireEntryStart(position), position);
        if (position >= _current.StartPosition && _newest == _current)
        {
            // The usual case: what is prepared behind stays, and nobody has to wait for what is being prepared.
            Truncate(position);
            return;
        }

        using (_preparer.Pause(_view.Find(position)!.EndPosition))
        {
            Truncate(position);
        }
    }

    /// <summary>Deletes the segments that lie wholly below a position and are flushed. May be called by any thread.</summary>
    public void DeleteBefore(long position)
    {
        lock (_maintenanceGate)
        {
            Segment[] segments = _view.Segments;
            long limit = Math.Min(position, FlushedPosition);
            int drop = 0;
            while (drop < segments.Length - 1 && segments[drop].EndPosition <= limit && segments[drop].EndPosition < AppendPosition)
            {
                drop++;
            }

            if (drop == 0)
            {
                return;
            }

            LogMetadata changed = _metadata with { StartPosition = segments[drop].StartPosition };
            changed.Write(_options.Directory);
            _metadata = changed;
            _view.Segments = segments[drop..];
            for (int index = 0; index < drop; index++)
            {
                File.Delete(segments[index].Path);
                segments[index].Release();
            }
        }
    }

    /// <summary>
    /// Notes durably that what a crash of the host may have taken is back, so that <see cref="PreviousShutdown.MayHaveLostEntries"/>
    /// does not outlast this start: called by a member that has caught up with its cluster, or by one that has nobody to ask.
    /// </summary>
    public void ResolveLoss()
    {
        if (PreviousShutdown.MayHaveLostEntries)
        {
            ShutdownMarker.WriteRunning(_options.Directory, mayHaveLost: false);
            PreviousShutdown = PreviousShutdown with { MayHaveLostEntries = false };
        }
    }

    /// <summary>Flushes, notes a clean shutdown, and closes. If the flush fails, the next opening finds that the shutdown was not clean.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        AbandonClaim();
        _preparer.Dispose();
        try
        {
            Flush();
            if (_watermark < _flushed)
            {
                PersistWatermark(_flushed, truncateTo: -1);
            }

            ShutdownMarker.WriteClean(_options.Directory, _append, PreviousShutdown.MayHaveLostEntries);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The marker still says that the log is running, which is the truth about its state.
        }

        CloseFiles();
    }

    /// <summary>Closes as a killed process would: nothing is flushed and no shutdown is noted. For tests of recovery.</summary>
    internal void Abandon()
    {
        _disposed = true;
        _preparer.Dispose();
        CloseFiles();
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowCommit(ushort entryType) => throw new InvalidOperationException(
        entryType >= EntryDescriptor.SkipType ? $"entry type 0x{entryType:X4} is reserved for the log itself" : "commit without a claim");

    private void CloseFiles()
    {
        foreach (Segment segment in _view.Segments)
        {
            segment.Release();
        }

        _lock.Dispose();
    }

    private void Truncate(long position)
    {
        lock (_flushGate)
        {
            ThrowIfFailed();
            try
            {
                lock (_maintenanceGate)
                {
                    TruncateSegments(position);
                }
            }
            catch (IOException exception)
            {
                Fail(exception);
            }
        }
    }

    // Runs on the preparer's thread.
    private void AddSegment(long start)
    {
        long capacity = _options.SegmentBytes - SegmentDescriptor.HeaderBytes;
        _view.PageOutBelow(FlushedPosition);
        Segment segment = Segment.Create(_options.Directory, start, capacity, LogId, _options.ZeroFill);
        try
        {
            lock (_maintenanceGate)
            {
                LogMetadata changed = _metadata with { LastSegmentStart = start };
                changed.Write(_options.Directory);
                _metadata = changed;
                _view.Segments = [.. _view.Segments, segment];
            }
        }
        catch
        {
            File.Delete(segment.Path);
            segment.Release();
            throw;
        }
    }

    // Only the claim moves: if there is no next segment, or the claim is given up, nothing has changed. It takes more than one segment
    // when the one that was prepared is smaller than the options now say.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ClaimFurther(int framed)
    {
        while (_claimedAt + framed > _claimed.EndPosition)
        {
            if (_claimed == _newest)
            {
                _newest = _preparer.Take(_claimed.EndPosition);
            }

            _claimed = _view.Find(_claimed.EndPosition)!;
            _claimedAt = _claimed.StartPosition;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PadToClaim()
    {
        while (_current != _claimed)
        {
            if (_append < _current.EndPosition)
            {
                int remaining = (int)(_current.EndPosition - _append);
                EntryDescriptor.Seal(_current.Address(_append), _append, remaining, EntryDescriptor.PaddingType, 0, 0, Volatile.Read(ref _flushed), _view.Seed);
            }

            _current = _view.Find(_current.EndPosition)!;
            _append = _current.StartPosition;
        }
    }

    private void FlushEntries(long from, long target)
    {
        foreach (Segment segment in _view.Segments)
        {
            long start = Math.Max(from, segment.StartPosition);
            long end = Math.Min(target, segment.EndPosition);
            if (start >= end)
            {
                continue;
            }

            // The header page is flushed with the first entries of a segment, so the watermark travels for free.
            if (start == segment.StartPosition)
            {
                segment.WriteWatermark(from, truncateTo: -1);
                _watermark = from;
            }

            segment.FlushEntries(start, end);
        }
    }

    // The slot lies in the segment that holds the last byte below the watermark, so that no header claims more than its own segment.
    private void PersistWatermark(long watermark, long truncateTo)
    {
        Segment? segment = _view.Find(Math.Max(watermark - 1, StartPosition));
        if (segment is not null && segment.TryAcquire())
        {
            segment.WriteWatermark(watermark, truncateTo);
            segment.FlushHeader();
            segment.Release();
        }

        _watermark = watermark;
    }

    private void TruncateSegments(long position)
    {
        Segment[] segments = _view.Segments;
        int index = Array.FindIndex(segments, segment => position < segment.EndPosition);
        Segment segment = segments[index];

        // Segments that were never written to stay, as long as they follow at once.
        int keep = segment == _newest ? segments.Length : index + 1;
        long flushed = Math.Min(_flushed, position);
        segment.WriteWatermark(flushed, truncateTo: position);
        segment.FlushHeader();

        _view.Segments = segments[..keep];
        _view.Truncate(position);
        _current = segment;
        _newest = segment;
        _append = position;
        _metadata = Tail.DropSegments(_options.Directory, _metadata, segments, keep);
        Tail.Zero(segment, position);
        segment.WriteWatermark(flushed, truncateTo: -1);
        segment.FlushHeader();
        Volatile.Write(ref _flushed, flushed);
        _watermark = flushed;
    }

    private Segment RequireEntryStart(long position)
    {
        Segment? segment = position >= StartPosition && position < _append ? _view.Find(position) : null;
        if (segment is null || Walk(segment, position, out _) != position)
        {
            throw new ArgumentException($"position {position} is not the start of an entry; the log holds [{StartPosition}, {_append})", nameof(position));
        }

        return segment;
    }

    // A log ends behind an entry: the padding before one that is removed goes with it.
    private long WithoutPaddingBefore(Segment segment, long position)
    {
        while (position == segment.StartPosition && _view.Find(position - 1) is { } before)
        {
            _ = Walk(before, position, out long last);
            if (*(ushort*)(before.Address(last) + EntryDescriptor.TypeOffset) != EntryDescriptor.PaddingType)
            {
                break;
            }

            segment = before;
            position = last;
        }

        return position;
    }

    // Follows the entries of a segment to the first that starts at or behind a position; also tells the one before it.
    private static long Walk(Segment segment, long position, out long before)
    {
        long walk = segment.StartPosition;
        before = walk;
        while (walk < position)
        {
            before = walk;
            walk += EntryDescriptor.Framed(*(int*)(segment.Address(walk) + EntryDescriptor.LengthOffset));
        }

        return walk;
    }

    [DoesNotReturn]
    private void Fail(IOException exception)
    {
        LogFailedException failure = new($"log {_options.Directory}: {exception.Message}; stop, check the device, and start again to recover", exception);
        Volatile.Write(ref _failure, failure);
        throw failure;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ThrowIfFailed()
    {
        if (Volatile.Read(ref _failure) is not null)
        {
            ThrowFailed();
        }
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowFailed() => throw new LogFailedException(_failure!.Message, _failure);

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowPayloadLength(int length) =>
        throw new ArgumentOutOfRangeException(nameof(length), length, $"a payload has 0 to {PayloadBytesMax} bytes");
}
