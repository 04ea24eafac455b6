namespace Exchange.Log.Segments;

// Brings a directory to the state in which a writer may go on: the log's identity known, all segments there, the tail decided, and
// everything that recovery relies upon flushed. Each step may itself be interrupted by a crash and is then simply done again.
internal sealed class LogRecovery
{
    private readonly LogOptions _options;

    internal LogRecovery(LogOptions options) => _options = options;

    /// <summary>Which log this is.</summary>
    internal LogMetadata Metadata { get; private set; } = null!;

    /// <summary>All segments, the one behind the current included when it is there.</summary>
    internal Segment[] Segments { get; private set; } = [];

    /// <summary>Index of the segment in which the log ends.</summary>
    internal int CurrentIndex { get; private set; }

    /// <summary>What was found.</summary>
    internal LogRecoveryReport Report { get; private set; }

    /// <summary>How the log was left.</summary>
    internal PreviousShutdown PreviousShutdown { get; private set; }

    /// <summary>Creates the log or recovers it.</summary>
    internal void Run()
    {
        string directory = _options.Directory;
        SegmentDirectory.RemoveUnfinished(directory);
        LogMetadata? metadata = LogMetadata.Read(directory);
        PreviousShutdown = ShutdownMarker.Read(directory, firstStart: metadata is null, out long cleanPosition);
        if (metadata is null)
        {
            Create();
            return;
        }

        RequireIdentity(metadata.LogId);
        Metadata = metadata;
        Segments = SegmentDirectory.Load(directory, metadata, writable: true);
        try
        {
            TailScan scan = new(Segments, EntryDescriptor.CrcSeed(metadata.LogId));
            scan.Run(_options.VerifyAllOnOpen);
            CurrentIndex = scan.EndIndex;
            if (cleanPosition > scan.EndPosition)
            {
                throw new LogDamagedException(
                    Segments[CurrentIndex].Path,
                    scan.EndPosition,
                    $"the log ends here, but it was closed in order at position {cleanPosition}");
            }

            Report = new LogRecoveryReport(scan.EndPosition, scan.Watermark, scan.TornBytes, scan.TruncationPending);
            CutTail(scan);
        }
        catch
        {
            ReleaseAll();
            throw;
        }
    }

    private void RequireIdentity(Guid logId)
    {
        if (_options.LogId is { } wanted && wanted != logId)
        {
            throw new IOException(
                $"the log in {_options.Directory} is log {logId:D}, but log {wanted:D} is wanted; name the directory of that log, or remove this one to start empty");
        }
    }

    private void Create()
    {
        // The metadata come last; segments without them are the remains of a creation that did not get that far, and are empty.
        foreach (string path in SegmentDirectory.Paths(_options.Directory))
        {
            Segment remains = Segment.Open(path, writable: false);
            bool blank = remains.IsBlank;
            remains.Release();
            if (!blank)
            {
                throw new LogDamagedException(path, -1, $"the segment has entries, but {LogMetadata.FileName} is missing");
            }

            File.Delete(path);
        }

        Guid logId = _options.LogId ?? Guid.NewGuid();
        long first = _options.StartPosition;
        long start = SegmentedLog.SegmentStartOf(first, _options.SegmentBytes);
        Segment segment = Segment.Create(_options.Directory, start, _options.SegmentBytes - SegmentDescriptor.HeaderBytes, logId, _options.ZeroFill);
        Segments = [segment];
        try
        {
            if (first > start)
            {
                segment.Skip(first, EntryDescriptor.CrcSeed(logId));
            }

            Metadata = new LogMetadata(logId, start, start);
            Metadata.Write(_options.Directory);
            Report = new LogRecoveryReport(first, first, 0, TruncationFinished: false);
        }
        catch
        {
            ReleaseAll();
            throw;
        }
    }

    private void CutTail(TailScan scan)
    {
        Segment current = Segments[CurrentIndex];
        long end = scan.EndPosition;

        // Segments behind the current are kept while they are blank: they are those that were prepared.
        int keep = CurrentIndex + 1;
        while (keep < Segments.Length && Segments[keep].IsBlank)
        {
            keep++;
        }

        Metadata = Tail.DropSegments(_options.Directory, Metadata, Segments, keep);
        Segments = Segments[..keep];
        if (scan.TornBytes > 0 || scan.TruncationPending)
        {
            Tail.Zero(current, end);
        }

        // What a killed process left in the page cache becomes durable here, so that all that is recovered may be relied upon.
        foreach (Segment segment in Segments)
        {
            if (segment.EndPosition > scan.Watermark && segment.StartPosition < end)
            {
                segment.FlushEntries(Math.Max(segment.StartPosition, scan.Watermark & ~(EntryDescriptor.AlignmentBytes - 1)), Math.Min(segment.EndPosition, end));
            }
        }

        current.WriteWatermark(end, truncateTo: -1);
        current.FlushHeader();
    }

    private void ReleaseAll()
    {
        foreach (Segment segment in Segments)
        {
            segment.Release();
        }

        Segments = [];
    }
}
