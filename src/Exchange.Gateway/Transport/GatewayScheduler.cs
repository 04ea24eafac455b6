// Problem: completions of asynchronous sockets arrive on threads of the pool, but everything in the gateway belongs to one thread.
// Idea:    a pipe scheduler that only queues. The gateway thread runs the queue once per duty cycle, and is woken when it sleeps.
// Must hold: a work item runs on the gateway thread only, in the order of queueing; queueing always wakes, so no completion is left lying.
using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace Exchange.Gateway.Transport;

/// <summary>Runs the continuations of pipes and sockets on the gateway thread.</summary>
internal sealed class GatewayScheduler(WakeSignal signal) : PipeScheduler
{
    private readonly ConcurrentQueue<WorkItem> _queue = new();
    private int _threadId;

    /// <inheritdoc/>
    public override void Schedule(Action<object?> action, object? state)
    {
        _queue.Enqueue(new WorkItem(action, state));
        if (Environment.CurrentManagedThreadId != Volatile.Read(ref _threadId))
        {
            signal.Set();
        }
    }

    /// <summary>Runs what is queued, at most <paramref name="limit"/> items, so that items that queue others cannot keep the thread.</summary>
    public int Run(int limit)
    {
        // Partner: Schedule, which need not wake the very thread that is awake.
        Volatile.Write(ref _threadId, Environment.CurrentManagedThreadId);
        int count = 0;
        while (count < limit && _queue.TryDequeue(out WorkItem item))
        {
            count++;
            item.Action(item.State);
        }

        return count;
    }

    private readonly record struct WorkItem(Action<object?> Action, object? State);
}
