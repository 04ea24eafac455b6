// What clients see of a failover: an open loop over several sessions against a fresh cluster each round, whose leader is killed, frozen
// or asked to hand over in the middle.
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Exchange.Host;
using Exchange.Host.Client;
using Exchange.Host.Load;
using Exchange.Host.Operations;
using Exchange.Ipc.Agents;

namespace Exchange.LatencyHarness;

/// <summary>The verb <c>failover</c>.</summary>
internal static class FailoverCommand
{
    private const int SigKill = 9;
    private const int SigContinue = 18;
    private const int SigStop = 19;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly string[] s_kinds = ["kill", "stop", "switchover"];
    private static readonly Option<string> s_kind = new("--kind") { Description = "kill: SIGKILL of the leader and its gateway; stop: SIGSTOP of both, so that nothing tells that they are gone; switchover: as planned", DefaultValueFactory = _ => "kill" };
    private static readonly Option<int> s_runs = new("--runs") { Description = "fresh clusters", DefaultValueFactory = _ => 20 };
    private static readonly Option<double> s_rate = new("--rate") { Description = "orders a second over all sessions", DefaultValueFactory = _ => 1_000 };
    private static readonly Option<int> s_sessions = new("--sessions") { Description = "FIX sessions", DefaultValueFactory = _ => 4 };
    private static readonly Option<double> s_warmup = new("--warmup") { Description = "seconds of trading before the figures begin", DefaultValueFactory = _ => 5 };
    private static readonly Option<double> s_seconds = new("--seconds") { Description = "seconds of measured trading before the fault, and again after it", DefaultValueFactory = _ => 2 };

    /// <summary>Creates the verb.</summary>
    public static Command Create()
    {
        s_kind.AcceptOnlyFromAmong(s_kinds);
        Command command = new("failover", "The gap that clients see, and how fast the first second after it is.")
        {
            s_kind, s_runs, s_rate, s_sessions, s_warmup, s_seconds, HarnessOptions.Directory, HarnessOptions.Output,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        _ = ThreadNice.TryGoFirst();
        string kind = parsed.GetRequiredValue(s_kind);
        Baseline baseline = new(parsed.GetRequiredValue(HarnessOptions.Directory));
        List<long> gaps = [];
        List<double> ratios = [];
        JsonArray rounds = [];
        bool isGood = true;
        for (int run = 1; run <= parsed.GetValue(s_runs); run++)
        {
            LoadSummary summary = await RoundAsync(parsed, kind, stop).ConfigureAwait(false);
            Failover seen = Failover.Of(summary.Totals.Outages);
            double before = summary.Totals.BeforeOutage.PercentileNs(99);
            double after = summary.Totals.AfterOutage.PercentileNs(99);
            gaps.Add(seen.MaxGapNs);
            ratios.Add(after / before);
            isGood &= summary.Failures.Count == 0;
            baseline.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind} {run,2}: gap p50 of the sessions {LoadReporter.Duration(seen.MedianGapNs),9}, longest {LoadReporter.Duration(seen.MaxGapNs),9}; p99 before {LoadReporter.Duration((long)before),9}, in the second after {LoadReporter.Duration((long)after),9}; {summary.Totals.OrdersSent} orders, lost {summary.LostOrders}, doubled {summary.Totals.Duplicates}{string.Concat(summary.Failures.Select(static f => " FAILED: " + f))}"));
            rounds.Add((JsonNode)new JsonObject { ["gap_p50_ns"] = seen.MedianGapNs, ["gap_max_ns"] = seen.MaxGapNs, ["p99_before_ns"] = before, ["p99_after_ns"] = after, ["load"] = JsonNode.Parse(summary.ToJson()) });
        }

        gaps.Sort();
        ratios.Sort();
        baseline.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{kind}, longest gap of any session: p50 {LoadReporter.Duration(gaps[gaps.Count / 2])}, p90 {LoadReporter.Duration(gaps[gaps.Count * 9 / 10])}, max {LoadReporter.Duration(gaps[^1])} of {gaps.Count} fresh clusters; p99 of the first second after it: median {ratios[ratios.Count / 2]:F2} times that before"));
        baseline.Json["kind"] = kind;
        baseline.Json["rounds"] = rounds;
        baseline.Save(parsed.GetValue(HarnessOptions.Output), $"failover-{kind}");
        return isGood ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<LoadSummary> RoundAsync(ParseResult parsed, string kind, CancellationToken stop)
    {
        using ExchangeProcess exchange = ExchangeProcess.Start(parsed.GetRequiredValue(HarnessOptions.Directory), ["--members", "3", "--no-restart"]);
        ClusterOperator members = exchange.Operator();
        MemberReport leader = (await members.StatusAsync(stop).ConfigureAwait(false)).Leader ?? throw new HostException("the cluster has no leader");
        using LoadEngine load = new(Options(parsed, exchange, leader), null);
        Task<LoadSummary> trading = Task.Factory.StartNew(load.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await TradeAsync(trading, parsed.GetValue(s_warmup) + parsed.GetValue(s_seconds), stop).ConfigureAwait(false);
            await StrikeAsync(kind, exchange, members, leader.Id, stop).ConfigureAwait(false);
            await TradeAsync(trading, parsed.GetValue(s_seconds) + 0.5, stop).ConfigureAwait(false);
        }
        finally
        {
            load.Stop();
            await ((Task)trading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            exchange.Signal(leader.Id, SigContinue);
        }

        LoadSummary summary = await trading.ConfigureAwait(false);
        return summary.Totals.Outages.Count > 0 ? summary : throw new HostException($"the clients noticed nothing of the {kind}");
    }

    private static LoadOptions Options(ParseResult parsed, ExchangeProcess exchange, MemberReport leader) => new()
    {
        Addresses = [HostAddress.Parse(leader.FixAddress), .. exchange.Parts.Where(p => p.Address is { } a && HostAddress.Format(a) != leader.FixAddress).Select(static p => p.Address!)],
        Reconnects = true,
        SilenceNs = 150_000_000,
        Sessions = parsed.GetValue(s_sessions),
        RatePerSec = parsed.GetValue(s_rate),
        WarmupSeconds = parsed.GetValue(s_warmup),
        Seconds = 3600,
        Mix = LoadMix.Find("fills")!,
        AnsweredShareMin = 0,
        BacklogSecondsMax = 3600,
    };

    private static async Task StrikeAsync(string kind, ExchangeProcess exchange, ClusterOperator members, int leader, CancellationToken stop)
    {
        if (kind != "switchover")
        {
            exchange.Signal(leader, kind == "kill" ? SigKill : SigStop);
            return;
        }

        JsonObject answer = await members.AskLeaderAsync(new JsonObject { ["verb"] = "switchover" }, static _ => { }, s_patience, stop).ConfigureAwait(false);
        if (answer["ok"]?.ToString() != "true")
        {
            throw new HostException($"the switchover was refused: {answer["error"]}");
        }
    }

    private static async Task TradeAsync(Task<LoadSummary> trading, double seconds, CancellationToken stop)
    {
        if (await Task.WhenAny(trading, Task.Delay(TimeSpan.FromSeconds(seconds), stop)).ConfigureAwait(false) == trading)
        {
            LoadSummary ended = await trading.ConfigureAwait(false);
            throw new HostException($"trading ended before its time: {string.Join("; ", ended.Failures)}");
        }
    }
}
