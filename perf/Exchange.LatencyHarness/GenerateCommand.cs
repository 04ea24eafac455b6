using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Exchange.Host;
using Exchange.Host.Load;

namespace Exchange.LatencyHarness;

/// <summary>The verb <c>generate</c>: what the load generator itself can send and take in, against a server that only acknowledges.</summary>
internal static class GenerateCommand
{
    private static readonly Option<double> s_rate = new("--rate") { Description = "orders a second", DefaultValueFactory = _ => 500_000 };
    private static readonly Option<double> s_seconds = new("--seconds") { Description = "measured seconds", DefaultValueFactory = _ => 10 };

    /// <summary>Creates the verb.</summary>
    public static Command Create()
    {
        Command command = new("generate", "Rate of the load generator alone, on one core.")
        {
            s_rate, s_seconds, HarnessOptions.ServerCpu, HarnessOptions.ClientCpu, HarnessOptions.Output,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        Baseline baseline = new(Path.GetTempPath());
        using AckServer server = new(parsed.GetValue(HarnessOptions.ServerCpu));
        LoadOptions options = new()
        {
            Addresses = [server.Address],
            RatePerSec = parsed.GetValue(s_rate),
            Seconds = parsed.GetValue(s_seconds),
            WarmupSeconds = 3,
            Spin = true,
            Cpu = parsed.GetValue(HarnessOptions.ClientCpu),
        };
        using LoadEngine engine = new(options, null);
        LoadSummary summary = engine.Run();
        using StringWriter table = new(CultureInfo.InvariantCulture);
        LoadReporter.WriteSummary(summary, table);
        baseline.Say(table.ToString().TrimEnd());
        foreach (string failure in summary.Failures)
        {
            baseline.Say($"FAILED: {failure}");
        }

        baseline.Json["result"] = JsonNode.Parse(summary.ToJson());
        baseline.Save(parsed.GetValue(HarnessOptions.Output), "generate");
        return summary.Failures.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
