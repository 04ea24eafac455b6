using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Exchange.Cluster.Recovery;
using Exchange.Core;
using Exchange.Host.Configuration;

namespace Exchange.Host.Commands;

/// <summary>`exchange replay`: runs a log through an empty core from its first entry and prints the state hash.</summary>
internal static class ReplayCommand
{
    /// <summary>Builds the verb.</summary>
    public static Command Create()
    {
        Argument<string> directory = new("dir") { Description = "Directory of an exchange or of a member.", DefaultValueFactory = static _ => StateDirectory.Default };
        Command command = new("replay", "Run a member's log through an empty core from the first entry, compare each snapshot on the way, and print the state hash.") { directory };
        command.SetAction((parsed, stop) => Task.FromResult(Run(LogTool.MemberDirectory(parsed.GetValue(directory)!), stop)));
        return command;
    }

    private static int Run(string memberDirectory, CancellationToken stop) => LogTool.Guard(() =>
    {
        using ProgressLine progress = new("replaying");
        long started = Stopwatch.GetTimestamp();
        OfflineReplayResult result = OfflineReplay.Run(memberDirectory, static () => new ExchangeCore(), useSnapshot: false, LogTool.Warn, progress.Report, stop);
        progress.Clear();
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"replayed   {result.Entries} entries to position {result.EndPosition} in {seconds:F1} s ({result.Entries / Math.Max(seconds, 1e-9):F0} a second)"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"snapshots  {result.SnapshotsChecked} compared, all equal"));
        Console.WriteLine($"state hash {result.StateHash:x16}");
        return ExitCode.Success;
    });
}
