using Exchange.Log.Segments;

namespace Exchange.Log;

/// <summary>
/// A log opened by a tool: it takes no lock and writes nothing, so it works beside a running member as well as afterwards. It shows
/// the log as it was at opening or at the last <see cref="Refresh"/>.
/// </summary>
public sealed class ReadOnlyLog : IDisposable
{
    private readonly string _directory;
    private LogView _view;

    private ReadOnlyLog(string directory, LogView view, TailScan scan, Guid logId)
    {
        _directory = directory;
        _view = view;
        LogId = logId;
        DurableWatermark = scan.Watermark;
        TornBytes = scan.TornBytes;
    }

    /// <summary>Identity of the history.</summary>
    public Guid LogId { get; }

    /// <summary>Position of the oldest entry.</summary>
    public long StartPosition => _view.StartPosition;

    /// <summary>Position behind the newest entry that checks.</summary>
    public long EndPosition => _view.EndPosition;

    /// <summary>Everything below had been flushed.</summary>
    public long DurableWatermark { get; private set; }

    /// <summary>Bytes of an incomplete tail: of an entry being written, or of a crash that was not recovered yet.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Number of segment files, one that is only prepared included.</summary>
    public int SegmentCount => _view.Segments.Length;

    /// <summary>Opens a reader at the start of an entry, or at the end.</summary>
    public LogReader OpenReader(long position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, StartPosition);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, EndPosition);
        return new LogReader(_view, position);
    }

    /// <summary>Looks for what was appended since. Readers that are open must be opened again at their position.</summary>
    public void Refresh()
    {
        LogView before = _view;
        (LogView view, TailScan scan, _) = Load(_directory, fromStart: false, null, CancellationToken.None);
        _view = view;
        DurableWatermark = scan.Watermark;
        TornBytes = scan.TornBytes;
        Release(before);
    }

    /// <summary>Lets go of the segments.</summary>
    public void Dispose()
    {
        Release(_view);
        _view.Segments = [];
    }

    internal static ReadOnlyLog Open(string directory)
    {
        (LogView view, TailScan scan, Guid logId) = Load(directory, fromStart: false, null, CancellationToken.None);
        return new ReadOnlyLog(directory, view, scan, logId);
    }

    /// <summary>Maps all segments and finds the end.</summary>
    internal static (LogView View, TailScan Scan, Guid LogId) Load(string directory, bool fromStart, Action<long>? progress, CancellationToken cancellation)
    {
        const int AttemptsMax = 5;
        for (int attempt = 1; ; attempt++)
        {
            LogMetadata metadata = LogMetadata.Read(directory)
                ?? throw new FileNotFoundException($"no log in {directory}: {LogMetadata.FileName} is missing; name the directory of a member's log");
            Segment[] segments = [];
            try
            {
                segments = SegmentDirectory.Load(directory, metadata, writable: false);
                LogView view = new(metadata.LogId) { Segments = segments };
                TailScan scan = new(segments, view.Seed);
                scan.Run(fromStart, progress, cancellation);
                view.EndPosition = scan.EndPosition;
                return (view, scan, metadata.LogId);
            }
            catch (IOException) when (attempt < AttemptsMax && LogMetadata.Read(directory) != metadata)
            {
                // The running member created or deleted a segment between our looks; look again.
                Release(segments);
            }
            catch
            {
                Release(segments);
                throw;
            }
        }
    }

    private static void Release(LogView view) => Release(view.Segments);

    private static void Release(Segment[] segments)
    {
        foreach (Segment segment in segments)
        {
            segment.Release();
        }
    }
}
