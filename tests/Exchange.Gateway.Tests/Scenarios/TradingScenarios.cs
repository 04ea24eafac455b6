using Exchange.Protocol.Commands;
using static Exchange.Gateway.Tests.Scenarios.GatewayFixture;

namespace Exchange.Gateway.Tests.Scenarios;

/// <summary>What a well-behaved client experiences, over real sockets, with each transport.</summary>
public class TradingScenarios
{
    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void A_client_logs_on_trades_and_logs_out(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver);
        using FixTestClient client = fixture.LogOn("HFT1");
        client.Send(FixText.Order("HFT1", 2, "order-1"));
        string? report = client.Receive();

        Assert.Equal("8", FixText.Tag(report!, 35));
        Assert.Equal("order-1", FixText.Tag(report!, 11));
        Assert.Equal("AAPL", FixText.Tag(report!, 55));
        Assert.Equal("2", FixText.Tag(report!, 34));

        client.Send(FixText.Message($"35=5|49=HFT1|56=EXCH|34=3|52={FixText.Now}|"));
        Assert.Equal("5", FixText.Tag(client.Receive()!, 35));
        Assert.Null(client.Receive());
        client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Both);
        WaitUntil(() => fixture.Gateway.Counters.ConnectionsOpen == 0, "the connection stayed open");
        WaitUntil(() => fixture.Member.Of<ConnectionCommand>(CommandType.ConnectionLost).Count == 1, "no ConnectionLost");
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void Each_command_carries_the_fence_of_its_connection(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver);
        using FixTestClient first = fixture.LogOn("HFT1");
        using FixTestClient second = fixture.LogOn("HFT2");
        second.Send(FixText.Order("HFT2", 2, "a"));
        second.Receive();

        GatewayCommand hello = Assert.Single(fixture.Member.Of<GatewayCommand>(CommandType.GatewayHello));
        NewOrderCommand order = Assert.Single(fixture.Member.Of<NewOrderCommand>(CommandType.NewOrder));
        CommandHeader header = order.Header.Command;
        Assert.Equal(CommandType.GatewayHello, FakeMember.Header(fixture.Member.Commands[0]).Type);
        Assert.Equal(1001, hello.EgressStreamId);
        Assert.Equal(hello.Header.GatewayIncarnation, header.GatewayIncarnation);
        Assert.Equal(1, header.GatewayId);
        Assert.Equal(1, header.SessionId);
        Assert.Equal(2, header.ConnectionId);
        Assert.Equal(7, header.LeadershipTerm);
        Assert.Equal(NewOrderCommand.SizeBytes, header.Length);
        Assert.True(header.ReceivedNs > 0);
        Assert.Equal(GatewayVerdict.Valid, order.Header.Verdict);
        Assert.Equal(2, order.Header.MsgSeqNum);
        Assert.Equal(187_25000000, order.PriceE8);
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void What_is_wrong_is_forwarded_with_a_verdict_and_what_is_garbled_is_not(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver);
        using FixTestClient client = fixture.LogOn("HFT1");
        client.Send("8=FIX.4.4\u00019=5\u000135=0\u000110=000\u0001"u8);
        client.Send("noise"u8);
        client.Send(FixText.Message($"35=D|49=HFT1|56=EXCH|34=2|52={FixText.Now}|11=x|54=1|60={FixText.Now}|38=1|40=1|"));
        client.Send(FixText.Message($"35=0|49=HFT9|56=EXCH|34=3|52={FixText.Now}|"));
        client.Send(FixText.Message("35=0|49=HFT1|56=EXCH|34=4|52=20200101-00:00:00|"));
        client.Send(FixText.Order("HFT1", 5, "good"));
        client.Receive();

        List<FixCommandHeader> invalid = fixture.Member.Of<FixCommandHeader>(CommandType.InvalidMessage);
        Assert.Equal([GatewayVerdict.SessionReject, GatewayVerdict.CompIdProblem, GatewayVerdict.SendingTimeAccuracy], invalid.Select(h => h.Verdict));
        Assert.Equal([2, 3, 4], invalid.Select(h => h.MsgSeqNum));
        Assert.Equal(55, invalid[0].RefTagId);
        Assert.True(fixture.Gateway.Counters.Garbled > 0);
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void A_client_that_sends_one_byte_at_a_time_is_served_like_any_other(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver);
        using FixTestClient client = fixture.Connect();
        foreach (byte b in FixText.Logon("HFT1").Concat(FixText.Order("HFT1", 2, "slow")).ToArray())
        {
            client.Send([b]);
        }

        Assert.Equal("A", FixText.Tag(client.Receive()!, 35));
        Assert.Equal("slow", FixText.Tag(client.Receive()!, 11));
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void Many_messages_in_one_packet_are_answered_in_order(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver);
        using FixTestClient client = fixture.LogOn("HFT1");
        byte[] packet = [.. Enumerable.Range(0, 2000).SelectMany(i => FixText.Order("HFT1", i + 2, $"o{i}"))];
        client.Send(packet);
        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal($"o{i}", FixText.Tag(client.Receive()!, 11));
        }
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void A_member_that_stalls_loses_nothing_and_delays_only(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver);
        using FixTestClient client = fixture.LogOn("HFT1");
        fixture.Member.IsStalled = true;

        // More than ingress, connection block and socket buffers hold together is sent from another thread, which has to wait.
        const int count = 40_000;
        Thread sender = new(() =>
        {
            for (int i = 0; i < count; i++)
            {
                client.Send(FixText.Order("HFT1", i + 2, $"o{i}"));
            }
        });
        sender.Start();
        WaitUntil(() => fixture.Gateway.Counters.IngressBackPressure > 0, "there was no back pressure");
        fixture.Member.IsStalled = false;
        for (int i = 0; i < count; i++)
        {
            Assert.Equal($"o{i}", FixText.Tag(client.Receive()!, 11));
        }

        sender.Join();
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void Orders_sent_right_before_the_client_closes_are_all_forwarded_before_the_loss_is_told(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver);
        using FixTestClient client = fixture.LogOn("HFT1");
        byte[] packet = [.. Enumerable.Range(0, 500).SelectMany(i => FixText.Order("HFT1", i + 2, $"o{i}"))];
        client.Send(packet);
        client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);

        WaitUntil(() => fixture.Member.Of<ConnectionCommand>(CommandType.ConnectionLost).Count == 1, "no ConnectionLost");
        List<byte[]> commands = fixture.Member.Commands;
        Assert.Equal(500, commands.Count(c => FakeMember.Header(c).Type == CommandType.NewOrder));
        Assert.Equal(CommandType.ConnectionLost, FakeMember.Header(commands[^1]).Type);
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void More_than_a_few_clients_are_all_served(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver);
        List<FixTestClient> clients = [];
        try
        {
            for (int i = 0; i < 40; i++)
            {
                FixTestClient client = fixture.Connect();
                clients.Add(client);
                client.Send(FixText.Logon("FREE1", seqNum: 1));
            }

            foreach (FixTestClient client in clients)
            {
                Assert.Equal("A", FixText.Tag(client.Receive()!, 35));
                client.Send(FixText.Order("FREE1", 2, "x"));
            }

            foreach (FixTestClient client in clients)
            {
                Assert.Equal("8", FixText.Tag(client.Receive()!, 35));
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }
}
