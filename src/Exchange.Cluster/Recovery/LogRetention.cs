namespace Exchange.Cluster.Recovery;

/// <summary>
/// How much of the log must stay. Entries below a snapshot are needed by nobody who has that snapshot; so what lies below the oldest one
/// that is kept, and below the newest one that the witness holds, may go. Then a member that starts again always finds a way: its own
/// snapshot and log, or a snapshot from a peer with the log behind it.
/// </summary>
public sealed class LogRetention
{
    /// <summary>Bytes of log to keep behind the applied position in any case; by default everything.</summary>
    public long KeepBytes { get; init; } = long.MaxValue;

    /// <summary>Position below which segments may be deleted; 0 when nothing may.</summary>
    /// <param name="oldestKeptSnapshot">Position of the oldest own snapshot that is kept and checks; -1 when there is none.</param>
    /// <param name="witnessSnapshot">Position of the newest snapshot that the witness holds; -1 when none or unknown, null in a cluster without witness.</param>
    /// <param name="applied">Position up to which this member has applied.</param>
    public long DeletableBelow(long oldestKeptSnapshot, long? witnessSnapshot, long applied)
    {
        if (KeepBytes < 0)
        {
            throw new InvalidOperationException($"bytes of log to keep {KeepBytes}: must not be negative");
        }

        // Written so that nothing overflows when everything is kept.
        long below = applied > KeepBytes ? applied - KeepBytes : 0;
        below = Math.Min(below, Math.Min(oldestKeptSnapshot, witnessSnapshot ?? long.MaxValue));
        return Math.Max(0, below);
    }
}
