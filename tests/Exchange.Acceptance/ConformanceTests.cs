using System.Diagnostics;
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>The conformance pack against a running exchange: every scenario in every version, and in one of them over TLS too, four at a time on sessions and instruments of their own.</summary>
public class ConformanceTests(ITestOutputHelper output) : AcceptanceTest(output)
{
    private static readonly (string Version, string First, string Second, string Symbol, bool IsSecured)[] Parts =
    [
        ("4.2", "HFT1", "HFT2", "AAPL", false), ("4.4", "HFT3", "HFT4", "MSFT", false), ("5.0SP2", "HFT5", "HFT6", "NVDA", false), ("4.4", "HFT7", "HFT8", "ETH-USD", true),
    ];

    [Fact]
    public async Task Every_scenario_passes_in_every_version_and_over_TLS()
    {
        int tlsPort = ExchangeProcess.FreePort();
        string[] secured = ["--tls", "--tls-ca", Path.Combine(State, "tls", "ca.pem")];
        ExchangeProcess exchange = StartExchange(null, "--durability", "replicated", "--tls-port", $"{tlsPort}");
        long start = Stopwatch.GetTimestamp();
        Task<CommandResult>[] runs = [.. Parts.Select(part => Task.Run(() => CommandResult.Exchange(
        [
            "conformance", "--connect", $"127.0.0.1:{(part.IsSecured ? tlsPort : exchange.FixPort)}", "--version", part.Version,
            "--sender", part.First, "--second-sender", part.Second, "--symbol", part.Symbol, .. part.IsSecured ? secured : [],
        ])))];
        foreach (Task<CommandResult> run in runs)
        {
            CommandResult result = await run;
            Say(result.Output);
            Assert.True(result.ExitCode == 0, $"{result.Error}\n{string.Join('\n', result.Output.Split('\n').Where(line => !line.StartsWith("passed", StringComparison.Ordinal)))}");
        }

        Say($"{Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        exchange.StopCleanly();
    }

    [Fact]
    public void What_an_acceptor_does_wrong_ends_with_a_failure_that_shows_it()
    {
        ExchangeProcess exchange = StartExchange();
        string pack = Folder["pack"];
        Directory.CreateDirectory(pack);
        File.WriteAllText(Path.Combine(pack, "wrong.txt"), "title: Wrong\nrule: No acceptor does this.\nversions: 4.4\n\n> logon\n> 35=1 112=ONE\n< 35=0 112=TWO\n");
        CommandResult result = CommandResult.Exchange("conformance", "--connect", $"127.0.0.1:{exchange.FixPort}", "--version", "4.4", "--pack", pack);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("line 7:  < 35=0 112=TWO", result.Output, StringComparison.Ordinal);
        Assert.Contains("112: wanted TWO, received ONE", result.Output, StringComparison.Ordinal);
        Assert.Contains("0 passed, 1 failed, 0 skipped", result.Output, StringComparison.Ordinal);
        exchange.StopCleanly();
    }
}
