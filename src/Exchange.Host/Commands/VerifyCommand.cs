using System.CommandLine;
using System.Globalization;
using Exchange.Cluster;
using Exchange.Cluster.Recovery;
using Exchange.Core;
using Exchange.Host.Configuration;
using Exchange.Log;

namespace Exchange.Host.Commands;

/// <summary>`exchange verify`: checks every checksum of a log and prints the state hash from newest snapshot and tail.</summary>
internal static class VerifyCommand
{
    /// <summary>Builds the verb.</summary>
    public static Command Create()
    {
        Argument<string> directory = new("dir") { Description = "Directory of an exchange or of a member.", DefaultValueFactory = static _ => StateDirectory.Default };
        Command command = new("verify", "Check the log of a member, running or not, and print the hash of the state it amounts to.") { directory };
        command.SetAction((parsed, stop) => Task.FromResult(Run(LogTool.MemberDirectory(parsed.GetValue(directory)!), stop)));
        return command;
    }

    private static int Run(string memberDirectory, CancellationToken stop) => LogTool.Guard(() =>
    {
        using ProgressLine progress = new("verifying");
        LogVerification verification = LogVerifier.Verify(MemberDirectories.Log(memberDirectory), progress.Report, stop);
        progress.Clear();
        if (!verification.IsSound)
        {
            throw new HostException(verification.Damage!.Message);
        }

        OfflineReplayResult result = OfflineReplay.Run(memberDirectory, static () => new ExchangeCore(), useSnapshot: true, LogTool.Warn, progress.Report, stop);
        progress.Clear();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"log        {verification.StartPosition} to {verification.EndPosition}, {verification.EntryCount} entries, every checksum right"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"torn tail  {verification.TornBytes} bytes"));
        Console.WriteLine(result.SnapshotPosition < 0
            ? "snapshot   none"
            : string.Create(CultureInfo.InvariantCulture, $"snapshot   at {result.SnapshotPosition}, {result.Entries} entries behind it"));
        Console.WriteLine($"state hash {result.StateHash:x16}");
        return ExitCode.Success;
    });
}
