using Exchange.Protocol.Events;

namespace Exchange.Core.Tests.Sessions;

/// <summary>
/// What reaches the log late, from a connection, gateway life or term that is over, is discarded; and whoever was logged on then comes
/// back with continuing numbers.
/// </summary>
public sealed class FenceTests
{
    [Fact]
    public void Messages_before_the_Logon_and_after_the_Logout_are_discarded()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.At(1).Buy("o1").ExpectNothing();
        client.At(1).Heartbeat().ExpectNothing();
        client.At(1).ResendRequest(1, 0).ExpectNothing();
        client.HeartbeatDue().ExpectNothing();
        client.ConnectionLost().ExpectNothing();
        client.Logon().Expect("Logon 34=1 108=30");
        client.Logout();
        client.Buy("o2").ExpectNothing();
        Assert.Equal(6, exchange.Core.DiscardedCount);
        Assert.Equal(0, exchange.Core.OpenOrderCount);
    }

    [Fact]
    public void A_command_of_another_connection_is_discarded()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client(connection: 2).Logon();
        ClientHarness other = exchange.Client(connection: 1);
        other.At(2).Buy("o1").ExpectNothing();
        other.ConnectionLost().ExpectNothing();
        other.LogoutDue(Exchange.Protocol.ReasonCode.PeerSilent).ExpectNothing();
        Assert.Equal(1, exchange.Core.LoggedOnCount);
    }

    [Fact]
    public void A_command_of_another_term_gateway_or_life_is_discarded_even_when_the_rest_matches()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        ClientHarness other = client.At(2);
        other.Term = 0;
        other.At(2).Buy("o1").ExpectNothing();
        other.ConnectionLost().ExpectNothing();
        other.Term = 2;
        other.At(2).Buy("o2").ExpectNothing();
        other.Term = 1;
        other.Incarnation = 99;
        other.At(2).Buy("o3").ExpectNothing();
        other.Incarnation = 100;
        other.Gateway = 2;
        other.At(2).Buy("o4").ExpectNothing();
        Assert.Equal(5, exchange.Core.DiscardedCount);
        client.TestRequest("x").Expect("Heartbeat 34=2 112=x");
    }

    [Fact]
    public void A_connection_numbered_zero_matches_no_unbound_session()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness nobody = exchange.Client(connection: 0);
        nobody.Gateway = 0;
        nobody.Incarnation = 0;
        nobody.Buy("o1").ExpectNothing();
        nobody.At(1).Logon().ExpectNothing();
        Assert.Equal(2, exchange.Core.DiscardedCount);
    }

    [Fact]
    public void A_session_that_does_not_exist_is_discarded()
    {
        using CoreHarness exchange = CoreHarness.Open(participants: 1);
        exchange.Client(session: 1).Logon().ExpectNothing();
        exchange.Client(session: 1).Heartbeat().ExpectNothing();
        exchange.Client(session: -1).Heartbeat().ExpectNothing();
    }

    [Fact]
    public void A_new_life_of_the_gateway_unbinds_the_sessions_of_the_old_one_and_silences_it()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        exchange.Attach(gateway: 1, incarnation: 101);
        Assert.Equal(0, exchange.Core.LoggedOnCount);
        client.Buy("o1").ExpectNothing();
        exchange.Client(connection: 2).At(2).Logon().ExpectNothing();

        ClientHarness back = exchange.Client(connection: 1).At(2);
        back.Incarnation = 101;
        back.Logon().Expect("Logon 34=2 108=30");

        // The old life's end is logged late; it touches nothing of the new one.
        exchange.Lose(gateway: 1, incarnation: 100).ExpectNothing();
        Assert.Equal(1, exchange.Core.LoggedOnCount);
        back.TestRequest("x").Expect("Heartbeat 34=3 112=x");
        ClientHarness second = exchange.Client(session: 1, connection: 2);
        second.Incarnation = 101;
        second.Logon().Expect("Logon 34=1 108=30 session=1");
    }

    [Fact]
    public void A_lost_gateway_unbinds_its_sessions_and_no_others()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Attach(gateway: 2, incarnation: 200);
        exchange.Client(session: 0).Logon();
        ClientHarness second = exchange.Client(session: 1);
        second.Gateway = 2;
        second.Incarnation = 200;
        second.Logon();
        Assert.Equal(2, exchange.Core.LoggedOnCount);
        exchange.Lose(gateway: 1, incarnation: 100).ExpectNothing();
        Assert.Equal(1, exchange.Core.LoggedOnCount);
        second.TestRequest("x").Expect("Heartbeat 34=2 112=x session=1");
        exchange.Client(session: 0, connection: 2).At(2).Logon().ExpectNothing();
    }

    [Fact]
    public void After_a_restart_both_numbers_continue_and_the_old_term_is_mute()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Buy("o1").Expect("ExecutionReport 34=2 11=o1 150=0 39=0");

        exchange.StartTerm(2).ExpectNothing();
        Assert.Equal(0, exchange.Core.LoggedOnCount);
        client.Buy("late").ExpectNothing();
        exchange.Client(connection: 2).At(3).Logon().ExpectNothing();

        exchange.Attach(gateway: 1, incarnation: 101);
        ClientHarness old = exchange.Client(connection: 3).At(3);
        old.Incarnation = 101;
        old.Term = 1;
        old.Logon().ExpectNothing();

        ClientHarness back = exchange.Client(connection: 1).At(3);
        back.Incarnation = 101;
        back.Logon(nextExpected: 2).Expect("Logon 34=3 108=30 789=4", "ResendRange 2-3");
        back.Cancel("c1", "o1").Expect("ExecutionReport 34=4 11=c1 150=4 39=4 UserRequested");
        Assert.Equal(0, exchange.Core.OpenOrderCount);
    }

    [Fact]
    public void An_attached_gateway_is_sent_all_reference_data_and_then_its_term()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.StartTerm(7).Attach(gateway: 3, incarnation: 300).Expect(
            "Participant HFT1", "Participant HFT2 session=1", "Instrument AAPL", "Instrument MSFT", "GatewayReady term=7");
        for (int i = 0; i < 5; i++)
        {
            EventHeader header = exchange.LastHeader(i);
            Assert.Equal(3, header.GatewayId);
            Assert.Equal(300, header.GatewayIncarnation);
            Assert.Equal(0, header.ConnectionId);
        }

        Assert.Equal(1, exchange.LastEvent<InstrumentEvent>(3).InstrumentId);
    }

    [Fact]
    public void Later_definitions_reach_every_attached_gateway()
    {
        using CoreHarness exchange = CoreHarness.Open(participants: 1);
        exchange.Attach(gateway: 2, incarnation: 200);
        exchange.Define("IBM").Expect("Instrument IBM", "Instrument IBM");
        Assert.Equal([1, 2], [exchange.LastHeader(0).GatewayId, exchange.LastHeader(1).GatewayId]);
        exchange.Define(CoreHarness.Participant("HFT2")).Expect("Participant HFT2 session=1", "Participant HFT2 session=1");
        exchange.Lose(gateway: 2, incarnation: 200);
        exchange.Define(CoreHarness.Participant("HFT2")).Expect("Participant HFT2 session=1");
        Assert.Equal(2, exchange.Core.SessionCount);
    }

    [Fact]
    public void A_definition_that_makes_no_sense_changes_nothing_and_is_counted()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Define(CoreHarness.Participant("HFT9") with { HeartBtIntMaxSec = 0 }).ExpectNothing();
        exchange.Define(CoreHarness.Participant("HFT9") with { TimestampDecimals = 4 }).ExpectNothing();
        exchange.Define(CoreHarness.Participant("")).ExpectNothing();
        exchange.DefineVenue(-1).ExpectNothing();
        exchange.DefineVenue(86_400 * CoreHarness.SecondNs).ExpectNothing();
        Assert.Equal(5, exchange.Core.RefusedDefinitionCount);
        Assert.Equal(2, exchange.Core.SessionCount);
        Assert.Equal(long.MaxValue, exchange.Core.NextDeadlineNs);
    }
}
