using System.Net;
using Exchange.Protocol.Commands;
using static Exchange.Gateway.Tests.Scenarios.GatewayFixture;

namespace Exchange.Gateway.Tests.Scenarios;

/// <summary>Members and gateways that come and go.</summary>
public class LifecycleScenarios
{
    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void Before_the_member_is_there_connections_are_closed_at_once(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver, startMember: false);
        using (FixTestClient early = fixture.Connect())
        {
            Assert.Equal(0, early.ReceiveToEnd());
        }

        Assert.False(fixture.Gateway.IsReady);
        fixture.StartMember();
        WaitUntil(() => fixture.Gateway.IsReady, "the gateway did not get ready");
        using FixTestClient client = fixture.LogOn("HFT1");
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void When_the_member_dies_all_clients_are_dropped_and_the_next_member_gets_a_new_incarnation(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver);
        long before;
        using (FixTestClient first = fixture.LogOn("HFT1"))
        using (FixTestClient second = fixture.LogOn("HFT2"))
        {
            before = fixture.Member.Of<GatewayCommand>(CommandType.GatewayHello).Single().Header.GatewayIncarnation;
            fixture.StopMember();
            first.ReceiveToEnd();
            second.ReceiveToEnd();
        }

        WaitUntil(() => !fixture.Gateway.IsReady && fixture.Gateway.Counters.ConnectionsOpen == 0, "clients were not dropped");
        Assert.True(fixture.Log.Contains("lost the member"));
        using (FixTestClient between = fixture.Connect())
        {
            Assert.Equal(0, between.ReceiveToEnd());
        }

        fixture.StartMember();
        WaitUntil(() => fixture.Gateway.IsReady, "the gateway did not attach again");
        using FixTestClient client = fixture.LogOn("HFT1");
        LogonCommand logon = Assert.Single(fixture.Member.Of<LogonCommand>(CommandType.Logon));
        Assert.True(logon.Header.Command.GatewayIncarnation > before);
        Assert.Equal(1, logon.Header.Command.ConnectionId);
        Assert.Equal(2, fixture.Gateway.Counters.Attachments);
        Assert.Empty(fixture.Member.Of<ConnectionCommand>(CommandType.ConnectionLost));
    }

    [Fact]
    public void A_member_that_is_replaced_again_and_again_is_found_again_each_time()
    {
        using GatewayFixture fixture = new(GatewayIoDriver.Pipelines);
        for (int i = 0; i < 5; i++)
        {
            using FixTestClient client = fixture.LogOn("HFT1");
            fixture.StopMember();
            fixture.StartMember();
            client.ReceiveToEnd();
            int attachments = i + 2;
            WaitUntil(() => fixture.Gateway.IsReady && fixture.Gateway.Counters.Attachments == attachments, "the gateway did not attach again");
        }
    }

    [Fact]
    public void A_port_in_use_is_said_in_one_line()
    {
        using GatewayFixture fixture = new(GatewayIoDriver.Polled, startMember: false);
        IPEndPoint taken = fixture.Gateway.FixEndPoint;

        GatewayListenException e = Assert.Throws<GatewayListenException>(
            () => new GatewayAgent(new GatewayOptions { AeronDirectory = "-", ListenEndPoint = taken }));
        Assert.Equal($"{taken} is in use: stop the process that listens there or choose another port", e.Message);
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void A_gateway_that_stops_closes_its_clients_and_its_port_can_be_used_again_at_once(GatewayIoDriver driver)
    {
        IPEndPoint endPoint;
        FixTestClient client;
        using (GatewayFixture fixture = new(driver))
        {
            endPoint = fixture.Gateway.FixEndPoint;
            client = fixture.LogOn("HFT1");
        }

        client.ReceiveToEnd();
        client.Dispose();
        using GatewayFixture next = new(driver, o => o with { ListenEndPoint = endPoint });
        using FixTestClient again = next.LogOn("HFT1");
    }
}
