using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>A disk without room: said in one line before the start, survived without a lost order while running.</summary>
public class DiskFullTests(ITestOutputHelper output) : AcceptanceTest(output)
{
    [RootFact]
    public void Without_room_for_its_log_it_does_not_start_and_says_so()
    {
        using SmallFileSystem disk = SmallFileSystem.Mount(Folder["small"], 8);
        string state = Path.Combine(disk.FullPath, "state");
        CommandResult result = CommandResult.Exchange("local", "--dir", state, "--fix-port", $"{ExchangeProcess.FreePort()}");
        Say($"{result.ExitCode}: {result.Error}");
        Assert.NotEqual(0, result.ExitCode);
        string line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(state, line, StringComparison.Ordinal);
        Assert.Contains("space", line, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Posix.WithCommandLine(state));
    }

    [RootFact]
    public void A_disk_that_fills_while_running_stops_it_with_one_line_and_loses_no_order()
    {
        using SmallFileSystem disk = SmallFileSystem.Mount(Folder["small"], 180);
        string state = Path.Combine(disk.FullPath, "state");
        ExchangeProcess exchange = LaunchExchange(state, ExchangeProcess.FreePort());
        exchange.WaitUntilReady();
        FixClient client = Client(exchange, "HFT8").LogOn();
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m, "NVDA"));
        Assert.Equal("0", client.Receive()[150]);

        CommandResult load = CommandResult.Exchange(
            "load", "--connect", $"127.0.0.1:{exchange.FixPort}", "--sessions", "2", "--rate", "0", "--outstanding", "1000", "--seconds", "90", "--warmup", "0", "--drain", "1");
        Say(load.Output);
        Assert.NotEqual(0, exchange.WaitForExit(TimeSpan.FromSeconds(60)));
        string line = exchange.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Contains("disk full", line, StringComparison.Ordinal);
        Assert.Contains("free space", line, StringComparison.Ordinal);
        Assert.Contains(state, line, StringComparison.Ordinal);
        Assert.Empty(Posix.WithCommandLine(state));

        disk.Grow(2000);
        ExchangeProcess again = LaunchExchange(state, exchange.FixPort);
        again.WaitUntilReady();
        client.LogOn();
        client.Send("H", Orders.Status("B1", Orders.Buy, "NVDA"));
        FixMessage status = client.Receive();
        Assert.Equal(("I", "0", 10m), (status[150], status[39], status.Number(151)));
        Assert.Empty(client.Violations);
        again.StopCleanly();
        Assert.Equal(CommandResult.Exchange("verify", state).StateHash(), CommandResult.Exchange("replay", state).StateHash());
    }
}
