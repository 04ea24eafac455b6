namespace Exchange.Host.Processes;

/// <summary>What a process rehearses.</summary>
internal sealed record RehearsalOptions
{
    /// <summary>A directory for throw-away parts; deleted before and after.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// Whether a whole cluster changes its leader, as in a member's process; otherwise one member serves the gateway that is rehearsed.
    /// </summary>
    public required bool IsCluster { get; init; }

    /// <summary>Whether the process's gateway polls its sockets.</summary>
    public required bool Polled { get; init; }

    /// <summary>Receives the line that says how it went.</summary>
    public required Action<string> Log { get; init; }

    /// <summary>Receives the line that says why it did not go.</summary>
    public required Action<string, Exception> Warn { get; init; }

    /// <summary>Time for the process to get its own things going.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Processor time after which it is given up.</summary>
    public TimeSpan CpuMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time after which it is given up: on a machine this busy nothing is to be won by it.</summary>
    public TimeSpan TimeMax { get; init; } = TimeSpan.FromSeconds(90);
}
