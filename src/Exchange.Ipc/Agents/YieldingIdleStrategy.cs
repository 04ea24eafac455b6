namespace Exchange.Ipc.Agents;

/// <summary>Offers the core to others after each idle cycle; still uses it fully when nobody else wants it.</summary>
public struct YieldingIdleStrategy : IIdleStrategy
{
    /// <inheritdoc/>
    public readonly void Idle(int workCount)
    {
        if (workCount <= 0)
        {
            _ = Thread.Yield();
        }
    }

    /// <inheritdoc/>
    public readonly void Reset()
    {
    }
}
