// The load generator against a small acceptor with planted mistakes: it must find every one of them, and nothing where there is none.
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Exchange.Host.Client;
using Exchange.Host.Load;
using Exchange.Host.Tests.Client;

namespace Exchange.Host.Tests.Load;

public sealed class LoadEngineTests : IDisposable
{
    private readonly TestAcceptor _acceptor = new();

    public void Dispose() => _acceptor.Dispose();

    [Theory]
    [InlineData("new-cancel")]
    [InlineData("churn")]
    [InlineData("new-only")]
    public void Every_order_is_answered_and_cancelled(string mix)
    {
        LoadSummary summary = Run(mix);
        Assert.Empty(summary.Failures);
        Assert.Equal(summary.Totals.OrdersSent, summary.Totals.OrdersAnswered);
        Assert.Equal(summary.Totals.OrdersSent, summary.Totals.Cancelled);
        Assert.InRange(summary.Totals.OrdersSent, 590, 600);
        Assert.InRange(summary.Totals.OrderLatency.Count, 390, 400);
        Assert.True(summary.Totals.OrderLatency.PercentileNs(50) > 0);
    }

    [Fact]
    public void Fills_are_counted_and_leave_nothing_to_cancel()
    {
        _acceptor.FillsAll = true;
        LoadSummary summary = Run("fills");
        Assert.Empty(summary.Failures);
        Assert.Equal(summary.Totals.OrdersSent, summary.Totals.Filled);
        Assert.Equal(0, summary.Totals.CancelsSent);
    }

    [Fact]
    public void A_lost_answer_fails_the_run()
    {
        _acceptor.FaultOf = n => n == 50 ? TestAcceptor.Fault.DropAck : TestAcceptor.Fault.None;
        LoadSummary summary = Run("new-only");
        Assert.Equal(2, summary.LostOrders);
        Assert.Contains(summary.Failures, f => f.Contains("never answered", StringComparison.Ordinal));
    }

    [Fact]
    public void A_doubled_answer_fails_the_run()
    {
        _acceptor.FaultOf = n => n == 50 ? TestAcceptor.Fault.DoubleAck : TestAcceptor.Fault.None;
        LoadSummary summary = Run("new-cancel");
        Assert.Equal(2, summary.Totals.Duplicates);
        Assert.Contains(summary.Failures, f => f.Contains("twice", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lost_session_ends_and_fails_the_run()
    {
        _acceptor.FaultOf = n =>
        {
            if (n == 20)
            {
                _acceptor.DropConnections();
            }

            return TestAcceptor.Fault.None;
        };
        LoadSummary summary = Run("new-cancel");
        Assert.NotEmpty(summary.EndedSessions);
        Assert.NotEmpty(summary.Failures);
    }

    [Theory]
    [InlineData("new-cancel")]
    [InlineData("churn")]
    [InlineData("ioc")]
    public void With_a_second_address_lost_connections_lose_and_double_nothing(string mix)
    {
        _acceptor.FaultOf = n =>
        {
            if (n is 50 or 120)
            {
                _acceptor.DropConnections();
            }

            return TestAcceptor.Fault.None;
        };
        using LoadEngine engine = new(Options(mix) with { Addresses = [ClosedPort(), _acceptor.Address], Reconnects = true, SilenceNs = FixTime.NsPerSec }, null);
        LoadSummary summary = engine.Run();
        Assert.Empty(summary.Failures);
        Assert.NotEmpty(summary.Failovers);
        Assert.All(summary.Failovers, f => Assert.True(f.MaxGapNs >= f.MedianGapNs && f.MedianGapNs > 0));
        foreach (string compId in (string[])["HFT1", "HFT2"])
        {
            Assert.Equal(_acceptor.OrdersOf(compId).Distinct(StringComparer.Ordinal), _acceptor.OrdersOf(compId));
        }

        Assert.Equal(summary.Totals.OrdersSent, _acceptor.OrdersOf("HFT1").Count + _acceptor.OrdersOf("HFT2").Count);
    }

    [Fact]
    public void A_silent_exchange_is_left_and_found_again()
    {
        int silenced = 0;
        _acceptor.FaultOf = n => n == 60 && Interlocked.Increment(ref silenced) == 1 ? TestAcceptor.Fault.FallSilent : TestAcceptor.Fault.None;
        using LoadEngine engine = new(Options("new-cancel") with { Addresses = [_acceptor.Address, ClosedPort()], Reconnects = true, SilenceNs = FixTime.NsPerSec }, null);
        LoadSummary summary = engine.Run();
        Assert.Empty(summary.Failures);
        Failover failover = Assert.Single(summary.Failovers);
        Assert.Contains("silent", failover.Cause, StringComparison.Ordinal);
        Assert.True(failover.MaxGapNs >= FixTime.NsPerSec);
    }

    [Fact]
    public void An_answer_lost_in_a_failover_fails_the_run()
    {
        _acceptor.FaultOf = n =>
        {
            if (n == 50)
            {
                _acceptor.DropConnections();
            }

            return n == 50 ? TestAcceptor.Fault.DropAck : TestAcceptor.Fault.None;
        };
        using LoadEngine engine = new(Options("new-only") with { Addresses = [_acceptor.Address, _acceptor.Address], Reconnects = true, DrainSeconds = 1 }, null);
        LoadSummary summary = engine.Run();
        Assert.Equal(2, summary.LostOrders);
    }

    [Fact]
    public void A_closed_loop_keeps_its_limit()
    {
        using LoadEngine engine = new(Options("new-cancel") with { RatePerSec = 0, OutstandingMax = 8, Seconds = 0.5 }, null);
        LoadSummary summary = engine.Run();
        Assert.Empty(summary.Failures);
        Assert.True(summary.Totals.OrdersSent > 8);
    }

    [Fact]
    public void Progress_appears_while_running_and_the_result_is_json()
    {
        List<string> lines = [];
        LoadProgressBoard board = new();
        LoadSummary summary;
        using (LoadEngine engine = new(Options("new-cancel") with { Seconds = 1.2 }, board))
        using (new LoadReporter(board, lines.Add))
        {
            summary = engine.Run();
        }

        Assert.NotEmpty(lines);
        Assert.Contains("p99", lines[0], StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(summary.ToJson());
        Assert.Equal(summary.Totals.OrdersSent, json.RootElement.GetProperty("orders_sent").GetInt64());
        Assert.True(json.RootElement.GetProperty("order_latency_ns").GetProperty("p99.9").GetInt64() > 0);
    }

    [Fact]
    public void The_steady_state_allocates_nothing()
    {
        using LoadEngine engine = new(Options("new-cancel") with { RatePerSec = 5000, Spin = true }, null);
        LoadSummary summary = engine.Run();
        Assert.Equal(summary.Totals.OrdersSent, summary.Totals.OrdersAnswered);

        // The first second compiles methods and touches statics; nothing may grow with the number of orders.
        Assert.True(engine.AllocatedBytes < summary.Totals.OrdersSent, $"{engine.AllocatedBytes} bytes for {summary.Totals.OrdersSent} orders");
    }

    [Fact]
    public void A_refused_logon_says_which_session()
    {
        using LoadEngine engine = new(Options("fills") with { SessionPrefix = "NOBODY", Sessions = 1, TargetCompId = "X" }, null);
        _acceptor.DropConnections();
        _acceptor.Dispose();
        HostException refused = Assert.Throws<HostException>(() => engine.Run());
        Assert.Contains("NOBODY1", refused.Message, StringComparison.Ordinal);
    }

    private static IPEndPoint ClosedPort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private LoadSummary Run(string mix)
    {
        using LoadEngine engine = new(Options(mix), null);
        return engine.Run();
    }

    // Runs on shared machines: the judgement of the backlog is left wide, the one of losses and duplicates is what is tested.
    private LoadOptions Options(string mix) => new()
    {
        Addresses = [_acceptor.Address],
        Sessions = 2,
        RatePerSec = 1000,
        WarmupSeconds = 0.2,
        Seconds = 0.4,
        DrainSeconds = 3,
        BacklogSecondsMax = 10,
        AnsweredShareMin = 0,
        Mix = LoadMix.Find(mix)!,
    };
}
