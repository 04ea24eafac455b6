using Exchange.Protocol.Commands;

namespace Exchange.Core.Tests.Sessions;

/// <summary>MsgSeqNum: situations 2 (numbers and PossDup) and 20 (gaps on both sides).</summary>
public sealed class SequenceGateTests
{
    [Fact]
    public void Messages_with_the_expected_number_are_processed_in_turn_2A()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.TestRequest("a").Expect("Heartbeat 34=2 112=a");
        client.Buy("o1").Expect("ExecutionReport 34=3 11=o1 150=0 39=0");
        client.Heartbeat().ExpectNothing();
        client.TestRequest("b").Expect("Heartbeat 34=4 112=b");
    }

    [Fact]
    public void A_number_too_high_is_held_and_one_ResendRequest_asks_for_everything_missing_2B()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(4).Buy("o3").Expect("ResendRequest 34=2 2-0");
        client.At(5).Buy("o4").ExpectNothing();
        client.At(6).Heartbeat().ExpectNothing();

        // The resend brings each of them, but what waited is executed in its turn, once.
        client.PossDup(2).Buy("o1").Expect("ExecutionReport 34=3 11=o1 150=0 39=0");
        client.PossDup(3).Buy("o2").Expect(
            "ExecutionReport 34=4 11=o2 150=0 39=0",
            "ExecutionReport 34=5 11=o3 150=0 39=0",
            "ExecutionReport 34=6 11=o4 150=0 39=0");
        client.PossDup(4).Buy("o3").ExpectNothing();
        client.PossDup(5).Buy("o4").ExpectNothing();
        client.At(7).TestRequest("on we go").Expect("Heartbeat 34=7 112=on we go");
    }

    [Fact]
    public void An_unanswered_ResendRequest_is_repeated_only_after_five_seconds_without_progress_2B()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(10).Heartbeat().Expect("ResendRequest 34=2 2-0");
        exchange.After(4.9);
        client.At(11).Heartbeat().ExpectNothing();
        client.PossDup(2).Heartbeat().ExpectNothing();
        exchange.After(4.9);
        client.At(12).Heartbeat().ExpectNothing();
        exchange.After(0.1);
        client.At(13).Heartbeat().Expect("ResendRequest 34=3 3-9");
    }

    [Fact]
    public void A_gap_that_was_filled_lets_the_next_gap_be_asked_for_at_once_2B()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(3).Heartbeat().Expect("ResendRequest 34=2 2-0");
        client.At(2).GapFill(3).ExpectNothing();
        client.At(9).Heartbeat().Expect("ResendRequest 34=3 4-0");
    }

    [Fact]
    public void What_is_missing_behind_the_messages_held_is_asked_for_up_to_the_next_one_held_2B()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(4).Heartbeat().Expect("ResendRequest 34=2 2-0");
        client.At(7).TestRequest("seven").ExpectNothing();
        client.PossDup(2).GapFill(4).Expect("ResendRequest 34=3 5-6");
        client.PossDup(5).Heartbeat().ExpectNothing();
        client.PossDup(6).Heartbeat().Expect("Heartbeat 34=4 112=seven");
    }

    [Fact]
    public void A_number_too_low_without_PossDup_ends_the_session_with_both_numbers_2C()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(1).Heartbeat().Expect("Logout 34=2 58=MsgSeqNumTooLow(1,2)", "CloseConnection MsgSeqNumTooLow connection=1");

        // Nothing more is consumed from that connection, whatever it still sends.
        client.At(2).Buy("o1").ExpectNothing();
        client.At(2).Logout().ExpectNothing();
        exchange.Client(connection: 2).At(2).Logon().Expect("Logon 34=3 108=30");
    }

    [Fact]
    public void A_Logout_with_a_number_too_low_is_confirmed_like_any_other_and_one_that_is_resent_is_not()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.TestRequest("a");
        client.PossDup(2).Logout().ExpectNothing();
        client.At(1).Logout().Expect("Logout 34=3 58=LogoutConfirmed", "CloseConnection LogoutConfirmed connection=1");
        exchange.Client(connection: 2).At(3).Logon().Expect("Logon 34=4 108=30");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_number_of_zero_is_too_low_like_any_other_2C(long number)
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(number).TestRequest("x").Expect($"Logout 34=2 58=MsgSeqNumTooLow({number},2)", "CloseConnection MsgSeqNumTooLow connection=1");
    }

    [Fact]
    public void A_PossDup_that_was_already_processed_is_ignored_2E()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.Buy("o1");
        client.PossDup(2).Buy("o1").ExpectNothing();
        client.PossDup(1).Logon().ExpectNothing();
        client.TestRequest("on we go").Expect("Heartbeat 34=3 112=on we go");
    }

    [Fact]
    public void A_PossDup_that_is_the_next_message_is_processed_as_new_2E()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.PossDup(2).Buy("o1").Expect("ExecutionReport 34=2 11=o1 150=0 39=0");
        client.At(3).TestRequest("on we go").Expect("Heartbeat 34=3 112=on we go");
    }

    [Fact]
    public void A_PossDup_with_OrigSendingTime_equal_to_SendingTime_is_sound_2F()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.PossDup(1, exchange.NowNs).Heartbeat().ExpectNothing();
        client.PossDup(2, exchange.NowNs).TestRequest("x").Expect("Heartbeat 34=2 112=x");
    }

    [Fact]
    public void A_PossDup_with_OrigSendingTime_after_SendingTime_is_rejected_2F()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.PossDup(1, exchange.NowNs + 1).Heartbeat().Expect("Reject 34=2 45=1 372=0 373=10 58=OrigSendingTimeAfterSendingTime");

        // As the next message it is rejected too, and its number is used up.
        client.PossDup(2, exchange.NowNs + 1).Buy("o1").Expect("Reject 34=3 45=2 372=D 373=10 58=OrigSendingTimeAfterSendingTime");
        client.At(3).TestRequest("x").Expect("Heartbeat 34=4 112=x");
    }

    [Fact]
    public void A_PossDup_without_OrigSendingTime_is_rejected_2G()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.PossDup(1, origSendingTimeNs: null).Heartbeat().Expect("Reject 34=2 45=1 372=0 371=122 373=1 58=OrigSendingTimeMissing");
        client.PossDup(2, origSendingTimeNs: null).Buy("o1").Expect("Reject 34=3 45=2 372=D 371=122 373=1 58=OrigSendingTimeMissing");
        client.At(3).TestRequest("x").Expect("Heartbeat 34=4 112=x");
    }

    [Fact]
    public void A_gap_fill_marked_PossDup_needs_no_OrigSendingTime()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.PossDup(2, origSendingTimeNs: null).GapFill(5).ExpectNothing();
        client.PossDup(2, origSendingTimeNs: null).GapFill(5).ExpectNothing();
        client.At(5).TestRequest("x").Expect("Heartbeat 34=2 112=x");
    }

    [Fact]
    public void The_clients_ResendRequest_behind_a_gap_is_answered_before_ours_20()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.TestRequest("a");
        client.At(5).ResendRequest(1, 0).Expect("ResendRange 1-2", "ResendRequest 34=3 3-0");

        // Ours is outstanding now; theirs is still answered.
        client.At(6).ResendRequest(2, 2).Expect("ResendRange 2-2");
    }

    [Fact]
    public void A_bad_ResendRequest_behind_a_gap_is_a_gap_and_is_not_rejected_20()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(5).ResendRequest(100, 0).Expect("ResendRequest 34=2 2-0");
    }

    [Fact]
    public void Order_messages_behind_a_gap_never_reach_the_book()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(3).Buy("o1").Expect("ResendRequest 34=2 2-0");
        Assert.Equal(0, exchange.Core.OpenOrderCount);
    }

    [Fact]
    public void Numbers_near_the_end_of_64_bits_are_only_a_gap()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(long.MaxValue - 1).Heartbeat().Expect("ResendRequest 34=2 2-0");
        client.At(2).TestRequest("x").Expect("Heartbeat 34=3 112=x");
    }

    [Theory]
    [InlineData(GatewayVerdict.SessionReject)]
    [InlineData(GatewayVerdict.CompIdProblem)]
    [InlineData(GatewayVerdict.SendingTimeAccuracy)]
    public void An_invalid_message_behind_a_gap_is_a_gap(GatewayVerdict verdict)
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(3).Invalid(verdict).Expect("ResendRequest 34=2 2-0");
    }

    private static CoreHarness LoggedOn(out ClientHarness client)
    {
        CoreHarness exchange = CoreHarness.Open();
        client = exchange.Client();
        client.Logon();
        return exchange;
    }
}
