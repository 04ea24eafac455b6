namespace Exchange.Host.Conformance;

/// <summary>The scenario files of a folder.</summary>
internal static class ConformancePack
{
    /// <summary>The pack that was built with the executable.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "conformance");

    /// <summary>Reads all files of a pack, in the order of their names.</summary>
    /// <exception cref="HostException">There are none, or one is wrong.</exception>
    public static List<Scenario> Load(string folder)
    {
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.txt", SearchOption.AllDirectories) : [];
        if (files.Length == 0)
        {
            throw new HostException($"{folder}: no scenario files; name the folder of a pack by --pack", ExitCode.BadInput);
        }

        Array.Sort(files, StringComparer.Ordinal);
        return [.. files.Select(file => ScenarioFile.Parse(Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText(file)))];
    }

    /// <summary>The scenarios whose file, title or test case holds a text; all when there is none.</summary>
    public static IEnumerable<Scenario> Filter(IEnumerable<Scenario> scenarios, string? text) => string.IsNullOrEmpty(text)
        ? scenarios
        : scenarios.Where(scenario =>
            scenario.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
            || scenario.Title.Contains(text, StringComparison.OrdinalIgnoreCase)
            || scenario.Case.Split(' ', ',').Contains(text, StringComparer.OrdinalIgnoreCase));
}
