using Exchange.Protocol;
using Exchange.Protocol.Events;

namespace Exchange.Core.Tests.Sessions;

/// <summary>ResetSeqNumFlag (141) = Y, and what counts as proof that a fill was received.</summary>
public sealed class ResetTests
{
    [Fact]
    public void A_reset_at_logon_starts_both_numbers_at_one_and_says_so()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.TestRequest("a");
        client.ConnectionLost();
        ClientHarness back = exchange.Client(connection: 2);
        back.Logon(reset: true).Expect("HistoryReset", "Logon 34=1 108=30 141=Y");
        back.TestRequest("b").Expect("Heartbeat 34=2 112=b");
    }

    [Fact]
    public void A_reset_needs_the_number_one()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client().At(2).Logon(reset: true).Expect("Logout 34=1 58=ResetRequiresSeqNumOne(2,1)", "CloseConnection ResetRequiresSeqNumOne connection=1");
        exchange.Client(connection: 2).At(1).Logon().Expect("Logon 34=2 108=30");
    }

    [Fact]
    public void A_reset_works_in_the_middle_of_a_session()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Buy("o1", 5);
        client.At(7).Heartbeat().Expect("ResendRequest 34=3 3-0");
        client.Next = 1;
        client.Logon(reset: true).Expect("HistoryReset", "Logon 34=1 108=30 141=Y", "ExecutionReport 34=2 11=o1 150=D 39=0");
        client.TestRequest("x").Expect("Heartbeat 34=3 112=x");

        // The gap of the old numbering is forgotten with it.
        client.At(9).Heartbeat().Expect("ResendRequest 34=4 3-0");
    }

    [Fact]
    public void A_reset_in_the_middle_of_a_session_needs_the_number_one_too()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Logon(reset: true).Expect("Logout 34=2 58=ResetRequiresSeqNumOne(2,1)", "CloseConnection ResetRequiresSeqNumOne connection=1");
    }

    [Fact]
    public void A_reset_with_NextExpectedMsgSeqNum_expects_our_Logon_as_number_one()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.ConnectionLost();
        exchange.Client(connection: 2).Logon(nextExpected: 2, reset: true).Expect("Logout 34=2 58=NextExpectedTooHigh(2,1)", "CloseConnection NextExpectedTooHigh connection=2");
        exchange.Client(connection: 3).Logon(nextExpected: 1, reset: true).Expect("HistoryReset", "Logon 34=1 108=30 141=Y 789=2");
    }

    [Fact]
    public void Unseen_fills_and_then_open_orders_are_restated_with_their_original_ids()
    {
        using CoreHarness exchange = Traded(out ClientHarness client);
        client.ConnectionLost();
        ClientHarness back = exchange.Client(connection: 9);
        back.Logon(reset: true).Expect(
            "HistoryReset",
            "Logon 34=1 108=30 141=Y",
            "ExecutionReport 34=2 11=b1 150=F 39=1 17=4 32=4 97=Y",
            "ExecutionReport 34=3 11=b1 150=F 39=1 17=7 32=3 97=Y",
            "ExecutionReport 34=4 11=b1 150=D 39=1");

        ExecutionReportEvent fill = exchange.LastEvent<ExecutionReportEvent>(2);
        Assert.Equal(9, fill.Header.ConnectionId);
        Assert.Equal(exchange.NowNs, fill.Header.SendingTimeNs);
        Assert.Equal(CoreHarness.Start + CoreHarness.SecondNs, fill.TransactTimeNs);
        Assert.Equal(4 * FixedPoint.Scale, fill.CumQtyE8);

        // Without proof they stay unseen: a second reset restates them again.
        back.Next = 1;
        back.Logon(reset: true);
        Assert.Equal(5, exchange.LastEvents.Count);
    }

    [Fact]
    public void Fills_of_a_session_that_is_logged_off_are_kept_and_restated()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness buyer = exchange.Client(session: 0, connection: 1);
        ClientHarness seller = exchange.Client(session: 1, connection: 2);
        buyer.Logon();
        seller.Logon();
        buyer.Buy("b1", 10);
        buyer.ConnectionLost();
        seller.Sell("s1", 10).Expect(
            "ExecutionReport 34=2 11=s1 150=0 39=0 session=1",
            "ExecutionReport 34=3 11=s1 150=F 39=2 17=3 32=10 session=1",
            "ExecutionReport 34=3 11=b1 150=F 39=2 17=4 32=10 kept");
        exchange.Client(session: 0, connection: 3).Logon(reset: true).Expect(
            "HistoryReset", "Logon 34=1 108=30 141=Y", "ExecutionReport 34=2 11=b1 150=F 39=2 17=4 32=10 97=Y");
    }

    [Fact]
    public void NextExpectedMsgSeqNum_is_proof_of_receipt()
    {
        using CoreHarness exchange = Traded(out ClientHarness client);
        client.ConnectionLost();

        // Fills were sent as 3 and 4; the client expects 4, so it has seen the first.
        ClientHarness back = exchange.Client(connection: 9).At(3);
        back.Logon(nextExpected: 4);
        back.Next = 1;
        back.Logon(reset: true).Expect(
            "HistoryReset", "Logon 34=1 108=30 141=Y", "ExecutionReport 34=2 11=b1 150=F 39=1 17=7 32=3 97=Y", "ExecutionReport 34=3 11=b1 150=D 39=1");
    }

    [Fact]
    public void A_refused_NextExpectedMsgSeqNum_proves_nothing()
    {
        using CoreHarness exchange = Traded(out ClientHarness client);
        client.ConnectionLost();
        exchange.Client(connection: 8).At(3).Logon(nextExpected: 500);
        exchange.Client(connection: 9).Logon(reset: true);
        Assert.Equal(5, exchange.LastEvents.Count);
    }

    [Fact]
    public void The_BeginSeqNo_of_a_ResendRequest_is_proof_of_receipt()
    {
        using CoreHarness exchange = Traded(out ClientHarness client);
        client.ResendRequest(5, 0).Expect("Reject 34=5 45=3 372=2 371=7 373=5 58=ResendBeyondSent(5,4)");
        client.ResendRequest(4, 0).Expect("ResendRange 4-5");
        client.Next = 1;
        client.Logon(reset: true);
        Assert.Equal(["HistoryReset", "Logon", "Fill 7", "Restated"], Kinds(exchange));
    }

    [Fact]
    public void A_Heartbeat_that_answers_our_TestRequest_is_proof_of_receipt()
    {
        using CoreHarness exchange = Traded(out ClientHarness client);
        client.TestRequestDue();
        string id = exchange.OurTestReqId();
        client.Heartbeat("something else");
        client.Heartbeat();
        Assert.Equal(2, RestatedFills(exchange, client));

        // The answer to a TestRequest of the old numbering proves nothing in the new one.
        client.Heartbeat(id);
        Assert.Equal(2, RestatedFills(exchange, client));
        client.TestRequestDue();
        client.Heartbeat(exchange.OurTestReqId());
        Assert.Equal(0, RestatedFills(exchange, client));
    }

    [Fact]
    public void The_answer_proves_even_the_fill_sent_right_before_the_TestRequest()
    {
        using CoreHarness exchange = Traded(out ClientHarness client);
        client.TestRequestDue().Expect("TestRequest 34=5 112=ours");
        client.Heartbeat(exchange.OurTestReqId());
        Assert.Equal(0, RestatedFills(exchange, client));
    }

    [Fact]
    public void Without_proof_all_fills_of_the_trading_day_are_unseen_and_no_others()
    {
        using CoreHarness exchange = CoreHarness.Open(dayEndNs: 17 * 3_600 * CoreHarness.SecondNs);
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Buy("b1", timeInForce: TimeInForce.GoodTillCancel);
        client.Sell("s1");
        exchange.After(7 * 3_600).TimerDue();
        client.Buy("b2", timeInForce: TimeInForce.GoodTillCancel);
        client.Sell("s2");
        Assert.Equal(2, RestatedFills(exchange, client));
    }

    [Fact]
    public void A_client_that_has_very_much_restated_again_and_again_is_refused_for_a_while()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        for (int i = 0; i < 1_000; i++)
        {
            client.Buy($"b{i}", 10, TimeInForce.GoodTillCancel);
        }

        int resets = 0;
        do
        {
            client.Next = 1;
            client.Logon(reset: true);
            resets++;
        }
        while (exchange.LastEvents.Count == 1_002);

        Assert.Equal(264, resets);
        exchange.Expect("Logout 34=1002 58=ResendLimit(263000,262144)", "CloseConnection ResendLimit connection=1");
        exchange.After(9.9);
        exchange.Client(connection: 2).Logon(reset: true);
        Assert.Equal(2, exchange.LastEvents.Count);

        // It may go on with its numbers meanwhile, and reset again later.
        exchange.Client(connection: 3).At(2).Logon().Expect("Logon 34=1004 108=30");
        exchange.After(0.1);
        exchange.Client(connection: 3).At(1).Logon(reset: true);
        Assert.Equal(1_002, exchange.LastEvents.Count);
    }

    /// <summary>Session 0 bought 4 and then 3 of 10 at 10:00:01; its fills were sent as 3 and 4 and are unproven.</summary>
    private static CoreHarness Traded(out ClientHarness client)
    {
        CoreHarness exchange = CoreHarness.Open();
        client = exchange.Client(session: 0, connection: 1);
        ClientHarness seller = exchange.Client(session: 1, connection: 2);
        client.Logon();
        seller.Logon();
        client.Buy("b1", 10);
        exchange.After(1);
        seller.Sell("s1", 4);
        seller.Sell("s2", 3);
        exchange.After(1);
        return exchange;
    }

    private static int RestatedFills(CoreHarness exchange, ClientHarness client)
    {
        client.Next = 1;
        client.Logon(reset: true);
        return Kinds(exchange).Count(kind => kind.StartsWith("Fill", StringComparison.Ordinal));
    }

    private static List<string> Kinds(CoreHarness exchange)
    {
        List<string> kinds = [];
        for (int i = 0; i < exchange.LastEvents.Count; i++)
        {
            EventType type = exchange.LastHeader(i).Type;
            if (type != EventType.ExecutionReport)
            {
                kinds.Add(type.ToString());
                continue;
            }

            ExecutionReportEvent report = exchange.LastEvent<ExecutionReportEvent>(i);
            kinds.Add(report.ExecType == ExecType.Trade ? $"Fill {report.ExecId}" : report.ExecType.ToString());
        }

        return kinds;
    }
}
