namespace Exchange.Ipc.Agents;

/// <summary>Idle strategies by name.</summary>
public enum IdleStrategyKind
{
    /// <summary><see cref="BackoffIdleStrategy"/>; <c>backoff</c>.</summary>
    Backoff,

    /// <summary><see cref="BusySpinIdleStrategy"/>; <c>busy-spin</c>.</summary>
    BusySpin,

    /// <summary><see cref="YieldingIdleStrategy"/>; <c>yield</c>.</summary>
    Yield,
}
