using Exchange.Ipc.Agents;

namespace Exchange.Cluster.Snapshots;

/// <summary>
/// Takes snapshots, each on a thread of low priority that ends with it. None of those may wait for the next: when a process is killed, its
/// connections end with its last thread, and on a busy machine one of low priority comes last by as much as a second.
/// </summary>
internal sealed class SnapshotTaker : ISnapshotWorker
{
    private readonly SnapshotJob _job;
    private readonly Action<string> _tell;
    private readonly CancellationTokenSource _stop = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private long _wanted = -1;
    private SnapshotResult? _result;

    /// <summary>Starts the thread.</summary>
    public SnapshotTaker(SnapshotJob job, Action<string> tell)
    {
        _job = job;
        _tell = tell;
        _thread = new Thread(Run) { IsBackground = true, Name = "snapshot" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Request(long position)
    {
        lock (_gate)
        {
            _wanted = position;
        }

        _wake.Set();
    }

    /// <inheritdoc/>
    public bool TryTakeResult(out SnapshotResult result)
    {
        lock (_gate)
        {
            result = _result.GetValueOrDefault();
            bool any = _result.HasValue;
            _result = null;
            return any;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _wake.Set();
        _thread.Join();
        _stop.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            _wake.WaitOne();
            long position = TakeWanted();
            if (position < 0)
            {
                continue;
            }

            Thread worker = new(() => Take(position)) { IsBackground = true, Name = "snapshot-job" };
            worker.Start();
            worker.Join();
        }
    }

    private void Take(long position)
    {
        ThreadNice.YieldToOthers();
        try
        {
            SnapshotResult result = _job.Take(position, _stop.Token);
            lock (_gate)
            {
                _result = result;
            }
        }
        catch (OperationCanceledException)
        {
            // The member closes.
        }
        catch (IOException e)
        {
            // The member goes on without a snapshot; its next start replays more. Trying again at once would not help a full disk.
            _tell($"WARNING: no snapshot could be taken at position {position}: {e.Message}");
        }
        catch (Exception e)
        {
            // The shadow core has failed, not the member's: that goes on, and so does the cluster, since every engine takes its snapshots
            // at the same positions. But what was tried here is what the next start does, so the operator must know before then.
            _tell($"ERROR: no snapshot could be taken at position {position}, and this member may be unable to start from its newest one: {e}");
        }
    }

    private long TakeWanted()
    {
        lock (_gate)
        {
            long position = _wanted;
            _wanted = -1;
            return position;
        }
    }
}
