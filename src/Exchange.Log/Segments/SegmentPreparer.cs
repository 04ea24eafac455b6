namespace Exchange.Log.Segments;

// Creating a segment takes as long as the device likes: blocks, flushes, page tables. A thread of its own keeps a few of them ready,
// so that the writer only looks up the next one. The writer waits only when it fills segments faster than the device can prepare
// them for longer than those in stock last, and such waits are counted.
//
// The stock is the end of the log's own chain of segments: what is prepared is in the view, behind what is in use. Between the two
// threads pass only how far the chain is in use, and a failure with the request to try once more.
internal sealed class SegmentPreparer : IDisposable
{
    private static readonly TimeSpan s_retryTime = TimeSpan.FromSeconds(1);

    private readonly Action<long> _prepareNext;
    private readonly LogView _view;
    private readonly int _ahead;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Lock _busy = new();
    private readonly Thread _thread;
    private long _inUseEnd;
    private bool _stopped;
    private long _failureCount;
    private IOException? _failure;

    /// <param name="view">The chain of segments.</param>
    /// <param name="inUseEnd">End of the last segment in use.</param>
    /// <param name="ahead">How many segments to keep ready behind it.</param>
    /// <param name="prepareNext">Adds a segment that starts at a position to the chain. Runs on the preparer's thread.</param>
    internal SegmentPreparer(LogView view, long inUseEnd, int ahead, Action<long> prepareNext)
    {
        _view = view;
        _inUseEnd = inUseEnd;
        _ahead = ahead;
        _prepareNext = prepareNext;
        _thread = new Thread(Run) { IsBackground = true, Name = "log-prepare" };
        _thread.Start();
    }

    /// <summary>How often the writer found no segment ready.</summary>
    internal long WaitCount { get; private set; }

    /// <summary>Why the next segment could not be made; null when there is nothing wrong.</summary>
    internal IOException? Failure => Volatile.Read(ref _failure);

    /// <summary>Takes the segment that starts at a position, waiting for it if it must.</summary>
    /// <exception cref="IOException">It could not be made, with the reason; the next call tries again.</exception>
    internal Segment Take(long start)
    {
        Segment? segment = _view.Find(start) ?? Wait(start);

        // Pairs with the read in IsStockFull.
        Volatile.Write(ref _inUseEnd, segment.EndPosition);
        _wake.Set();
        return segment;
    }

    /// <summary>Lets the writer change the chain: waits until nothing is being made, and nothing is until the result is disposed.</summary>
    /// <param name="inUseEnd">End of the last segment that is in use afterwards.</param>
    internal Lock.Scope Pause(long inUseEnd)
    {
        Lock.Scope scope = _busy.EnterScope();
        Volatile.Write(ref _inUseEnd, inUseEnd);
        _wake.Set();
        return scope;
    }

    public void Dispose()
    {
        Volatile.Write(ref _stopped, true);
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    // An exception object belongs to one throw, or its stack trace would be that of another.
    private static IOException Copy(IOException failure) => failure is DiskFullException
        ? new DiskFullException(failure.Message, failure)
        : new IOException(failure.Message, failure);

    private Segment Wait(long start)
    {
        WaitCount++;
        long failuresBefore = Volatile.Read(ref _failureCount);
        _wake.Set();
        SpinWait wait = default;
        while (true)
        {
            // The count first: a failure that is followed by a segment is of no concern any more. Pairs with the write in TryPrepare.
            long failures = Volatile.Read(ref _failureCount);
            Segment? segment = _view.Find(start);
            if (segment is not null)
            {
                return segment;
            }

            if (failures != failuresBefore && Failure is { } failure)
            {
                throw Copy(failure);
            }

            wait.SpinOnce();
        }
    }

    private void Run()
    {
        while (!Volatile.Read(ref _stopped))
        {
            if (!TryPrepare())
            {
                // A full disk may have room again long before the writer needs it.
                _wake.WaitOne(Failure is null ? Timeout.InfiniteTimeSpan : s_retryTime);
            }
        }
    }

    private bool TryPrepare()
    {
        lock (_busy)
        {
            if (IsStockFull(out long end))
            {
                return false;
            }

            try
            {
                _prepareNext(end);
                Volatile.Write(ref _failure, null);
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Volatile.Write(ref _failure, exception as IOException ?? new IOException(exception.Message, exception));
                Volatile.Write(ref _failureCount, _failureCount + 1);
                return false;
            }
        }
    }

    private bool IsStockFull(out long end)
    {
        Segment[] segments = _view.Segments;
        long inUseEnd = Volatile.Read(ref _inUseEnd);
        end = segments[^1].EndPosition;
        int ready = 0;
        while (ready < segments.Length && segments[^(ready + 1)].StartPosition >= inUseEnd)
        {
            ready++;
        }

        return ready >= _ahead;
    }
}
