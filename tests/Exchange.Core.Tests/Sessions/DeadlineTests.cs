using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Core.Tests.Sessions;

/// <summary>What happens by the passing of log time: cancel on disconnect and the end of the trading day.</summary>
public sealed class DeadlineTests
{
    private const long HourNs = 3_600 * CoreHarness.SecondNs;

    [Fact]
    public void Cancel_on_disconnect_waits_for_the_grace_and_leaves_GTC_orders_alone()
    {
        using CoreHarness exchange = WithOrders(out ClientHarness client);
        client.ConnectionLost().ExpectNothing();
        Assert.Equal(exchange.NowNs + (10 * CoreHarness.SecondNs), exchange.Core.NextDeadlineNs);
        exchange.After(9.9).TimerDue().ExpectNothing();
        exchange.After(0.1).TimerDue().Expect("ExecutionReport 34=4 11=day 150=4 39=4 CancelOnDisconnect kept");
        Assert.Equal(1, exchange.Core.OpenOrderCount);
        Assert.Equal(long.MaxValue, exchange.Core.NextDeadlineNs);
    }

    [Fact]
    public void A_client_that_is_back_within_the_grace_keeps_its_orders()
    {
        using CoreHarness exchange = WithOrders(out ClientHarness client);
        client.ConnectionLost();
        exchange.After(9);
        exchange.Client(connection: 2).At(4).Logon();
        Assert.Equal(long.MaxValue, exchange.Core.NextDeadlineNs);
        exchange.After(100).TimerDue().ExpectNothing();
        Assert.Equal(2, exchange.Core.OpenOrderCount);
    }

    [Fact]
    public void A_refused_Logon_does_not_prolong_the_grace()
    {
        using CoreHarness exchange = WithOrders(out ClientHarness client);
        client.ConnectionLost();
        exchange.After(9);
        exchange.Client(connection: 2).At(1).Logon();
        exchange.After(1).TimerDue().Expect("ExecutionReport 34=5 11=day 150=4 39=4 CancelOnDisconnect kept");
    }

    [Fact]
    public void The_grace_spans_a_restart_and_counts_from_its_term()
    {
        using CoreHarness exchange = WithOrders(out _);
        exchange.StartTerm(2);
        exchange.After(10).TimerDue().Expect("ExecutionReport 34=4 11=day 150=4 39=4 CancelOnDisconnect kept");
    }

    [Fact]
    public void Whatever_is_due_happens_before_the_command_that_comes_at_that_time()
    {
        // No TimerDue was logged, and still the order is gone before the seller's arrives.
        using CoreHarness exchange = WithOrders(out ClientHarness client);
        ClientHarness seller = exchange.Client(session: 1, connection: 5);
        seller.Logon();
        client.ConnectionLost();
        exchange.After(10);
        seller.Sell("s1", 1).Expect(
            "ExecutionReport 34=4 11=day 150=4 39=4 CancelOnDisconnect kept",
            "ExecutionReport 34=2 11=s1 150=0 39=0 session=1",
            "ExecutionReport 34=3 11=s1 150=F 39=2 17=5 32=1 session=1",
            "ExecutionReport 34=5 11=gtc 150=F 39=1 17=6 32=1 kept");
    }

    [Fact]
    public void Without_the_flag_orders_survive_a_disconnect()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Buy("day");
        client.ConnectionLost();
        Assert.Equal(long.MaxValue, exchange.Core.NextDeadlineNs);
    }

    [Fact]
    public void Day_orders_expire_at_the_end_of_the_trading_day_and_the_next_day_ends_24_hours_later()
    {
        using CoreHarness exchange = CoreHarness.Open(dayEndNs: 17 * HourNs);
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Buy("day");
        client.Buy("gtc", timeInForce: TimeInForce.GoodTillCancel);
        long end = CoreHarness.Start + (7 * HourNs);
        Assert.Equal(end, exchange.Core.NextDeadlineNs);
        exchange.After(7 * 3_600).TimerDue().Expect("ExecutionReport 34=4 11=day 150=C 39=C EndOfDay");
        Assert.Equal(end + (24 * HourNs), exchange.Core.NextDeadlineNs);
        Assert.Equal(1, exchange.Core.OpenOrderCount);
    }

    [Fact]
    public void A_venue_that_slept_over_several_days_ends_one_and_starts_the_present_one()
    {
        using CoreHarness exchange = CoreHarness.Open(dayEndNs: 17 * HourNs);
        exchange.After(3.5 * 86_400).TimerDue().ExpectNothing();
        Assert.Equal(CoreHarness.Start + (7 * HourNs) + (4 * 24 * HourNs), exchange.Core.NextDeadlineNs);
    }

    [Fact]
    public void A_day_end_that_has_passed_today_comes_tomorrow()
    {
        using CoreHarness exchange = CoreHarness.Open(dayEndNs: 10 * HourNs);
        Assert.Equal(CoreHarness.Start + (24 * HourNs), exchange.Core.NextDeadlineNs);
        exchange.DefineVenue(11 * HourNs);
        Assert.Equal(CoreHarness.Start + HourNs, exchange.Core.NextDeadlineNs);
    }

    /// <summary>A session with cancel on disconnect and two open orders, sent 1 Logon and 2 acknowledgements.</summary>
    private static CoreHarness WithOrders(out ClientHarness client)
    {
        CoreHarness exchange = CoreHarness.Open(flags: ParticipantFlags.CancelOnDisconnect);
        client = exchange.Client();
        client.Logon();
        client.Buy("day");
        client.Buy("gtc", timeInForce: TimeInForce.GoodTillCancel);
        return exchange;
    }
}
