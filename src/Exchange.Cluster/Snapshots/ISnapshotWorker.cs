namespace Exchange.Cluster.Snapshots;

/// <summary>Takes snapshots beside the member: on a thread of its own, or when a simulation says so.</summary>
internal interface ISnapshotWorker : IDisposable
{
    /// <summary>Asks for a snapshot of the state behind a position that this member has applied; a request that is still waiting is replaced.</summary>
    void Request(long position);

    /// <summary>Takes the result of the last snapshot that was finished, once.</summary>
    bool TryTakeResult(out SnapshotResult result);
}
