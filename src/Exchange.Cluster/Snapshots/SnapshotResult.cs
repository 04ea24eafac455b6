namespace Exchange.Cluster.Snapshots;

/// <summary>A snapshot that was taken.</summary>
/// <param name="Position">The state behind this position.</param>
/// <param name="StateHash">Hash of that state.</param>
/// <param name="OldestKept">Position of the oldest snapshot that is kept.</param>
internal readonly record struct SnapshotResult(long Position, ulong StateHash, long OldestKept);
