// Stories of one client session: the left side is always this client, the right side a hand that plays the exchange.
using Exchange.Host.Client;

namespace Exchange.Host.Tests.Client;

public class FixClientSessionTests
{
    [Fact]
    public void A_logon_carries_credentials_and_heartbeat_interval_and_takes_number_one()
    {
        ExchangeSide exchange = new();
        exchange.Session.OnConnected(exchange.NowNs);
        Assert.Equal(["A:1 108=10 553=HFT1 554=HFT1"], exchange.Written(108, 141, 553, 554));
        Assert.DoesNotContain("554=HFT1", exchange.Handler.Sent[0], StringComparison.Ordinal);
        exchange.Send("A", 1, "98=0|108=10|");
        Assert.Equal(FixClientStatus.Established, exchange.Session.Status);
        Assert.Equal((2, 2), (exchange.Session.NextIn, exchange.Session.NextOut));
    }

    [Fact]
    public void Numbers_continue_over_a_reconnect()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.SendOrder("a");
        exchange.Report(2, "a");
        exchange.Session.OnDisconnected("cut");
        exchange.Written();
        exchange.LogOn(seqNum: 3);
        Assert.Equal(["A:3"], exchange.Written());
        Assert.Equal((4, 4), (exchange.Session.NextIn, exchange.Session.NextOut));
    }

    [Fact]
    public void A_gap_is_asked_for_once_and_what_waits_behind_it_is_delivered_in_order()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.Written();
        exchange.Report(4, "c");
        exchange.Report(5, "d");
        Assert.Equal(["2:2 7=2 16=0"], exchange.Written(7, 16));
        exchange.Report(2, "a", possDup: true);
        exchange.Report(3, "b", possDup: true);
        Assert.Equal(["a", "b", "c", "d"], exchange.DeliveredClOrdIds());
        Assert.False(exchange.Session.InGap);

        // The exchange goes on repeating what has already been taken from behind the gap: ignored, not delivered twice.
        exchange.Report(4, "c", possDup: true);
        exchange.Report(5, "d", possDup: true);
        exchange.Report(6, "e");
        Assert.Equal(["a", "b", "c", "d", "e"], exchange.DeliveredClOrdIds());
        Assert.Equal(2, exchange.Session.Counters.DuplicatesIgnored);
        Assert.Empty(exchange.Written());
    }

    [Fact]
    public void Messages_beyond_the_bound_of_the_queue_are_asked_for_again_after_the_gap_closed()
    {
        ExchangeSide exchange = new(queuedMax: 1);
        exchange.LogOn();
        exchange.Written();
        exchange.Report(3, "b");
        exchange.Report(4, "c");
        Assert.Equal(["2:2 7=2"], exchange.Written(7));
        exchange.Report(2, "a", possDup: true);
        Assert.Equal(["2:3 7=4"], exchange.Written(7));
        exchange.Report(4, "c", possDup: true);
        Assert.Equal(["a", "b", "c"], exchange.DeliveredClOrdIds());
        Assert.False(exchange.Session.InGap);
    }

    [Fact]
    public void A_resend_that_stalls_is_asked_for_again()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.Report(3, "b");
        exchange.Written();
        exchange.Pass(2);
        Assert.Empty(exchange.Written());
        exchange.Pass(4);
        Assert.Equal(["2:3 7=2"], exchange.Written(7));
    }

    [Fact]
    public void A_logon_answer_behind_a_gap_establishes_the_session_and_asks_for_the_gap()
    {
        ExchangeSide exchange = new();
        exchange.LogOn(seqNum: 4);
        Assert.Equal(["A:1", "2:2 7=1 16=0"], exchange.Written(7, 16));
        Assert.Equal(FixClientStatus.Established, exchange.Session.Status);
        exchange.Send("4", 1, "123=Y|36=2|", possDup: true);
        exchange.Report(2, "a", possDup: true);
        exchange.Send("4", 3, "123=Y|36=5|", possDup: true);
        exchange.Report(5, "b");
        Assert.Equal(["a", "b"], exchange.DeliveredClOrdIds());
        Assert.Equal(0, exchange.Session.Counters.Violations);
    }

    [Fact]
    public void With_next_expected_sent_the_gap_of_the_logon_is_not_asked_for_unless_it_stalls()
    {
        ExchangeSide exchange = new(sendNextExpected: true);
        exchange.LogOn(seqNum: 3, extra: "789=2|");
        Assert.Equal(["A:1 789=1"], exchange.Written(789));
        exchange.Report(1, "a", possDup: true);
        exchange.Pass(6);
        Assert.Equal(["2:2 7=2"], exchange.Written(7));
        exchange.Send("4", 2, "123=Y|36=4|", possDup: true);
        Assert.Equal(4, exchange.Session.NextIn);

        // A later gap has nothing to do with the Logon and is asked for at once.
        exchange.Report(6, "c");
        Assert.Equal(["2:3 7=4"], exchange.Written(7));
    }

    [Fact]
    public void An_exchange_that_expects_less_gets_the_missing_orders_without_asking()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.SendOrder("a");
        exchange.SendOrder("b");
        exchange.Session.OnDisconnected("cut");
        exchange.Written();
        exchange.LogOn(seqNum: 2, extra: "789=3|");
        Assert.Equal(["A:4", "D:3 11=b 43=Y", "4:4 43=Y 36=5"], exchange.Written(11, 43, 36));
    }

    [Fact]
    public void An_exchange_that_expects_more_than_was_sent_ends_the_session()
    {
        ExchangeSide exchange = new();
        exchange.LogOn(extra: "789=9|");
        Assert.Equal(FixClientStatus.Closing, exchange.Session.Status);
        Assert.Contains("9", exchange.Session.EndReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resend_request_is_answered_with_possdup_orders_and_exact_gap_fills()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.SendOrder("a");
        exchange.Session.TestRequest("t", exchange.NowNs);
        exchange.Session.TestRequest("u", exchange.NowNs);
        exchange.SendOrder("b");
        exchange.Written();
        exchange.Pass(1);
        exchange.Send("2", 2, "7=1|16=0|");
        Assert.Equal(["4:1 43=Y 123=Y 36=2", "D:2 43=Y 11=a", "4:3 43=Y 123=Y 36=5", "D:5 43=Y 11=b"], exchange.Written(43, 123, 36, 11));
        Assert.Equal(6, exchange.Session.NextOut);
        exchange.Send("2", 3, "7=3|16=4|");
        Assert.Equal(["4:3 36=5"], exchange.Written(36));
        Assert.Equal(2, exchange.Session.Counters.ResendRequestsAnswered);
    }

    [Fact]
    public void A_repeated_order_keeps_its_body_and_names_its_original_time()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.Written();
        exchange.SendOrder("a");
        string original = Fields(exchange.Handler.Sent[^1], 52);
        exchange.Pass(3);
        exchange.Send("2", 2, "7=2|16=2|");
        string again = exchange.Handler.Sent[^1];
        Assert.Equal(original, Fields(again, 122));
        Assert.NotEqual(original, Fields(again, 52));
        Assert.Equal("AAPL", Fields(again, 55));
    }

    [Fact]
    public void Orders_are_gap_filled_when_the_user_prefers_that()
    {
        ExchangeSide exchange = new(resendOrders: false);
        exchange.LogOn();
        exchange.SendOrder("a");
        exchange.Written();
        exchange.Send("2", 2, "7=1|16=0|");
        Assert.Equal(["4:1 36=3"], exchange.Written(36));
    }

    [Fact]
    public void A_resend_request_inside_a_gap_is_answered_before_ours_goes_out()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.SendOrder("a");
        exchange.Written();
        exchange.Send("2", 5, "7=2|16=2|");
        Assert.Equal(["D:2", "2:3 7=2"], exchange.Written(7));
    }

    [Fact]
    public void A_low_number_without_possdup_ends_the_session()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.Report(2, "a");
        exchange.Written();
        exchange.Report(2, "a");
        Assert.Equal(["5:2 58=MsgSeqNum too low, expecting 3 but received 2"], exchange.Written(58));
        Assert.Equal(FixClientStatus.Closing, exchange.Session.Status);
        Assert.Single(exchange.Handler.Messages);
    }

    [Fact]
    public void A_reset_at_logon_starts_both_numbers_anew()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.SendOrder("a");
        exchange.Session.OnDisconnected("cut");
        exchange.Written();
        exchange.LogOn(seqNum: 1, reset: true);
        Assert.Equal(["A:1 141=Y"], exchange.Written(141));
        Assert.Equal((2, 2), (exchange.Session.NextIn, exchange.Session.NextOut));
        Assert.False(exchange.Store.ResetPending);
    }

    [Fact]
    public void A_reset_that_was_never_answered_is_asked_for_again()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.Session.OnDisconnected("cut");
        exchange.Session.OnConnected(exchange.NowNs, reset: true);
        exchange.Session.OnDisconnected("cut before the answer");
        exchange.Written();
        exchange.Session.OnConnected(exchange.NowNs);
        Assert.Equal(["A:1 141=Y"], exchange.Written(141));
    }

    [Fact]
    public void A_reset_inside_the_session_takes_what_was_under_way_by_the_old_numbers()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.SendOrder("a");
        exchange.Written();
        Assert.True(exchange.Session.Reset(exchange.NowNs));
        Assert.Equal(["A:1 141=Y"], exchange.Written(141));
        exchange.Report(2, "a");
        exchange.Send("A", 1, "98=0|108=10|141=Y|");
        exchange.Report(2, "b");
        Assert.Equal(["a", "b"], exchange.DeliveredClOrdIds());
        Assert.Equal((3, 2), (exchange.Session.NextIn, exchange.Session.NextOut));
    }

    [Fact]
    public void Heartbeats_go_out_when_idle_and_a_silent_exchange_is_tested_then_left()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.Written();
        exchange.Pass(9);
        Assert.Empty(exchange.Written());
        exchange.Pass(1);
        Assert.Equal(["0:2"], exchange.Written());
        exchange.Pass(2);
        Assert.Equal(["1:3 112=probe-1"], exchange.Written(112));
        exchange.Send("0", 2, "112=probe-1|");
        exchange.Pass(11);
        exchange.Written();
        exchange.Pass(2);
        Assert.Contains("1:5 112=probe-2", exchange.Written(112));
        exchange.Pass(8);
        Assert.Equal(FixClientStatus.Closing, exchange.Session.Status);
        Assert.Equal(FixClientEvent.Failed, exchange.Handler.Events[^1].What);
        Assert.True(exchange.Session.IsEndedBySilence);

        // The next connection is judged by itself.
        exchange.Session.OnDisconnected("closed");
        exchange.LogOn(seqNum: 3);
        exchange.Session.OnDisconnected("cut");
        Assert.False(exchange.Session.IsEndedBySilence);
    }

    [Fact]
    public void A_test_request_of_the_exchange_is_answered_with_its_id()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.Written();
        exchange.Send("1", 2, "112=ping|");
        Assert.Equal(["0:2 112=ping"], exchange.Written(112));
    }

    [Fact]
    public void A_logout_of_the_exchange_is_answered_and_ends_the_session()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.Written();
        exchange.Send("5", 2, "58=end of day|");
        Assert.Equal(["5:2"], exchange.Written());
        Assert.Equal(3, exchange.Session.NextIn);
        Assert.Contains("end of day", exchange.Session.EndReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_that_arrive_after_our_logout_still_count()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.Session.Logout(exchange.NowNs);
        exchange.Report(2, "a");
        exchange.Send("5", 3);
        Assert.Equal(["a"], exchange.DeliveredClOrdIds());
        Assert.Equal(FixClientStatus.Closing, exchange.Session.Status);
        Assert.Equal(4, exchange.Session.NextIn);
    }

    [Fact]
    public void A_sequence_reset_moves_up_and_never_down()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.Send("4", 1, "36=10|");
        Assert.Equal(10, exchange.Session.NextIn);
        exchange.Written();
        exchange.Send("4", 10, "36=5|");
        Assert.Equal(10, exchange.Session.NextIn);
        Assert.Equal(["3:2 45=10 373=5"], exchange.Written(45, 373));
    }

    [Fact]
    public void Garbled_bytes_are_skipped_and_cost_no_number()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.SendBytes("rubbish"u8);
        exchange.SendBytes("8=FIX.4.4\u00019=5\u000135=0\u000110=000\u0001"u8);
        exchange.Report(2, "a");
        Assert.Equal(["a"], exchange.DeliveredClOrdIds());
        Assert.True(exchange.Session.Counters.Garbled >= 2);
    }

    [Fact]
    public void A_stranger_on_the_line_ends_the_session()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        exchange.Send("8", 2, "11=a|", sender: "OTHER");
        Assert.Equal(FixClientStatus.Closing, exchange.Session.Status);
        Assert.Empty(exchange.Handler.Messages);
    }

    [Fact]
    public void A_refused_logon_names_the_reason_and_nothing_can_be_sent()
    {
        ExchangeSide exchange = new();
        exchange.Session.OnConnected(exchange.NowNs);
        Assert.Equal(0, exchange.SendOrder("early"));
        exchange.Send("5", 1, "58=MsgSeqNum too low, expecting 7 but received 1|");
        Assert.Contains("expecting 7", exchange.Session.EndReason, StringComparison.Ordinal);
        Assert.Equal(0, exchange.SendOrder("late"));
    }

    [Fact]
    public void Messages_may_arrive_byte_by_byte()
    {
        ExchangeSide exchange = new();
        exchange.Session.OnConnected(exchange.NowNs);
        FixMessageBuilder builder = new();
        byte[] bytes = builder.Open().Add(35, "A").Add(34, 1).Add(49, "EXCH").Add(56, "HFT1").AddTime(52, exchange.NowNs, 3).Add(98, 0).Add(108, 10)
            .Close("FIX.4.4").ToArray();
        int offered = 0;
        for (int end = 1; end <= bytes.Length; end++)
        {
            offered += exchange.Session.OnReceived(bytes.AsSpan(offered, end - offered), exchange.NowNs);
        }

        Assert.Equal(bytes.Length, offered);
        Assert.Equal(FixClientStatus.Established, exchange.Session.Status);
        Assert.Equal(0, exchange.Session.Counters.Garbled);
    }

    [Fact]
    public void A_long_resend_is_streamed_and_a_new_order_stands_behind_it()
    {
        ExchangeSide exchange = new();
        exchange.LogOn();
        for (int i = 0; i < 5000; i++)
        {
            Assert.NotEqual(0, exchange.SendOrder($"o{i}"));
        }

        exchange.Written();
        exchange.Send("2", 2, "7=2|16=0|");
        Assert.InRange(exchange.Session.Outbound.Length, 200_000, 300_000);
        long next = exchange.SendOrder("new");
        List<string> written = exchange.Written();
        Assert.Equal(5001, written.Count);
        Assert.Equal("D:2", written[0]);
        Assert.Equal($"D:{next}", written[^1]);
    }

    private static string Fields(string message, int tag) =>
        message.Split('|').Single(f => f.StartsWith($"{tag}=", StringComparison.Ordinal)).Split('=')[1];
}
