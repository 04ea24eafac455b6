using System.Runtime.InteropServices;
using Exchange.Protocol.Commands;

namespace Exchange.Core.Tests.Sessions;

/// <summary>What a participant's definition allows its session: messages a second, ResendRequests, numbers that restart at each Logon.</summary>
public sealed class SessionLimitTests
{
    [Fact]
    public void A_message_beyond_the_limit_a_second_is_refused_with_the_limit_and_uses_its_number()
    {
        using CoreHarness exchange = Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Invalid(GatewayVerdict.Throttled).Expect("BusinessReject 34=2 45=2 372=D 380=0 58=ThrottleLimit(0,2)");
        client.Buy("B1").Expect("ExecutionReport 34=3 11=B1 150=0 39=0");
    }

    [Fact]
    public void A_throttled_message_behind_a_gap_is_a_gap()
    {
        using CoreHarness exchange = Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.At(5).Invalid(GatewayVerdict.Throttled).Expect("ResendRequest 34=2 2-0");
    }

    [Fact]
    public void Persistent_abuse_of_the_limit_ends_the_session()
    {
        using CoreHarness exchange = Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        for (int i = 0; i < 10; i++)
        {
            client.Invalid(GatewayVerdict.Throttled);
        }

        client.Invalid(GatewayVerdict.Throttled).Expect(
            "BusinessReject 34=12 45=12 372=D 380=0 58=ThrottleLimit(0,2)",
            "Logout 34=13 58=ThrottleAbuse(11,2)",
            "CloseConnection ThrottleAbuse connection=1");
    }

    [Fact]
    public void Going_a_little_over_the_limit_now_and_then_is_no_abuse()
    {
        using CoreHarness exchange = Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        for (int i = 0; i < 100; i++)
        {
            client.Invalid(GatewayVerdict.Throttled);
            exchange.After(1);
            Assert.Single(exchange.LastEvents);
        }

        Assert.Equal(1, exchange.Core.LoggedOnCount);
    }

    [Fact]
    public void ResendRequests_of_any_range_are_limited_within_ten_seconds()
    {
        using CoreHarness exchange = Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.TestRequest("A");
        client.TestRequest("B");
        client.TestRequest("C");
        client.ResendRequest(1, 0).Expect("ResendRange 1-4");
        client.ResendRequest(2, 0).Expect("ResendRange 2-4");
        client.ResendRequest(3, 0).Expect("ResendRange 3-4");
        client.ResendRequest(4, 0).Expect("Reject 34=5 45=8 372=2 373=99 58=ResendRate(4,3)");
        exchange.After(10);
        client.ResendRequest(4, 0).Expect("ResendRange 4-5");
    }

    [Fact]
    public void With_reset_on_logon_both_numbers_start_at_one_at_each_logon_without_141()
    {
        using CoreHarness exchange = CoreHarness.Open(1, ParticipantFlags.ResetOnLogon);
        ClientHarness client = exchange.Client();
        client.Logon().Expect("HistoryReset", "Logon 34=1 108=30");
        client.TestRequest("A");
        client.ConnectionLost();
        exchange.Client(connection: 2).Logon().Expect("HistoryReset", "Logon 34=1 108=30");
    }

    [Fact]
    public void With_reset_on_logon_a_number_above_one_is_asked_for_like_any_gap()
    {
        using CoreHarness exchange = CoreHarness.Open(1, ParticipantFlags.ResetOnLogon);
        exchange.Client().At(5).Logon().Expect("HistoryReset", "Logon 34=1 108=30", "ResendRequest 34=2 1-0");
    }

    [Fact]
    public void With_reset_on_logon_141_is_answered_with_141()
    {
        using CoreHarness exchange = CoreHarness.Open(1, ParticipantFlags.ResetOnLogon);
        exchange.Client().Logon(reset: true).Expect("HistoryReset", "Logon 34=1 108=30 141=Y");
    }

    [Fact]
    public void With_reset_on_logon_open_orders_are_restated_at_each_logon()
    {
        using CoreHarness exchange = CoreHarness.Open(1, ParticipantFlags.ResetOnLogon);
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Buy("B1");
        client.ConnectionLost();
        exchange.Client(connection: 2).Logon().Expect("HistoryReset", "Logon 34=1 108=30", "ExecutionReport 34=2 11=B1 150=D 39=0");
    }

    [Fact]
    public void The_record_that_older_builds_logged_defines_a_participant_without_what_came_later()
    {
        using CoreHarness exchange = CoreHarness.Open(0);
        DefineParticipantCommand definition = CoreHarness.Participant("OLD");
        definition.Header.Type = CommandType.DefineParticipant;
        definition.Header.Layout = CommandHeader.CurrentLayout;
        definition.Header.Length = DefineParticipantCommand.FormerSizeBytes;
        byte[] bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<DefineParticipantCommand>(in definition))[..DefineParticipantCommand.FormerSizeBytes].ToArray();
        exchange.ApplyBytes(bytes).Expect("Participant OLD");
        exchange.Client().Logon().Expect("Logon 34=1 108=30");
    }

    private static CoreHarness Open()
    {
        CoreHarness exchange = CoreHarness.Open(1);
        DefineParticipantCommand definition = CoreHarness.Participant("HFT1");
        definition.MessagesPerSecondMax = 2;
        definition.ResendRequestsMax = 3;
        exchange.Define(definition);
        return exchange;
    }
}
