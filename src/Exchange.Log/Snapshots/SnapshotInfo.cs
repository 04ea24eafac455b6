namespace Exchange.Log.Snapshots;

/// <summary>What a snapshot file says of itself.</summary>
/// <param name="Path">The file.</param>
/// <param name="LogId">The log to which it belongs.</param>
/// <param name="Position">The snapshot holds the effect of every entry below this position; replay goes on from here.</param>
/// <param name="Term">Term of the last entry in it.</param>
/// <param name="TimestampNs">Log time of that entry, nanoseconds since 1970.</param>
/// <param name="ContentBytes">Length of the content.</param>
/// <param name="StateHash">Hash of the state, as the writer gave it.</param>
public sealed record SnapshotInfo(string Path, Guid LogId, long Position, long Term, long TimestampNs, long ContentBytes, ulong StateHash);
