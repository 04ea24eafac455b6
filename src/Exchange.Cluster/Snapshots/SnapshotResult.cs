namespace Exchange.Cluster.Snapshots;

/// <summary>A snapshot that was taken.</summary>
/// <param name="Position">The state behind this position.</param>
/// <param name="StateHash">Hash of that state.</param>
internal readonly record struct SnapshotResult(long Position, ulong StateHash);
