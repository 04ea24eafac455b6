namespace Exchange.Ipc.Agents;

/// <summary>How an <see cref="AgentRunner"/> runs its agent.</summary>
public sealed class AgentRunnerOptions
{
    /// <summary>What the thread does when the agent has nothing to do.</summary>
    public IdleStrategyKind IdleStrategy { get; init; } = IdleStrategyKind.Backoff;

    /// <summary>Limits of the backoff; used with <see cref="IdleStrategyKind.Backoff"/> only.</summary>
    public BackoffIdleStrategy Backoff { get; init; } = new();

    /// <summary>Processor to pin the thread to.</summary>
    public int? Cpu { get; init; }

    /// <summary>
    /// Called on the agent's thread with whatever escaped from it. It returns true to go on with the next duty cycle. Without a handler
    /// the agent is closed and <see cref="AgentRunner.Failure"/> says why.
    /// </summary>
    public Func<Exception, bool>? OnError { get; init; }
}
