using System.CommandLine;
using Exchange.Host.Demo;
using Exchange.Host.Local;
using Exchange.Host.Operations;

namespace Exchange.Host.Commands;

/// <summary>`exchange demo`: a failover and a switchover under load, in under a minute.</summary>
internal static class DemoCommand
{
    private static readonly Option<string?> s_directory = new("--dir") { Description = "State directory, which must be new, and stays (default: a temporary one)." };
    private static readonly Option<bool> s_keep = new("--keep") { Description = "Keep the temporary directory." };
    private static readonly Option<int> s_sessions = new("--sessions") { Description = "FIX sessions that trade.", DefaultValueFactory = static _ => 4 };
    private static readonly Option<int> s_rate = new("--rate") { Description = "Orders a second over all sessions.", DefaultValueFactory = static _ => 200 };
    private static readonly Option<int> s_silence = new("--silence-ms") { Description = "Clients leave an exchange that answers nothing for so long; 0: never.", DefaultValueFactory = static _ => 300 };

    /// <summary>Builds the verb.</summary>
    public static Command Create()
    {
        CliChecks.InRange(s_sessions, 1, 8);
        CliChecks.InRange(s_rate, 10, 20_000);
        CliChecks.InRange(s_silence, 0, 60_000);
        Command command = new("demo", "See a failover: a cluster on this box, clients that trade, the primary killed, and the lead handed back. Exit code 0 when nothing was lost or doubled.")
        {
            s_directory, s_keep, s_sessions, s_rate, s_silence,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string? directory = parsed.GetValue(s_directory);
        if (directory is not null && Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new HostException($"{directory} is not empty; the demonstration needs a directory of its own", ExitCode.BadInput);
        }

        DemoOptions options = new()
        {
            Directory = Path.GetFullPath(directory ?? Directory.CreateTempSubdirectory("exchange-demo-").FullName),
            Keep = directory is not null || parsed.GetValue(s_keep),
            Sessions = parsed.GetValue(s_sessions),
            RatePerSec = parsed.GetValue(s_rate),
            SilenceMs = parsed.GetValue(s_silence),
        };
        using StopSignal stop = new(supervised: false);
        using CancellationTokenRegistration forward = cancellation.Register(stop.Stop);
        using DemoRun demo = new(options, Console.WriteLine);
        try
        {
            DemoResult result = await demo.RunAsync(stop.Token).ConfigureAwait(false);
            TableOutput.Write(DemoTable.Create(result));
            foreach (string failure in result.Load.Failures)
            {
                await Console.Error.WriteLineAsync($"exchange demo: {failure}").ConfigureAwait(false);
            }

            Console.WriteLine(result.IsGood ? "nothing was lost, nothing was doubled" : "something went wrong; see above");
            return result.IsGood ? ExitCode.Success : ExitCode.Failure;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            throw new HostException("stopped before the end");
        }
    }
}
