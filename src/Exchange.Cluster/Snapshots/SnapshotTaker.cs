using System.Diagnostics;
using Exchange.Cluster.Recovery;
using Exchange.Log;
using Exchange.Log.History;
using Exchange.Log.Snapshots;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Snapshots;

/// <summary>
/// Takes snapshots without stopping the member: a shadow core on a thread of its own starts from the newest snapshot, replays the log to
/// where the member was, writes what it has, and is thrown away. The same log gives the same state, so the shadow's snapshot is the member's.
/// </summary>
internal sealed class SnapshotTaker : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private readonly MemberOptions _options;
    private readonly SegmentedLog _log;
    private readonly MessageHistory _history;
    private readonly Func<long> _appliedPosition;
    private readonly SnapshotStore _store;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private long _lastPosition;

    /// <summary>Starts the thread.</summary>
    /// <param name="options">When to take one, and how many to keep.</param>
    /// <param name="log">The log.</param>
    /// <param name="history">Outbound history; it must be on the device as far as a snapshot says it reaches.</param>
    /// <param name="appliedPosition">How far the member is.</param>
    /// <param name="lastPosition">Position of the newest snapshot.</param>
    public SnapshotTaker(MemberOptions options, SegmentedLog log, MessageHistory history, Func<long> appliedPosition, long lastPosition)
    {
        _options = options;
        _log = log;
        _history = history;
        _appliedPosition = appliedPosition;
        _lastPosition = lastPosition;
        _store = new SnapshotStore(MemberDirectories.Snapshots(options.Directory), log.LogId, options.Log);
        _thread = new Thread(Run) { IsBackground = true, Name = "snapshot" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        ThreadPriorities.YieldToOthers();
        while (!_stop.Token.WaitHandle.WaitOne(_interval))
        {
            long target = _appliedPosition();
            if (target - _lastPosition < _options.SnapshotEveryBytes)
            {
                continue;
            }

            try
            {
                Take(target);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (IOException e)
            {
                // The member goes on without a snapshot; its next start replays more. Trying again at once would not help a full disk.
                _options.Log($"no snapshot could be taken at position {target}: {e.Message}");
            }

            _lastPosition = target;
        }
    }

    private void Take(long target)
    {
        long started = Stopwatch.GetTimestamp();
        SnapshotLoad load = SnapshotLoad.Newest(_store, _options.StateMachineFactory, _log.StartPosition, target);
        using LogReplayer replayer = new(load.Machine, load.Marks, load.Position);
        replayer.Resume(load.Term, load.LogTimeNs);
        using LogReader reader = _log.OpenReader(load.Position);
        while (replayer.Position < target && reader.TryRead(out LogEntry entry))
        {
            replayer.Apply(entry, replayer.NoteOnly);
            _stop.Token.ThrowIfCancellationRequested();
        }

        // The snapshot promises a history up to its marks, so the history must be on the device before the snapshot counts.
        _history.Flush();
        using SnapshotFileWriter file = _store.Create(replayer.Position, replayer.LastTerm, replayer.LastLogTimeNs);
        SnapshotWriter writer = new(file);
        MemberSnapshot.Write(writer, load.Marks, load.Machine);
        SnapshotInfo info = file.Complete(writer.Complete());
        _store.Keep(_options.SnapshotsKept);
        (load.Machine as IDisposable)?.Dispose();
        _options.Log($"snapshot at position {info.Position}: {info.ContentBytes} bytes, state hash {info.StateHash:x16}, {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms");
    }
}
