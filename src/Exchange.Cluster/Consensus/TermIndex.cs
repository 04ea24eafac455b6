namespace Exchange.Cluster.Consensus;

/// <summary>
/// Which term each entry of the log is of. Terms only grow along a log, so runs of equal terms are all there is to keep: a few dozen
/// bytes per leadership instead of some per entry.
/// </summary>
/// <remarks>
/// A run is kept as the end of the entry before it and its term. Two logs that have an entry of the same term ending at the same position
/// are equal up to there: in one term one leader alone appends, and never takes back.
/// </remarks>
internal sealed class TermIndex
{
    private const int RunsMax = 4096;
    private readonly List<Run> _runs = [];

    /// <summary>Creates an index of nothing.</summary>
    /// <param name="floor">The position from which on entries will be noted.</param>
    /// <param name="floorTerm">Term of the entry that ends there; 0 when unknown.</param>
    public TermIndex(long floor, long floorTerm)
    {
        Floor = floor;
        FloorTerm = floorTerm;
        End = floor;
    }

    /// <summary>Nothing is known about entries that end below.</summary>
    public long Floor { get; private set; }

    /// <summary>Term of the entry that ends at <see cref="Floor"/>; 0 when unknown.</summary>
    public long FloorTerm { get; private set; }

    /// <summary>Where the last entry ends.</summary>
    public long End { get; private set; }

    /// <summary>Term of the last entry; 0 when unknown.</summary>
    public long LastTerm => _runs.Count > 0 ? _runs[^1].Term : FloorTerm;

    /// <summary>Notes an entry, or several of one term.</summary>
    public void Append(long endPosition, long term)
    {
        if (LastTerm != term || _runs.Count == 0)
        {
            if (_runs.Count == RunsMax)
            {
                Floor = _runs[1].After;
                FloorTerm = _runs[0].Term;
                _runs.RemoveAt(0);
            }

            _runs.Add(new Run(End, term));
        }

        End = endPosition;
    }

    /// <summary>Forgets all entries that end behind a position.</summary>
    public void Truncate(long position)
    {
        End = position;
        while (_runs.Count > 0 && _runs[^1].After >= position)
        {
            _runs.RemoveAt(_runs.Count - 1);
        }
    }

    /// <summary>Term of the entry that ends at a position; 0 when it is not known.</summary>
    public long TermAt(long endPosition)
    {
        if (endPosition == Floor)
        {
            return FloorTerm;
        }

        int run = endPosition > End ? -1 : Find(endPosition);
        return run < 0 ? 0 : _runs[run].Term;
    }

    /// <summary>Term of the entry that follows one that ends at a position; 0 when there is none or it is not known.</summary>
    public long TermBehind(long position) => position < Floor || position >= End ? 0 : _runs[Find(position + 1)].Term;

    /// <summary>Where the run begins to which an entry belongs: the end of the last entry of an earlier term.</summary>
    public long RunAfter(long endPosition)
    {
        int run = Find(endPosition);
        return run < 0 ? Floor : _runs[run].After;
    }

    /// <summary>
    /// The furthest end of an entry, not behind <paramref name="position"/> and of no later term than <paramref name="term"/>, that is
    /// certain to be one; -1 when none is known. Used to find quickly where two logs part (thesis, end of 3.5).
    /// </summary>
    public long LastNotAfter(long position, long term)
    {
        if (position <= End && TermAt(position) == term && term != 0)
        {
            return position;
        }

        for (int run = _runs.Count - 1; run >= 0; run--)
        {
            long end = run + 1 < _runs.Count ? _runs[run + 1].After : End;
            if (end <= position && _runs[run].Term <= term)
            {
                return end;
            }
        }

        return -1;
    }

    private int Find(long endPosition)
    {
        int run = _runs.Count - 1;
        while (run >= 0 && _runs[run].After >= endPosition)
        {
            run--;
        }

        return run;
    }

    private readonly record struct Run(long After, long Term);
}
