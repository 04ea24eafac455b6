namespace Exchange.Cluster.Recovery;

/// <summary>What a log amounts to.</summary>
/// <param name="EndPosition">Position behind the last entry.</param>
/// <param name="Entries">Entries applied.</param>
/// <param name="SnapshotPosition">Position of the snapshot started from; -1 when started from the first entry.</param>
/// <param name="SnapshotsChecked">Snapshots whose hash was compared on the way.</param>
/// <param name="StateHash">Hash of the state at the end.</param>
public sealed record OfflineReplayResult(long EndPosition, long Entries, long SnapshotPosition, int SnapshotsChecked, ulong StateHash);
