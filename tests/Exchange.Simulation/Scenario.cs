using Exchange.Simulation.Engine;

namespace Exchange.Simulation;

/// <summary>What a run dwells on, beyond what may go wrong in any.</summary>
internal sealed record Scenario
{
    /// <summary>Nothing in particular.</summary>
    public static Scenario Plain { get; } = new();

    /// <summary>All members stand at almost the same moment, and die when they have just voted.</summary>
    public bool IsCloseRace { get; init; }

    /// <summary>Draws what a seed dwells on, from a source of its own.</summary>
    public static Scenario Draw(ulong seed)
    {
        Chance chance = new(seed ^ 0x5CE7_A210_5CE7_A210);
        return new Scenario
        {
            IsCloseRace = chance.PerMille(300),
        };
    }
}
