namespace Exchange.Host.Conformance;

/// <summary>A scenario as its file tells it.</summary>
internal sealed record Scenario
{
    /// <summary>File below the pack's folder, for example session/logon.txt.</summary>
    public required string Name { get; init; }

    /// <summary>One line that says what is shown.</summary>
    public required string Title { get; init; }

    /// <summary>The rule that it shows, in words.</summary>
    public required string Rule { get; init; }

    /// <summary>The numbers of the session test cases that it covers; empty when none.</summary>
    public string Case { get; init; } = "";

    /// <summary>The versions that it applies to.</summary>
    public required VersionSet Versions { get; init; }

    /// <summary>What happens, in order.</summary>
    public required IReadOnlyList<ScenarioStep> Steps { get; init; }

    /// <summary>Clients that take part: 1 or 2.</summary>
    public int ClientCount => Steps.Any(static step => step.Client == 1) ? 2 : 1;
}
