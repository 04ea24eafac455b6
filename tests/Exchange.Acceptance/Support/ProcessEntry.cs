using System.Text.Json;

namespace Exchange.Acceptance.Support;

/// <summary>One row of the table that a running exchange leaves in its folder (processes.json).</summary>
internal sealed record ProcessEntry(string Name, string Role, int Pid, string? FixAddress, string? Log)
{
    /// <summary>Reads the table.</summary>
    public static IReadOnlyList<ProcessEntry> ReadAll(string directory)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "processes.json")));
        return [.. document.RootElement.EnumerateArray().Select(row => new ProcessEntry(
            row.GetProperty("name").GetString()!,
            row.GetProperty("role").GetString()!,
            row.GetProperty("pid").GetInt32(),
            row.GetProperty("fix_address").GetString(),
            row.GetProperty("log").GetString()))];
    }
}
