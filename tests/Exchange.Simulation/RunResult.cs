namespace Exchange.Simulation;

/// <summary>What a run amounted to.</summary>
internal sealed record RunResult
{
    public required ulong Seed { get; init; }

    public required ulong TraceHash { get; init; }

    public required long Commits { get; init; }

    public required long Messages { get; init; }

    public required long Trades { get; init; }

    /// <summary>Acceptances of orders that were compared with limits, switches and restrictions.</summary>
    public required long RulesAccepted { get; init; }

    /// <summary>Refusals whose reason and figures were compared.</summary>
    public required long RulesRefused { get; init; }

    /// <summary>Commands that operators gave about rules.</summary>
    public required long RulesGiven { get; init; }

    public required int TermsLed { get; init; }

    public required long Elections { get; init; }

    public required long Truncations { get; init; }

    public required long Snapshots { get; init; }

    public required long Faults { get; init; }

    public required long MembershipChanges { get; init; }

    public required long Promotions { get; init; }

    public required long Installs { get; init; }

    public required long Refusals { get; init; }

    public required long Rebuilds { get; init; }

    public required long ContestedTerms { get; init; }

    public required long Switchovers { get; init; }

    public required long Logons { get; init; }

    public required long Resets { get; init; }

    public required long SimulatedNs { get; init; }

    /// <summary>The check that fired; null when all is well.</summary>
    public string? FailedCheck { get; init; }

    public string? Failure { get; init; }

    public IReadOnlyList<string> Story { get; init; } = [];
}
