namespace Exchange.Log.History;

// Creating and removing files takes from a tenth of a millisecond to a few of them. A thread of its own does both; the owner of the
// history hands work over through a ring without lock or allocation, and when the ring is full does the work itself.
//
// A busy session drops a file for each that it begins. Their blocks and pages are there already, which is most of what making a file
// costs, so a few are kept blank and given out again.
internal sealed class HistoryWorker : IDisposable
{
    private const int Capacity = 1024;
    private const int SparesMax = 8;

    private readonly Work[] _ring = new Work[Capacity];
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private readonly List<HistorySegment> _spares = [];
    private long _head;
    private long _tail;
    private bool _stopped;

    internal HistoryWorker()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "history-prepare" };
        _thread.Start();
    }

    /// <summary>How many files served again. Written by the worker's thread.</summary>
    internal long ReusedCount { get; private set; }

    /// <summary>Has a session's next file prepared; false when the ring is full. Owner only.</summary>
    internal bool TryPrepare(HistorySession session) => TryAdd(new Work(session, null, false));

    /// <summary>Removes a file that nobody reads any more, here if need be. Owner only.</summary>
    /// <param name="segment">The file.</param>
    /// <param name="mayServeAgain">Whether the numbers in it are all below what its session will ever write again.</param>
    internal void Discard(HistorySegment segment, bool mayServeAgain)
    {
        if (!TryAdd(new Work(null, segment, mayServeAgain)))
        {
            segment.Delete();
        }
    }

    /// <summary>A blank file of that length and name: one that served before, or a new one. On the worker's thread.</summary>
    internal HistorySegment Make(string path, int length)
    {
        int spare = _spares.FindIndex(segment => segment.Length == length);
        if (spare < 0)
        {
            return HistorySegment.Create(path, length);
        }

        HistorySegment segment = _spares[spare];
        segment.MoveTo(path);
        _spares.RemoveAt(spare);
        ReusedCount++;
        return segment;
    }

    /// <summary>Finishes what is in the ring and ends the thread.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _stopped, true);
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    private bool TryAdd(Work work)
    {
        // The read of the head pairs with its write in Run: a place is used again only after its work was taken out.
        if (_tail - Volatile.Read(ref _head) == Capacity)
        {
            return false;
        }

        _ring[_tail % Capacity] = work;
        Volatile.Write(ref _tail, _tail + 1);
        _wake.Set();
        return true;
    }

    private void Run()
    {
        while (true)
        {
            // Pairs with the write in TryAdd: who sees the new tail sees the work before it.
            while (_head < Volatile.Read(ref _tail))
            {
                Work work = _ring[_head % Capacity];
                _ring[_head % Capacity] = default;
                Volatile.Write(ref _head, _head + 1);
                Do(work);
            }

            if (Volatile.Read(ref _stopped))
            {
                _spares.ForEach(Delete);
                return;
            }

            _wake.WaitOne();
        }
    }

    private void Do(Work work)
    {
        work.Session?.PrepareOnWorker();
        if (work.Discarded is not { } segment)
        {
            return;
        }

        if (work.MayServeAgain && _spares.Count < SparesMax && TryBlank(segment))
        {
            _spares.Add(segment);
        }
        else
        {
            Delete(segment);
        }
    }

    private static bool TryBlank(HistorySegment segment)
    {
        try
        {
            return segment.TryBlank();
        }
        catch (IOException)
        {
            return false;
        }
    }

    // A file that cannot be removed now is removed at the next start, as it is no longer part of its session's chain.
    private static void Delete(HistorySegment segment)
    {
        try
        {
            segment.Delete();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            segment.Release();
        }
    }

    private readonly record struct Work(HistorySession? Session, HistorySegment? Discarded, bool MayServeAgain);
}
