using System.Net;
using System.Net.Sockets;
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>How an exchange comes up, what it tells about itself, and how it goes.</summary>
public class StartAndStopTests(ITestOutputHelper output) : AcceptanceTest(output)
{
    [Fact]
    public void It_prints_its_table_then_ready_and_leaves_the_table_in_its_folder()
    {
        ExchangeProcess exchange = StartExchange();
        IReadOnlyList<ProcessEntry> processes = exchange.Processes();

        Assert.Equal(["gateway", "member", "supervisor"], processes.Select(p => p.Role).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(processes.Count, processes.Select(p => p.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(processes.Count, processes.Select(p => p.Pid).Distinct().Count());
        Assert.All(processes, p => Assert.True(Posix.IsAlive(p.Pid), $"{p.Name} {p.Pid} does not run"));
        Assert.Equal(exchange.Pid, exchange.Only("supervisor").Pid);

        ProcessEntry gateway = exchange.Only("gateway");
        IPEndPoint address = IPEndPoint.Parse(gateway.FixAddress!);
        Assert.Equal((true, exchange.FixPort), (IPAddress.IsLoopback(address.Address), address.Port));
        Assert.All(processes.Where(p => p.Log is { Length: > 0 }), p => Assert.True(File.Exists(p.Log), $"no log {p.Log}"));

        string[] lines = exchange.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("ready", lines[^1]);
        Assert.All(processes, p => Assert.Contains(lines, line => line.Contains(p.Name, StringComparison.Ordinal) && line.Contains($"{p.Pid}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Posix.Interrupt)]
    [InlineData(Posix.Terminate)]
    public void It_stops_within_two_seconds_and_well(int signal)
    {
        ExchangeProcess exchange = StartExchange();
        FixClient client = Client(exchange, "HFT1").LogOn();
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m));
        Assert.Equal("0", client.Receive()[150]);
        IReadOnlyList<ProcessEntry> processes = exchange.Processes();

        long start = Environment.TickCount64;
        exchange.Signal(signal);
        int exitCode = exchange.WaitForExit(TimeSpan.FromSeconds(20));
        long tookMs = Environment.TickCount64 - start;

        Assert.Equal(0, exitCode);
        Assert.InRange(tookMs, 0, 2000);
        Assert.All(processes, p => Assert.False(Posix.IsAlive(p.Pid), $"{p.Name} {p.Pid} is still there"));
        Say($"stopped in {tookMs} ms");
    }

    [Fact]
    public void Killing_the_supervisor_leaves_no_orphan()
    {
        ExchangeProcess exchange = StartExchange();
        IReadOnlyList<ProcessEntry> processes = exchange.Processes();
        exchange.Signal(Posix.Kill);
        Poll.Until(() => !processes.Any(p => Posix.IsAlive(p.Pid)), "the end of all processes", exchange.Describe, TimeSpan.FromSeconds(10));
        Poll.Until(() => Posix.WithCommandLine(State).Count == 0, "no process that names the folder", () => string.Join(' ', Posix.WithCommandLine(State)));
    }

    [Fact]
    public void A_second_start_goes_on_where_the_first_ended()
    {
        ExchangeProcess first = StartExchange();
        FixClient client = Client(first, "HFT1").LogOn();
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m));
        Assert.Equal("0", client.Receive()[150]);
        first.StopCleanly();

        ExchangeProcess second = StartExchange(first.FixPort);
        client.LogOn();
        client.Send("H", Orders.Status("B1", Orders.Buy));
        FixMessage status = client.Receive();
        Assert.Equal(("I", "0"), (status[150], status[39]));
        Assert.Empty(client.Violations);
        second.StopCleanly();
    }

    [Fact]
    public void Reset_starts_from_nothing()
    {
        ExchangeProcess first = StartExchange();
        FixClient old = Client(first, "HFT1").LogOn();
        old.Send("D", Orders.New("B1", Orders.Buy, 10, 1m));
        Assert.Equal("0", old.Receive()[150]);
        first.StopCleanly();

        ExchangeProcess second = StartExchange(first.FixPort, "--reset");
        FixClient client = Client(second, "HFT1").LogOn();
        Assert.Equal(2, client.NextIn);
        client.Send("F", Orders.Cancel("C1", "B1", Orders.Buy));
        FixMessage answer = client.Receive();
        Assert.Equal(("9", "1"), (answer.Type, answer[102]));
    }

    [Fact]
    public void A_second_exchange_in_the_same_folder_is_refused()
    {
        ExchangeProcess exchange = StartExchange();
        CommandResult second = CommandResult.Exchange("local", "--dir", State, "--fix-port", $"{ExchangeProcess.FreePort()}");
        Refused(second, State);
        FixClient client = Client(exchange, "HFT1").LogOn();
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m));
        Assert.Equal("0", client.Receive()[150]);
    }

    [Fact]
    public void A_port_in_use_is_said_in_one_line_and_nothing_is_left()
    {
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        int port = ((IPEndPoint)other.LocalEndPoint!).Port;
        Refused(CommandResult.Exchange("local", "--dir", State, "--fix-port", $"{port}"), $"{port}");
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said_in_one_line()
    {
        // A file where a folder is needed refuses root too, who may write anywhere else.
        string file = Folder["file"];
        File.WriteAllText(file, "");
        string inside = Path.Combine(file, "state");
        Refused(CommandResult.Exchange("local", "--dir", inside, "--fix-port", $"{ExchangeProcess.FreePort()}"), inside);
    }

    [Theory]
    [InlineData("--fix-port", "70000")]
    [InlineData("--fix-port", "many")]
    [InlineData("--members", "8")]
    [InlineData("--durability", "perhaps")]
    [InlineData("--threading", "knotted")]
    [InlineData("--no-such-option", "1")]
    public void An_option_that_makes_no_sense_is_named(string option, string value)
    {
        CommandResult result = CommandResult.Exchange("local", "--dir", State, option, value);
        Refused(result, option.TrimStart('-').Split('-')[^1]);
        Assert.Equal(2, result.ExitCode);
        Assert.False(Directory.Exists(State), "the folder was made before the options were understood");
    }

    /// <summary>One line on standard error that names the matter, a code that is not success, and no process left behind.</summary>
    private void Refused(CommandResult result, string named)
    {
        Say($"{result.ExitCode}: {result.Error}");
        Assert.NotEqual(0, result.ExitCode);
        string line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.DoesNotContain("ready", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
