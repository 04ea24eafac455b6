namespace Exchange.Host.Conformance;

/// <summary>How a scenario ended.</summary>
internal enum ScenarioOutcome
{
    /// <summary>Not played: it is for another version, or needs what was not given.</summary>
    Skipped,

    /// <summary>The acceptor did as the scenario says.</summary>
    Passed,

    /// <summary>The acceptor did something else.</summary>
    Failed,
}
