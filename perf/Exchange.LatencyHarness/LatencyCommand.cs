// Order to report beside the bare echo, in alternating rounds of one run. Each round starts its server anew: two spinning servers
// would share a core. In a round of the exchange the same process is measured twice: one order outstanding (comparable with the
// echo), then an open loop at a fixed rate.
using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Exchange.Host;
using Exchange.Host.Client;
using Exchange.Host.Load;

namespace Exchange.LatencyHarness;

/// <summary>The verb <c>latency</c>.</summary>
internal static class LatencyCommand
{
    private static readonly Option<int> s_rounds = new("--rounds") { Description = "measured rounds; one more before them is left out", DefaultValueFactory = _ => 5 };
    private static readonly Option<double> s_seconds = new("--seconds") { Description = "measured seconds of each part of a round", DefaultValueFactory = _ => 3 };
    private static readonly Option<double> s_warmup = new("--warmup") { Description = "seconds before them, left out", DefaultValueFactory = _ => 4 };
    private static readonly Option<double> s_rate = new("--rate") { Description = "orders a second of the open loop", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<string> s_mix = new("--mix") { Description = "kind of orders, see `exchange load --list-mixes`", DefaultValueFactory = _ => "new-only" };
    private static readonly Option<string> s_idle = new("--idle") { Description = "idle strategy of the exchange", DefaultValueFactory = _ => "spin" };
    private static readonly Option<string> s_threading = new("--threading") { Description = "threading of the exchange", DefaultValueFactory = _ => "composed" };

    /// <summary>Creates the verb.</summary>
    public static Command Create()
    {
        Command command = new("latency", "Order to report, one session, beside a bare spinning TCP echo.")
        {
            s_rounds, s_seconds, s_warmup, s_rate, s_mix, s_idle, s_threading,
            HarnessOptions.Members, HarnessOptions.ServerCpu, HarnessOptions.ClientCpu, HarnessOptions.Directory, HarnessOptions.Output, HarnessOptions.Connect,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        int clientCpu = parsed.GetValue(HarnessOptions.ClientCpu);
        Baseline baseline = new(parsed.GetRequiredValue(HarnessOptions.Directory));
        List<LatencyHistogram> echo = [];
        List<LatencyHistogram> closed = [];
        List<LatencyHistogram> open = [];
        JsonArray rounds = [];
        for (int round = 0; round <= parsed.GetValue(s_rounds); round++)
        {
            LatencyHistogram bare = EchoClient.Run(parsed.GetValue(HarnessOptions.ServerCpu), clientCpu, 1, parsed.GetValue(s_seconds));
            (LatencyHistogram ping, LatencyHistogram scheduled) = RunExchange(parsed, clientCpu);
            string name = round == 0 ? "warm-up, left out" : $"round {round}";
            baseline.Say($"-- {name}");
            baseline.Say(Baseline.Line("echo, one outstanding", bare));
            baseline.Say(Baseline.Line("exchange, one outstanding", ping));
            baseline.Say(Baseline.Line("exchange, open loop", scheduled));
            if (round > 0)
            {
                echo.Add(bare);
                closed.Add(ping);
                open.Add(scheduled);
                rounds.Add((JsonNode)new JsonObject
                {
                    ["echo"] = Baseline.Percentiles(bare),
                    ["exchange_closed"] = Baseline.Percentiles(ping),
                    ["exchange_open"] = Baseline.Percentiles(scheduled),
                });
            }
        }

        baseline.Json["rounds"] = rounds;
        Summarise(baseline, echo, closed, open);
        baseline.Save(parsed.GetValue(HarnessOptions.Output), "latency");
        return ExitCode.Success;
    }

    private static (LatencyHistogram Closed, LatencyHistogram Open) RunExchange(ParseResult parsed, int clientCpu)
    {
        string? connect = parsed.GetValue(HarnessOptions.Connect);
        using ExchangeProcess? exchange = connect is not null ? null : ExchangeProcess.Start(
            parsed.GetRequiredValue(HarnessOptions.Directory),
            [
                "--threading", parsed.GetRequiredValue(s_threading), "--members", parsed.GetValue(HarnessOptions.Members).ToString(CultureInfo.InvariantCulture), "--durability", "replicated", "--idle", parsed.GetRequiredValue(s_idle),
                "--member-cpu", parsed.GetValue(HarnessOptions.ServerCpu).ToString(CultureInfo.InvariantCulture),
            ]);
        EndPoint address = exchange?.Address ?? HostAddress.Parse(connect!);
        LoadOptions options = new()
        {
            Addresses = [address],
            Sessions = 1,
            Seconds = parsed.GetValue(s_seconds),
            WarmupSeconds = parsed.GetValue(s_warmup),
            Mix = LoadMix.Find(parsed.GetRequiredValue(s_mix)) ?? throw new HostException("--mix: no such mix", ExitCode.BadInput),
            Spin = true,
            Cpu = clientCpu,

            // Here the latency itself tells whether the rate was kept up; only losses and duplicates end the run.
            BacklogSecondsMax = double.MaxValue,
            AnsweredShareMin = 0,
        };
        LatencyHistogram closed = Measure(options with { RatePerSec = 0, OutstandingMax = 1 });
        LatencyHistogram open = Measure(options with { RatePerSec = parsed.GetValue(s_rate), WarmupSeconds = 1 });
        return (closed, open);
    }

    private static LatencyHistogram Measure(LoadOptions options)
    {
        using LoadEngine engine = new(options, null);
        LoadSummary summary = engine.Run();
        return summary.Failures.Count == 0 ? summary.Totals.OrderLatency : throw new HostException("the run failed: " + string.Join("; ", summary.Failures));
    }

    private static void Summarise(Baseline baseline, List<LatencyHistogram> echo, List<LatencyHistogram> closed, List<LatencyHistogram> open)
    {
        JsonObject medians = [];
        baseline.Say("-- medians over the rounds");
        foreach (double percent in LoadSummary.Percentiles)
        {
            long a = Median(echo, percent);
            long b = Median(closed, percent);
            long c = Median(open, percent);
            string name = string.Create(CultureInfo.InvariantCulture, $"p{percent}");
            double ratio = (double)b / a;
            medians[name] = new JsonObject { ["echo"] = a, ["exchange_closed"] = b, ["exchange_open"] = c, ["ratio_closed_to_echo"] = Math.Round(ratio, 3) };
            baseline.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-7} echo {LoadReporter.Duration(a),9}   exchange {LoadReporter.Duration(b),9}   ratio {ratio:F2}   open loop {LoadReporter.Duration(c),9}"));
        }

        baseline.Json["medians"] = medians;
    }

    private static long Median(List<LatencyHistogram> histograms, double percent)
    {
        long[] values = [.. histograms.Select(h => h.PercentileNs(percent)).Order()];
        return values[values.Length / 2];
    }
}
