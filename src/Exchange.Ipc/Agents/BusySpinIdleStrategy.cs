namespace Exchange.Ipc.Agents;

/// <summary>Never gives the core away: lowest latency, one whole core.</summary>
public struct BusySpinIdleStrategy : IIdleStrategy
{
    /// <inheritdoc/>
    public readonly void Idle(int workCount)
    {
        if (workCount <= 0)
        {
            Thread.SpinWait(1);
        }
    }

    /// <inheritdoc/>
    public readonly void Reset()
    {
    }
}
