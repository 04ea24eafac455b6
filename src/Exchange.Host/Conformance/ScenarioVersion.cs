namespace Exchange.Host.Conformance;

/// <summary>A FIX version that scenarios are played in.</summary>
/// <param name="Index">Place among the versions, oldest first.</param>
/// <param name="Name">As scenarios and the command line name it, for example 4.4.</param>
/// <param name="BeginString">BeginString (8).</param>
/// <param name="DefaultApplVerId">DefaultApplVerID (1137) of the Logon; null where the version has none.</param>
internal sealed record ScenarioVersion(int Index, string Name, string BeginString, string? DefaultApplVerId)
{
    /// <summary>The versions, oldest first.</summary>
    public static IReadOnlyList<ScenarioVersion> All { get; } =
    [
        new(0, "4.2", "FIX.4.2", null),
        new(1, "4.4", "FIX.4.4", null),
        new(2, "5.0SP2", "FIXT.1.1", "9"),
    ];

    /// <summary>Finds a version by its name, with or without FIX in front; null when there is none.</summary>
    public static ScenarioVersion? Find(string name)
    {
        string bare = name.StartsWith("FIX.", StringComparison.OrdinalIgnoreCase) ? name[4..] : name;
        return All.FirstOrDefault(version => version.Name.Equals(bare, StringComparison.OrdinalIgnoreCase));
    }
}
