using Exchange.Protocol.Commands;

namespace Exchange.Core.Tests.Sessions;

/// <summary>Logon (A): situations 1S and 2, and the venue's own rules about who may log on with which numbers.</summary>
public sealed class LogonTests
{
    [Fact]
    public void A_valid_Logon_is_answered_with_a_Logon_that_echoes_HeartBtInt_1S()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client().Logon(heartBtInt: 17).Expect("Logon 34=1 108=17");
        Assert.Equal(1, exchange.LastHeader(0).ConnectionId);
        Assert.Equal(1, exchange.LastHeader(0).GatewayId);
        Assert.Equal(100, exchange.LastHeader(0).GatewayIncarnation);
        Assert.Equal(exchange.NowNs, exchange.LastHeader(0).SendingTimeNs);
        Assert.Equal(1, exchange.Core.LoggedOnCount);
    }

    [Fact]
    public void Each_session_counts_its_own_numbers()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness first = exchange.Client(session: 0, connection: 1);
        ClientHarness second = exchange.Client(session: 1, connection: 2);
        first.Logon().Expect("Logon 34=1 108=30");
        first.TestRequest("a").Expect("Heartbeat 34=2 112=a");
        second.Logon().Expect("Logon 34=1 108=30 session=1");
    }

    [Fact]
    public void A_Logon_with_a_number_too_high_is_accepted_first_and_then_asked_for_what_is_missing_1S()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client().At(5).Logon().Expect("Logon 34=1 108=30", "ResendRequest 34=2 1-0");
    }

    [Fact]
    public void A_Logon_with_a_number_too_low_is_told_both_numbers_and_closed_2C()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Logout();
        exchange.Client(connection: 2).At(2).Logon().Expect("Logout 34=3 58=MsgSeqNumTooLow(2,3)", "CloseConnection MsgSeqNumTooLow connection=2");
        Assert.Equal(0, exchange.Core.LoggedOnCount);
        exchange.Client(connection: 3).At(3).Logon().Expect("Logon 34=4 108=30");
    }

    [Fact]
    public void A_Logon_that_is_itself_a_PossDup_of_an_old_one_is_closed_without_an_answer()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client().Logon();
        exchange.Client().ConnectionLost();
        exchange.Client(connection: 2).PossDup(1).Logon().Expect("CloseConnection MsgSeqNumTooLow connection=2");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(61, 60)]
    [InlineData(int.MaxValue, 60)]
    public void HeartBtInt_outside_the_limits_is_refused_with_the_limit_that_it_breaks(int heartBtInt, int limit)
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client().Logon(heartBtInt)
            .Expect($"Logout 34=1 58=HeartBtIntOutOfRange({heartBtInt},{limit})", "CloseConnection HeartBtIntOutOfRange connection=1");

        // The refused Logon has used its number.
        exchange.Client(connection: 2).At(2).Logon().Expect("Logon 34=2 108=30");
    }

    [Fact]
    public void A_disabled_participant_is_told_so_after_its_password_was_right()
    {
        using CoreHarness exchange = CoreHarness.Open(flags: ParticipantFlags.Disabled);
        exchange.Client().Logon().Expect("Logout 34=1 58=ParticipantDisabled", "CloseConnection ParticipantDisabled connection=1");
    }

    [Fact]
    public void Disabling_a_participant_logs_it_out_at_once()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client().Logon();
        exchange.Define(CoreHarness.Participant("HFT1", ParticipantFlags.Disabled))
            .Expect("Participant HFT1", "Logout 34=2 58=ParticipantDisabled", "CloseConnection ParticipantDisabled connection=1");
        Assert.Equal(2, exchange.Core.SessionCount);
    }

    [Fact]
    public void The_second_connection_of_a_live_session_is_closed_silently_and_the_first_is_probed_once()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness first = exchange.Client(connection: 1);
        first.Logon();
        exchange.Client(connection: 2).Logon().Expect("CloseConnection DuplicateLogon connection=2", "TestRequest 34=2 112=ours probe");
        string testReqId = exchange.OurTestReqId();
        exchange.Client(connection: 3).Logon().Expect("CloseConnection DuplicateLogon connection=3");

        // The first lives, so the next attempt is worth another probe.
        first.Heartbeat(testReqId).ExpectNothing();
        exchange.Client(connection: 4).Logon().Expect("CloseConnection DuplicateLogon connection=4", "TestRequest 34=3 112=ours probe");
        first.TestRequest("still here").Expect("Heartbeat 34=4 112=still here");
    }

    [Fact]
    public void When_the_probe_finds_the_first_connection_dead_the_next_attempt_takes_its_place()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client(connection: 1).Logon();
        exchange.Client(connection: 2).At(2).Logon();
        exchange.Client(connection: 1).ConnectionLost().ExpectNothing();
        exchange.Client(connection: 3).At(2).Logon().Expect("Logon 34=3 108=30");
    }

    [Fact]
    public void A_second_Logon_over_the_same_connection_ends_the_session()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Logon().Expect("Logout 34=2 58=LogonInSession", "CloseConnection LogonInSession connection=1");
    }

    [Fact]
    public void A_Logon_that_is_resent_as_PossDup_fills_its_number_and_does_nothing_else()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.At(2).Logon().Expect("Logon 34=1 108=30", "ResendRequest 34=2 1-0");
        client.PossDup(1).TestRequest("old").Expect("Heartbeat 34=3 112=old");
        client.PossDup(2).Logon().ExpectNothing();
        client.At(3).TestRequest("new").Expect("Heartbeat 34=4 112=new");
    }

    [Fact]
    public void A_stale_Logon_of_an_older_connection_is_closed_and_does_not_bind()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client(connection: 2);
        client.Logon();
        client.Logout();
        exchange.Client(connection: 2).At(3).Logon().Expect("CloseConnection DuplicateLogon connection=2");
        exchange.Client(connection: 1).At(3).Logon().Expect("CloseConnection DuplicateLogon connection=1");
        Assert.Equal(0, exchange.Core.LoggedOnCount);
    }

    [Fact]
    public void NextExpectedMsgSeqNum_is_answered_with_ours()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client().Logon(nextExpected: 1).Expect("Logon 34=1 108=30 789=2");
    }

    [Fact]
    public void NextExpectedMsgSeqNum_below_our_number_resends_without_being_asked_and_covers_our_Logon()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.TestRequest("lost");
        client.ConnectionLost();
        exchange.Client(connection: 2).At(3).Logon(nextExpected: 2).Expect("Logon 34=3 108=30 789=4", "ResendRange 2-3");
    }

    [Fact]
    public void NextExpectedMsgSeqNum_replaces_the_ResendRequest_for_the_gap_of_the_Logon()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.At(4).Logon(nextExpected: 1).Expect("Logon 34=1 108=30 789=1");

        // Our 789 tells the client what to resend; only when nothing comes for a while do we ask.
        client.At(5).TestRequest("early").ExpectNothing();
        client.PossDup(1).TestRequest("one").Expect("Heartbeat 34=2 112=one");
        exchange.After(5);
        client.At(6).TestRequest("late").Expect("ResendRequest 34=3 2-3");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(long.MinValue)]
    public void NextExpectedMsgSeqNum_that_is_no_number_of_ours_is_refused(long nextExpected)
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client().Logon(nextExpected: nextExpected).Expect($"Logout 34=1 58=SeqNumOutOfRange({nextExpected},1)", "CloseConnection SeqNumOutOfRange connection=1");
    }

    [Fact]
    public void NextExpectedMsgSeqNum_beyond_what_was_sent_is_refused()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client().Logon(nextExpected: 2).Expect("Logout 34=1 58=NextExpectedTooHigh(2,1)", "CloseConnection NextExpectedTooHigh connection=1");
        exchange.Client(connection: 2).At(2).Logon(nextExpected: 0).Expect("Logout 34=2 58=SeqNumOutOfRange(0,1)", "CloseConnection SeqNumOutOfRange connection=2");
    }

    [Fact]
    public void An_invalid_Logon_is_closed_and_moves_no_number_because_nobody_was_authenticated()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client().Invalid(GatewayVerdict.SessionReject, reason: 1, tag: 108, msgType: "A").Expect("CloseConnection InvalidMessage connection=1");
        exchange.Client(connection: 2).Logon().Expect("Logon 34=1 108=30");
    }
}
