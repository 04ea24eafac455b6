namespace Exchange.Log.Segments;

// Creating a segment takes as long as writing it once: blocks, zeros, flush, page tables. A thread of its own does that one segment
// ahead, so that the writer only swaps a pointer. The writer waits only when it fills a segment faster than the device can
// prepare one, and such waits are counted.
//
// One state passes between the two, so neither takes a lock or allocates:
//
//   Idle ──Request──▶ Wanted ──▶ Busy ──▶ Ready ──Take──▶ Idle
//                       ▲          └────▶ Failed ──Take──▶ (asks once more, then throws)
//                       └────────────────────┘
internal sealed class SegmentPreparer : IDisposable
{
    private const int Idle = 0;
    private const int Wanted = 1;
    private const int Busy = 2;
    private const int Ready = 3;
    private const int Failed = 4;

    private readonly Func<long, Segment> _create;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private int _state;
    private long _start;
    private bool _stopped;
    private Segment? _segment;
    private IOException? _failure;

    /// <param name="create">Creates the segment that starts at a position; runs on the preparer's thread.</param>
    internal SegmentPreparer(Func<long, Segment> create)
    {
        _create = create;
        _thread = new Thread(Run) { IsBackground = true, Name = "log-prepare" };
        _thread.Start();
    }

    /// <summary>How often the writer found no segment ready.</summary>
    internal long WaitCount { get; private set; }

    /// <summary>Why the next segment could not be made; null when there is nothing wrong.</summary>
    internal IOException? Failure => Volatile.Read(ref _state) == Failed ? _failure : null;

    /// <summary>Hands over a segment that already exists.</summary>
    internal void Offer(Segment segment)
    {
        _segment = segment;
        Volatile.Write(ref _state, Ready);
    }

    /// <summary>Asks for the segment that starts at a position. Only when none is wanted or ready.</summary>
    internal void Request(long start)
    {
        // Pairs with the exchange in Run: who sees Wanted also sees the position.
        _start = start;
        Volatile.Write(ref _state, Wanted);
        _wake.Set();
    }

    /// <summary>Takes the segment that starts at a position, waiting for it if it must.</summary>
    /// <exception cref="IOException">It could not be made, with the reason; the next call tries again.</exception>
    internal Segment Take(long start)
    {
        int state = Volatile.Read(ref _state);
        if (state != Ready)
        {
            WaitCount++;
            if (state is Idle or Failed)
            {
                Request(start);
            }

            SpinWait wait = default;
            while ((state = Volatile.Read(ref _state)) is Wanted or Busy)
            {
                wait.SpinOnce();
            }
        }

        if (state == Failed)
        {
            throw Copy(_failure!);
        }

        Segment segment = _segment!;
        _segment = null;
        Volatile.Write(ref _state, Idle);
        return segment;
    }

    /// <summary>Waits until nothing is being made and forgets what was wanted or ready.</summary>
    internal void Cancel()
    {
        SpinWait wait = default;
        while (Interlocked.CompareExchange(ref _state, Idle, Wanted) == Busy)
        {
            wait.SpinOnce();
        }

        _segment = null;
        Volatile.Write(ref _state, Idle);
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

    private void Run()
    {
        while (!Volatile.Read(ref _stopped))
        {
            if (Interlocked.CompareExchange(ref _state, Busy, Wanted) != Wanted)
            {
                _wake.WaitOne();
                continue;
            }

            try
            {
                _segment = _create(_start);
                Volatile.Write(ref _state, Ready);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _failure = exception as IOException ?? new IOException(exception.Message, exception);
                Volatile.Write(ref _state, Failed);
            }
        }
    }
}
