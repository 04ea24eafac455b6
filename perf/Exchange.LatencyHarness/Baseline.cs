// Collects what a run prints and measured, with the machine, the command and the commit it came from, and keeps both in a folder.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Exchange.Host.Load;

namespace Exchange.LatencyHarness;

/// <summary>The record of one run: text for people, JSON for programs.</summary>
internal sealed class Baseline
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };
    private readonly StringBuilder _text = new();

    /// <summary>Starts a record.</summary>
    /// <param name="directory">Where the state of the exchange lies.</param>
    public Baseline(string directory)
    {
        Json["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        Json["command"] = "Exchange.LatencyHarness " + string.Join(' ', Environment.GetCommandLineArgs()[1..].Select(Generic));
        Json["commit"] = Commit();
        Json["cpu"] = CpuModel();
        Json["processors"] = Environment.ProcessorCount;
        Json["os"] = RuntimeInformation.OSDescription;
        Json["runtime"] = RuntimeInformation.FrameworkDescription;
        Json["state_file_system"] = FileSystem(directory);
        Json["load_average_at_start"] = Read("/proc/loadavg");
        foreach (KeyValuePair<string, JsonNode?> field in Json)
        {
            Say($"{field.Key}: {field.Value}");
        }
    }

    /// <summary>The figures.</summary>
    public JsonObject Json { get; } = [];

    /// <summary>Prints a line and keeps it.</summary>
    public void Say(string line)
    {
        Console.WriteLine(line);
        _text.AppendLine(line);
    }

    /// <summary>Writes NAME-DATE.txt and .json; does nothing without a folder.</summary>
    public void Save(string? directory, string name)
    {
        if (directory is null)
        {
            return;
        }

        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, $"{name}-{DateTime.UtcNow:yyyyMMdd-HHmm}");
        File.WriteAllText(path + ".txt", _text.ToString());
        File.WriteAllText(path + ".json", Json.ToJsonString(s_indented) + "\n");
        Console.WriteLine($"written: {path}.txt and .json");
    }

    /// <summary>Percentiles of a histogram for the JSON, in nanoseconds.</summary>
    public static JsonObject Percentiles(LatencyHistogram histogram)
    {
        JsonObject json = new() { ["count"] = histogram.Count };
        foreach (double percent in LoadSummary.Percentiles)
        {
            json[string.Create(CultureInfo.InvariantCulture, $"p{percent}")] = histogram.PercentileNs(percent);
        }

        json["max"] = histogram.MaxNs;
        return json;
    }

    /// <summary>Percentiles of a histogram in one line.</summary>
    public static string Line(string name, LatencyHistogram histogram)
    {
        IEnumerable<string> values = LoadSummary.Percentiles.Select(p =>
            string.Create(CultureInfo.InvariantCulture, $"p{p} {LoadReporter.Duration(histogram.PercentileNs(p)),9}"));
        return $"{name,-28} {string.Join("  ", values)}  max {LoadReporter.Duration(histogram.MaxNs),9}  ({histogram.Count.ToString("N0", CultureInfo.InvariantCulture)})";
    }

    /// <summary>Paths of this machine mean nothing elsewhere.</summary>
    private static string Generic(string argument) => Path.IsPathRooted(argument) ? "DIR" : argument;

    private static string Commit()
    {
        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", "describe --always --dirty") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string commit = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? commit : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }

    private static string CpuModel() =>
        File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
            : "unknown";

    private static string FileSystem(string directory)
    {
        string full = Path.GetFullPath(directory) + Path.DirectorySeparatorChar;
        return DriveInfo.GetDrives().Where(d => full.StartsWith(d.Name.TrimEnd('/') + "/", StringComparison.Ordinal))
            .MaxBy(d => d.Name.Length)?.DriveFormat ?? "unknown";
    }

    private static string Read(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : "unknown";
}
