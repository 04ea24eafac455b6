namespace Exchange.Cluster.Admin;

/// <summary>
/// Changes that are in the log and whose operators wait to hear that a majority has them. Positions and deadlines only grow, so the oldest is
/// always the next to be answered. At most <see cref="CountMax"/>: whoever comes then is refused before anything is written.
/// </summary>
internal sealed class PendingChanges
{
    /// <summary>So many may wait: as many as operators may be connected.</summary>
    public const int CountMax = 8;

    private const long PatienceNs = 5_000_000_000;
    private readonly Queue<Change> _changes = new(CountMax);

    /// <summary>How many wait.</summary>
    public int Count => _changes.Count;

    /// <summary>Whether one more may be written.</summary>
    public bool HasRoom => _changes.Count < CountMax;

    /// <summary>A change was written.</summary>
    /// <param name="connection">Who waits.</param>
    /// <param name="position">Position behind it in the log.</param>
    /// <param name="nowNs">Now.</param>
    public void Add(long connection, long position, long nowNs) => _changes.Enqueue(new Change(connection, position, nowNs + PatienceNs));

    /// <summary>Takes the next one that is confirmed.</summary>
    public bool TryTakeConfirmed(long commitPosition, out long connection, out long position) =>
        TryTake(_changes.TryPeek(out Change oldest) && commitPosition >= oldest.Position, out connection, out position);

    /// <summary>Takes the next one that has waited for too long.</summary>
    public bool TryTakeOverdue(long nowNs, out long connection) =>
        TryTake(_changes.TryPeek(out Change oldest) && nowNs > oldest.DeadlineNs, out connection, out _);

    /// <summary>Takes the next one whatever has become of it.</summary>
    public bool TryTakeAny(out long connection) => TryTake(_changes.Count > 0, out connection, out _);

    private bool TryTake(bool isDue, out long connection, out long position)
    {
        Change taken = isDue ? _changes.Dequeue() : default;
        (connection, position) = (taken.Connection, taken.Position);
        return isDue;
    }

    private readonly record struct Change(long Connection, long Position, long DeadlineNs);
}
