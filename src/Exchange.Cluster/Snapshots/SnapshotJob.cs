using System.Diagnostics;
using Exchange.Cluster.Recovery;
using Exchange.Log;
using Exchange.Log.History;
using Exchange.Log.Snapshots;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Snapshots;

/// <summary>
/// Takes a snapshot without stopping the member: a shadow core starts from the newest snapshot, replays the log to the position wanted,
/// writes what it has, and is thrown away. The same log gives the same state, so the shadow's snapshot is the member's.
/// </summary>
internal sealed class SnapshotJob
{
    private readonly MemberOptions _options;
    private readonly SegmentedLog _log;
    private readonly MessageHistory _history;
    private readonly SnapshotStore _store;

    /// <summary>Creates the job.</summary>
    /// <param name="options">Where snapshots are, and how many to keep.</param>
    /// <param name="log">The log.</param>
    /// <param name="history">Outbound history; it must be on the device as far as a snapshot says it reaches.</param>
    public SnapshotJob(MemberOptions options, SegmentedLog log, MessageHistory history)
    {
        _options = options;
        _log = log;
        _history = history;
        _store = new SnapshotStore(MemberDirectories.Snapshots(options.Directory), log.LogId, options.Log);
    }

    /// <summary>Takes a snapshot of the state behind a position.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="OperationCanceledException">The member stops.</exception>
    public SnapshotResult Take(long target, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        SnapshotLoad load = SnapshotLoad.Newest(_store, _options.StateMachineFactory, _log.StartPosition, target);
        try
        {
            using LogReplayer replayer = new(load.Machine, load.Marks, load.Position);
            replayer.Resume(load.Term, load.LogTimeNs);
            using LogReader reader = _log.OpenReader(load.Position);
            while (replayer.Position < target && reader.TryRead(out LogEntry entry))
            {
                replayer.Apply(entry, replayer.NoteOnly);
                stop.ThrowIfCancellationRequested();
            }

            // The snapshot promises a history up to its marks, so the history must be on the device before the snapshot counts.
            _history.Flush();
            using SnapshotFileWriter file = _store.Create(replayer.Position, replayer.LastTerm, replayer.LastLogTimeNs);
            SnapshotWriter writer = new(file);
            MemberSnapshot.Write(writer, load.Marks, load.Machine);
            SnapshotInfo info = file.Complete(writer.Complete());
            long oldest = _store.Keep(_options.SnapshotsKept);
            _options.Log($"snapshot at position {info.Position}: {info.ContentBytes} bytes, state hash {info.StateHash:x16}, {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms");
            return new SnapshotResult(info.Position, info.StateHash, oldest);
        }
        finally
        {
            (load.Machine as IDisposable)?.Dispose();
        }
    }
}
