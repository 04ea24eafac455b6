using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>The scenarios in which an operator does something, against a cluster of ours and its `exchange ctl`, one version after the other: News goes to all sessions.</summary>
public class ConformanceOperatorTests(ITestOutputHelper output) : ClusterTest(output)
{
    [Fact]
    public void Every_scenario_with_an_operator_passes_in_every_version()
    {
        ExchangeProcess exchange = StartCluster();
        ClusterView view = Await(exchange, static v => v.Leader != 0, "a leader");
        string address = $"127.0.0.1:{exchange.FixPorts[view.Leader - 1]}";
        string ctl = $"{Repository.DotNet} {Repository.Executable} ctl --dir {exchange.Directory}";
        CommandResult result = CommandResult.Exchange("conformance", "--connect", address, "--filter", "operator/", "--operator", ctl);
        Say(result.Output);
        Assert.True(result.ExitCode == 0, $"{result.Error}\n{result.Output}");
        Assert.DoesNotContain("--operator", result.Output, StringComparison.Ordinal);

        CommandResult without = CommandResult.Exchange("conformance", "--connect", address, "--filter", "operator/logout.txt", "--version", "4.4", "--json");
        Assert.Equal(1, without.ExitCode);
        Assert.Contains("needs an operator of the acceptor; give --operator", without.Output, StringComparison.Ordinal);
        exchange.StopCleanly();
    }
}
