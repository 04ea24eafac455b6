// Sustained rate: an open loop over several sessions against an exchange of its own, and the judgement of `exchange load`.
using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Exchange.Host;
using Exchange.Host.Client;
using Exchange.Host.Load;
using Exchange.Ipc.Agents;

namespace Exchange.LatencyHarness;

/// <summary>The verb <c>throughput</c>.</summary>
internal static class ThroughputCommand
{
    private static readonly Option<double> s_rate = new("--rate") { Description = "orders a second over all sessions", DefaultValueFactory = _ => 300_000 };
    private static readonly Option<double> s_seconds = new("--seconds") { Description = "measured seconds", DefaultValueFactory = _ => 60 };
    private static readonly Option<double> s_warmup = new("--warmup") { Description = "seconds before them, left out", DefaultValueFactory = _ => 5 };
    private static readonly Option<int> s_sessions = new("--sessions") { Description = "FIX sessions", DefaultValueFactory = _ => 4 };
    private static readonly Option<string> s_mix = new("--mix") { Description = "kind of orders, see `exchange load --list-mixes`", DefaultValueFactory = _ => "fills" };
    private static readonly Option<string> s_threading = new("--threading") { Description = "composed or separate", DefaultValueFactory = _ => "composed" };
    private static readonly Option<string> s_idle = new("--idle") { Description = "idle strategy of the exchange", DefaultValueFactory = _ => "spin" };

    private static readonly Option<int> s_settle = new("--settle") { Description = "seconds between the exchange's start and the first order; members of a cluster rehearse meanwhile", DefaultValueFactory = _ => 0 };
    private static readonly Option<int> s_turn = new("--turn-us") { Description = "as in `exchange load`" };

    /// <summary>Creates the verb.</summary>
    public static Command Create()
    {
        Command command = new("throughput", "Orders a second that the exchange sustains, open loop.")
        {
            s_rate, s_seconds, s_warmup, s_sessions, s_mix, s_threading, s_idle, s_turn, s_settle,
            HarnessOptions.Members, HarnessOptions.ServerCpu, HarnessOptions.ClientCpu, HarnessOptions.Directory, HarnessOptions.Output, HarnessOptions.Connect,
        };
        command.SetAction(Run);
        return command;
    }

    private static string Members(ParseResult parsed) =>
        parsed.GetValue(HarnessOptions.Members) is var members and > 1 ? string.Create(CultureInfo.InvariantCulture, $"{members}-members-") : string.Empty;

    private static int Run(ParseResult parsed)
    {
        _ = ThreadNice.TryGoFirst();
        bool isComposed = parsed.GetValue(s_threading) == "composed";
        Baseline baseline = new(parsed.GetRequiredValue(HarnessOptions.Directory));
        string? connect = parsed.GetValue(HarnessOptions.Connect);
        string serverCpu = parsed.GetValue(HarnessOptions.ServerCpu).ToString(CultureInfo.InvariantCulture);

        // More busy threads than cores, as with separate processes or several members: nothing is pinned nor spins, and the scheduler
        // shares the cores out.
        bool hasCores = isComposed && parsed.GetValue(HarnessOptions.Members) == 1;
        string[] pinning = hasCores ? ["--member-cpu", serverCpu] : [];
        using ExchangeProcess? exchange = connect is not null ? null : ExchangeProcess.Start(
            parsed.GetRequiredValue(HarnessOptions.Directory),
            ["--threading", parsed.GetRequiredValue(s_threading), "--members", parsed.GetValue(HarnessOptions.Members).ToString(CultureInfo.InvariantCulture), "--durability", "replicated", "--idle", parsed.GetRequiredValue(s_idle), .. pinning]);
        EndPoint address = exchange?.Address ?? HostAddress.Parse(connect!);
        LoadOptions options = new()
        {
            Addresses = [address],
            Sessions = parsed.GetValue(s_sessions),
            RatePerSec = parsed.GetValue(s_rate),
            Seconds = parsed.GetValue(s_seconds),
            WarmupSeconds = parsed.GetValue(s_warmup),
            Mix = LoadMix.Find(parsed.GetRequiredValue(s_mix)) ?? throw new HostException("--mix: no such mix", ExitCode.BadInput),
            Spin = hasCores,
            TurnNs = parsed.GetValue(s_turn) * 1_000L,
            Cpu = hasCores ? parsed.GetValue(HarnessOptions.ClientCpu) : -1,
        };
        Thread.Sleep(TimeSpan.FromSeconds(parsed.GetValue(s_settle)));
        LoadProgressBoard board = new();
        LoadSummary summary;
        using (LoadEngine engine = new(options, board))
        using (new LoadReporter(board, baseline.Say))
        {
            summary = engine.Run();
        }

        using StringWriter table = new(CultureInfo.InvariantCulture);
        LoadReporter.WriteSummary(summary, table);
        baseline.Say(table.ToString().TrimEnd());
        foreach (string failure in summary.Failures)
        {
            baseline.Say($"FAILED: {failure}");
        }

        baseline.Json["threading"] = parsed.GetValue(s_threading);
        baseline.Json["result"] = JsonNode.Parse(summary.ToJson());
        baseline.Save(parsed.GetValue(HarnessOptions.Output), $"throughput-{Members(parsed)}{parsed.GetValue(s_threading)}-{options.Mix.Name}");
        return summary.Failures.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
