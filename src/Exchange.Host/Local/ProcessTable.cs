using System.Text.Json;
using Exchange.Host.Operations;
using Spectre.Console;

namespace Exchange.Host.Local;

/// <summary>Shows which process is which, to people as a table and to scripts as processes.json.</summary>
internal static class ProcessTable
{
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    /// <summary>Replaces processes.json in one step, so that a reader never sees half of it.</summary>
    public static void Write(string directory, IReadOnlyCollection<ProcessEntry> entries)
    {
        string path = Path.Combine(directory, "processes.json");
        string temporary = path + ".tmp";
        File.WriteAllText(temporary, JsonSerializer.Serialize(entries, _json));
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Prints the table.</summary>
    public static void Print(IReadOnlyCollection<ProcessEntry> entries)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("name", "role", "pid", "FIX address", "log");
        table.ShowRowSeparators = false;
        foreach (ProcessEntry entry in entries)
        {
            table.AddRow(
                Markup.Escape(entry.Name),
                Markup.Escape(entry.Role),
                entry.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture),
                entry.FixAddress.Length == 0 ? "-" : Markup.Escape(entry.FixAddress),
                entry.Log.Length == 0 ? "-" : Markup.Escape(entry.Log));
        }

        TableOutput.Write(table);
    }
}
