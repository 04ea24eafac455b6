using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Core.Tests.Sessions;

/// <summary>Heartbeat, TestRequest, ResendRequest, SequenceReset, Reject, Logout, and the gateway's verdicts.</summary>
public sealed class SessionMessageTests
{
    [Fact]
    public void A_heartbeat_that_is_due_is_sent_4A()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.HeartbeatDue().Expect("Heartbeat 34=2");
    }

    [Fact]
    public void A_TestRequest_is_answered_with_its_TestReqID_5()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.TestRequest("12:00:00").Expect("Heartbeat 34=2 112=12:00:00");
    }

    [Fact]
    public void Silence_is_probed_with_a_TestRequest_whose_id_never_comes_twice_6()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.TestRequestDue().Expect("TestRequest 34=2 112=ours");
        string first = exchange.OurTestReqId();
        Assert.StartsWith("TEST-", first, StringComparison.Ordinal);
        client.TestRequestDue().Expect("TestRequest 34=3 112=ours");
        Assert.NotEqual(first, exchange.OurTestReqId());
    }

    [Fact]
    public void Lasting_silence_ends_the_session_4B()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.LogoutDue(ReasonCode.PeerSilent).Expect("Logout 34=2 58=PeerSilent", "CloseConnection PeerSilent connection=1");
        client.ConnectionLost().ExpectNothing();
    }

    [Fact]
    public void A_ResendRequest_is_answered_with_the_range_from_the_history_8()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.TestRequest("a");
        client.TestRequest("b");
        client.ResendRequest(2, 0).Expect("ResendRange 2-3");
        client.ResendRequest(1, 2).Expect("ResendRange 1-2");
        client.ResendRequest(3, 999_999).Expect("ResendRange 3-3");
        client.TestRequest("c").Expect("Heartbeat 34=4 112=c");
    }

    [Theory]
    [InlineData(3, 0, 7, "ResendBeyondSent(3,2)")]
    [InlineData(0, 0, 7, "SeqNumOutOfRange(0,1)")]
    [InlineData(-1, 5, 7, "SeqNumOutOfRange(-1,1)")]
    [InlineData(2, 1, 16, "ResendRangeInverted(1,2)")]
    [InlineData(1, -1, 16, "ResendRangeInverted(-1,1)")]
    [InlineData(long.MaxValue, long.MaxValue, 7, "ResendBeyondSent(9223372036854775807,2)")]
    public void A_ResendRequest_for_what_does_not_exist_is_rejected_with_the_tag_and_both_numbers(long begin, long end, int tag, string reason)
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.TestRequest("a");
        client.ResendRequest(begin, end).Expect($"Reject 34=3 45=3 372=2 371={tag} 373=5 58={reason}");
        client.TestRequest("b").Expect("Heartbeat 34=4 112=b");
    }

    [Fact]
    public void The_same_range_is_answered_eight_times_in_ten_seconds_and_no_more()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        for (int i = 0; i < 8; i++)
        {
            client.ResendRequest(1, 0).Expect("ResendRange 1-1");
        }

        client.ResendRequest(1, 0).Expect("Reject 34=2 45=10 372=2 373=99 58=ResendLimit(1,8)");
        client.ResendRequest(2, 0).Expect("ResendRange 2-2");
        exchange.After(10);
        client.ResendRequest(1, 0).Expect("ResendRange 1-2");
    }

    [Fact]
    public void A_gap_fill_moves_the_expected_number_10A()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.GapFill(7).ExpectNothing();
        client.At(7).TestRequest("x").Expect("Heartbeat 34=2 112=x");
    }

    [Fact]
    public void A_gap_fill_with_a_number_too_high_is_a_gap_10B()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(4).GapFill(9).Expect("ResendRequest 34=2 2-0");
    }

    [Fact]
    public void A_gap_fill_with_a_number_too_low_ends_the_session_10D()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(1).GapFill(9).Expect("Logout 34=2 58=MsgSeqNumTooLow(1,2)", "CloseConnection MsgSeqNumTooLow connection=1");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(-4)]
    public void A_gap_fill_that_does_not_go_forward_is_rejected_and_uses_its_own_number_10E(long newSeqNo)
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.GapFill(newSeqNo).Expect($"Reject 34=2 45=2 372=4 373=5 58=SequenceResetLowers({newSeqNo},3)");
        client.At(3).TestRequest("x").Expect("Heartbeat 34=3 112=x");
    }

    [Fact]
    public void A_reset_adopts_a_higher_number_whatever_its_own_number_is_11A()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(1).SequenceReset(20).ExpectNothing();
        client.At(20).TestRequest("x").Expect("Heartbeat 34=2 112=x");
        client.At(4_000).SequenceReset(30).ExpectNothing();
        client.At(30).TestRequest("y").Expect("Heartbeat 34=3 112=y");
    }

    [Fact]
    public void A_reset_to_the_expected_number_changes_nothing_11B()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(9).SequenceReset(2).ExpectNothing();
        client.At(2).TestRequest("x").Expect("Heartbeat 34=2 112=x");
    }

    [Fact]
    public void A_reset_to_a_lower_number_is_rejected_and_changes_nothing_11C()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(9).SequenceReset(1).Expect("Reject 34=2 45=9 372=4 373=5 58=SequenceResetLowers(1,2)");
        client.At(2).TestRequest("x").Expect("Heartbeat 34=3 112=x");
    }

    [Fact]
    public void A_reset_to_a_number_that_leaves_no_room_to_count_is_rejected()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.SequenceReset(long.MaxValue).Expect("Reject 34=2 45=2 372=4 373=5 58=SeqNumOutOfRange(9223372036854775807,1152921504606846976)");
        client.At(2).TestRequest("x").Expect("Heartbeat 34=3 112=x");
    }

    [Fact]
    public void A_reset_ends_the_gap_that_it_passes_11A()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(6).Heartbeat().Expect("ResendRequest 34=2 2-0");
        client.SequenceReset(7).ExpectNothing();
        client.At(9).Heartbeat().Expect("ResendRequest 34=3 7-0");
    }

    [Fact]
    public void A_Reject_of_the_client_is_taken_note_of_7()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.ClientReject().ExpectNothing();
        client.TestRequest("x").Expect("Heartbeat 34=2 112=x");
    }

    [Fact]
    public void A_Logout_is_answered_and_the_connection_closed_13()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.Logout().Expect("Logout 34=2 58=LogoutConfirmed", "CloseConnection LogoutConfirmed connection=1");
        Assert.Equal(0, exchange.Core.LoggedOnCount);
        client.TestRequest("too late").ExpectNothing();
        exchange.Client(connection: 2).At(3).Logon().Expect("Logon 34=3 108=30");
    }

    [Fact]
    public void A_Logout_behind_a_gap_is_answered_and_the_gap_is_found_at_the_next_Logon_13()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(5).Logout().Expect("Logout 34=2 58=LogoutConfirmed", "CloseConnection LogoutConfirmed connection=1");
        exchange.Client(connection: 2).At(6).Logon().Expect("Logon 34=3 108=30", "ResendRequest 34=4 2-0");
    }

    [Fact]
    public void An_operators_Logout_waits_for_the_answer_while_messages_are_still_processed_12()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.LogoutDue(ReasonCode.Operator).Expect("Logout 34=2 58=Operator");
        client.Buy("o1").Expect("ExecutionReport 34=3 11=o1 150=0 39=0");
        client.Logout().Expect("CloseConnection LogoutConfirmed connection=1");
        Assert.Equal(long.MaxValue, exchange.Core.NextDeadlineNs);
    }

    [Fact]
    public void An_operators_Logout_that_is_not_answered_closes_after_two_seconds_12()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.LogoutDue(ReasonCode.Operator);
        Assert.Equal(exchange.NowNs + (2 * CoreHarness.SecondNs), exchange.Core.NextDeadlineNs);
        exchange.After(2).TimerDue().Expect("CloseConnection PeerSilent connection=1");
        Assert.Equal(long.MaxValue, exchange.Core.NextDeadlineNs);
    }

    [Fact]
    public void A_field_error_is_rejected_with_tag_and_reason_14()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.Invalid(GatewayVerdict.SessionReject, reason: 6, tag: 44).Expect("Reject 34=2 45=2 372=D 371=44 373=6 58=InvalidMessage");
        client.TestRequest("x").Expect("Heartbeat 34=3 112=x");
    }

    [Fact]
    public void An_unsupported_message_type_gets_a_BusinessMessageReject_15()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.Invalid(GatewayVerdict.BusinessReject, reason: 3, msgType: "AE").Expect("BusinessReject 34=2 45=2 372=AE 380=3 58=UnsupportedMessageType");
        client.Invalid(GatewayVerdict.BusinessReject, reason: 5).Expect("BusinessReject 34=3 45=3 372=D 380=5 58=InvalidMessage");
    }

    [Fact]
    public void A_SendingTime_that_is_off_is_rejected_and_ends_the_session_2O()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.Invalid(GatewayVerdict.SendingTimeAccuracy).Expect(
            "Reject 34=2 45=2 372=D 373=10 58=SendingTimeAccuracy", "Logout 34=3 58=None", "CloseConnection SendingTimeAccuracy connection=1");

        // The number of the rejected message is used up.
        exchange.Client(connection: 2).At(3).Logon().Expect("Logon 34=4 108=30");
    }

    [Fact]
    public void A_changed_CompID_is_rejected_and_ends_the_session_2K()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.Invalid(GatewayVerdict.CompIdProblem, tag: 49).Expect(
            "Reject 34=2 45=2 372=D 371=49 373=9 58=CompIdProblem", "Logout 34=3 58=None", "CloseConnection CompIdProblem connection=1");
    }

    [Fact]
    public void A_changed_BeginString_ends_the_session_without_touching_the_number_2I()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(77).Invalid(GatewayVerdict.IncorrectBeginString).Expect("Logout 34=2 58=IncorrectBeginString", "CloseConnection IncorrectBeginString connection=1");
        exchange.Client(connection: 2).At(2).Logon().Expect("Logon 34=3 108=30");
    }

    [Fact]
    public void A_message_without_a_number_ends_the_session_2H()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(-1).Invalid(GatewayVerdict.MsgSeqNumMissing).Expect("Logout 34=2 58=MsgSeqNumMissing", "CloseConnection MsgSeqNumMissing connection=1");
        exchange.Client(connection: 2).At(2).Logon().Expect("Logon 34=3 108=30");
    }

    [Fact]
    public void An_invalid_message_that_comes_again_as_PossDup_is_ignored_like_a_valid_one()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.Invalid(GatewayVerdict.SessionReject, reason: 1, tag: 11);
        ClientHarness resent = client.PossDup(2);
        resent.Invalid(GatewayVerdict.SessionReject, reason: 1, tag: 11);
        exchange.ExpectNothing();
    }

    private static CoreHarness LoggedOn(out ClientHarness client)
    {
        CoreHarness exchange = CoreHarness.Open();
        client = exchange.Client();
        client.Logon();
        return exchange;
    }
}
