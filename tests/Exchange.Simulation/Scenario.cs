using Exchange.Simulation.Engine;

namespace Exchange.Simulation;

/// <summary>What a run dwells on, beyond what may go wrong in any.</summary>
internal sealed record Scenario
{
    /// <summary>Nothing in particular.</summary>
    public static Scenario Plain { get; } = new();

    /// <summary>All members stand at almost the same moment, and die when they have just voted.</summary>
    public bool IsCloseRace { get; init; }

    /// <summary>Boxes are added, promoted, removed and added again.</summary>
    public bool ChangesMembers { get; init; }

    /// <summary>Logs are short: what snapshots cover is deleted, so members that were away for long need one.</summary>
    public bool DeletesLog { get; init; }

    /// <summary>Disks change what was safe on them.</summary>
    public bool DamagesLogs { get; init; }

    /// <summary>Two engines and no witness: when one is lost an operator promotes the other.</summary>
    public bool IsTwoBoxes { get; init; }

    /// <summary>Draws what a seed dwells on, from a source of its own.</summary>
    public static Scenario Draw(ulong seed)
    {
        Chance chance = new(seed ^ 0x5CE7_A210_5CE7_A210);
        bool isTwoBoxes = chance.PerMille(120);
        return new Scenario
        {
            IsCloseRace = chance.PerMille(300),
            DeletesLog = chance.PerMille(500),
            DamagesLogs = chance.PerMille(300) && !isTwoBoxes,
            ChangesMembers = chance.PerMille(500) && !isTwoBoxes,
            IsTwoBoxes = isTwoBoxes,
        };
    }
}
