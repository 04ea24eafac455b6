namespace Exchange.Host.Conformance;

/// <summary>What became of a scenario in one version.</summary>
internal sealed record ScenarioResult
{
    /// <summary>The scenario.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>The version that it was played in.</summary>
    public required ScenarioVersion Version { get; init; }

    /// <summary>How it ended.</summary>
    public ScenarioOutcome Outcome { get; init; }

    /// <summary>How long it took, cleaning up before it included.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The line that failed; null when none did, or it failed before its first or behind its last line.</summary>
    public ScenarioStep? Step { get; init; }

    /// <summary>The first difference, or why it was skipped; empty when it passed.</summary>
    public string Difference { get; init; } = "";

    /// <summary>The message that differs, with | for SOH; null when it is not about one.</summary>
    public string? Received { get; init; }
}
