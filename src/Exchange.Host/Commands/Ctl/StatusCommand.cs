using System.CommandLine;
using Exchange.Host.Local;
using Exchange.Host.Operations;
using Spectre.Console;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl status`: each member's role, term, positions and state hash.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly Option<bool> s_watch = new("--watch") { Description = "Show it again every second until Ctrl-C." };

    /// <summary>Builds the verb.</summary>
    public static Command Create() => CtlVerb.Create(
        "status", "Show roles, terms, positions, lag and state hashes of all members. Exit code 1 when none leads, 3 when none answers.", [s_watch], RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed);
        if (parsed.GetValue(s_watch))
        {
            return await WatchAsync(parsed, members).ConfigureAwait(false);
        }

        ClusterReport report = await members.StatusAsync(stop).ConfigureAwait(false);
        Show(parsed, report, inPlace: false);
        return report.Leader is not null ? ExitCode.Success : report.AnyUp ? ExitCode.Failure : ExitCode.Unreachable;
    }

    /// <summary>Ctrl-C is how it is meant to end, so that is a success.</summary>
    private static async Task<int> WatchAsync(ParseResult parsed, ClusterOperator members)
    {
        using StopSignal signal = new(supervised: false);
        try
        {
            while (true)
            {
                Show(parsed, await members.StatusAsync(signal.Token).ConfigureAwait(false), inPlace: !Console.IsOutputRedirected);
                await Task.Delay(s_interval, signal.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Success;
        }
    }

    private static void Show(ParseResult parsed, ClusterReport report, bool inPlace)
    {
        if (parsed.GetValue(CtlSwitches.Json))
        {
            CtlVerb.WriteJson(report.ToJson());
            return;
        }

        if (inPlace)
        {
            AnsiConsole.Clear();
        }

        TableOutput.Write(StatusTable.Create(report));
        Console.WriteLine(StatusTable.Summary(report));
    }
}
