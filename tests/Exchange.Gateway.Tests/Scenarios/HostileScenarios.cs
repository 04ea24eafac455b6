using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using static Exchange.Gateway.Tests.Scenarios.GatewayFixture;

namespace Exchange.Gateway.Tests.Scenarios;

/// <summary>What clients that are wrong, slow or hostile experience, and what their neighbours do not notice.</summary>
public class HostileScenarios
{
    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void A_wrong_password_and_an_unknown_name_are_closed_silently_after_the_same_work(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver, iterations: 60_000);
        TimeSpan wrong = TimeSpan.MaxValue;
        TimeSpan unknown = TimeSpan.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            wrong = Min(wrong, TimeToClose(fixture, FixText.Logon("HFT1", password: "not-the-word")));
            unknown = Min(unknown, TimeToClose(fixture, FixText.Logon("NOBODY", password: "not-the-word")));
        }

        // Each is the fastest of several, so a busy machine does not matter much; without the dummy hash the factor would be about twenty.
        Assert.True(unknown > wrong / 3 && wrong > unknown / 3, $"wrong password {wrong}, unknown name {unknown}");
        Assert.Equal(8, fixture.Gateway.Counters.LogonsRefused);
        Assert.Empty(fixture.Member.Of<LogonCommand>(CommandType.Logon));
        Assert.False(fixture.Log.Contains("not-the-word"));
        Assert.True(fixture.Log.Contains("closed: CompIDs, BeginString, Username or password are wrong"));
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void An_address_that_fails_too_often_has_to_wait(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver, o => o with { LogonFailureBurst = 3, LogonFailureRefill = TimeSpan.FromMinutes(10) });
        using FixTestClient neighbour = fixture.LogOn("HFT2");
        for (int i = 0; i < 3; i++)
        {
            TimeToClose(fixture, FixText.Logon("HFT1", password: "guess"));
        }

        using FixTestClient client = fixture.Connect();
        Assert.Equal(0, client.ReceiveToEnd());
        Assert.Equal(1, fixture.Gateway.Counters.LogonsThrottled);
        neighbour.Send(FixText.Order("HFT2", 2, "still-here"));
        Assert.Equal("still-here", FixText.Tag(neighbour.Receive()!, 11));
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void Connections_beyond_the_limit_are_closed_and_their_places_become_free_again(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver, o => o with { ConnectionsMax = 2 });
        using FixTestClient first = fixture.LogOn("HFT1");
        FixTestClient second = fixture.LogOn("HFT2");
        using (FixTestClient third = fixture.Connect())
        {
            Assert.Equal(0, third.ReceiveToEnd());
        }

        Assert.Equal(1, fixture.Gateway.Counters.ConnectionsRefused);
        second.Dispose();
        WaitUntil(() => fixture.Gateway.Counters.ConnectionsOpen == 1, "the place did not become free");
        using FixTestClient next = fixture.LogOn("HFT3");
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void A_slow_consumer_is_dropped_and_its_neighbour_keeps_its_answers(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver, o => o with { OutboundLimitBytes = 128 * 1024 });
        using FixTestClient slow = fixture.LogOn("HFT1", receiveBuffer: 8192);
        using FixTestClient neighbour = fixture.LogOn("HFT2");
        Thread flood = new(() =>
        {
            try
            {
                for (int i = 0; i < 200_000; i++)
                {
                    slow.Send(FixText.Order("HFT1", i + 2, "never-read"));
                }
            }
            catch (SocketException)
            {
                // Dropped, as it should be.
            }
        });
        flood.Start();
        int asked = 0;
        Stopwatch watch = Stopwatch.StartNew();
        while (fixture.Gateway.Counters.ConnectionsDropped == 0 && watch.Elapsed.TotalSeconds < 60)
        {
            neighbour.Send(FixText.Order("HFT2", asked + 2, $"n{asked}"));
            Assert.Equal($"n{asked}", FixText.Tag(neighbour.Receive()!, 11));
            asked++;
        }

        flood.Join();
        WaitUntil(() => fixture.Log.Contains("the client reads too slowly"), "it is not said why");
        WaitUntil(() => fixture.Member.Of<ConnectionCommand>(CommandType.ConnectionLost).Count == 1, "no ConnectionLost");
        ConnectionCommand lost = Assert.Single(fixture.Member.Of<ConnectionCommand>(CommandType.ConnectionLost));
        Assert.Equal(ReasonCode.SlowConsumer, lost.Reason);
        Assert.Equal(0, lost.Header.SessionId);
        neighbour.Send(FixText.Order("HFT2", asked + 2, "after"));
        Assert.Equal("after", FixText.Tag(neighbour.Receive()!, 11));
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void Hostile_bytes_harm_nobody_else(GatewayIoDriver driver)
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        using GatewayFixture fixture = new(driver, o => o with { LogonFailureBurst = 100_000 });
        using FixTestClient neighbour = fixture.LogOn("HFT2");
        for (int round = 0; round < 150; round++)
        {
            using (FixTestClient hostile = fixture.Connect())
            {
                try
                {
                    Attack(hostile, random);
                }
                catch (SocketException)
                {
                    // Closed while it was still sending.
                }
            }

            neighbour.Send(FixText.Order("HFT2", round + 2, $"n{round}"));
            Assert.True($"n{round}" == FixText.Tag(neighbour.Receive()!, 11), $"seed {seed}, round {round}");
        }

        WaitUntil(() => fixture.Gateway.Counters.ConnectionsOpen == 1, $"a hostile connection stayed open, seed {seed}");
        Assert.True(fixture.Gateway.IsReady);
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void A_connection_that_says_nothing_is_closed_after_the_logon_timeout(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver, o => o with { LogonTimeout = TimeSpan.FromMilliseconds(200) });
        using FixTestClient client = fixture.Connect();
        Assert.Equal(0, client.ReceiveToEnd());
        WaitUntil(() => fixture.Log.Contains("no Logon in time"), "no line about it");
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void Idle_connections_of_one_address_do_not_keep_another_address_out(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver, o => o with { ConnectionsMax = 8, ConnectionsBeforeLogonMax = 6, ConnectionsBeforeLogonPerAddressMax = 4, LogonTimeout = TimeSpan.FromMinutes(10) });
        using FixTestClient neighbour = fixture.LogOn("HFT2");
        List<FixTestClient> idle = [.. Enumerable.Range(0, 4).Select(_ => fixture.Connect())];
        WaitUntil(() => fixture.Gateway.Counters.ConnectionsOpen == 5, "not all were accepted");
        for (int i = 0; i < 10; i++)
        {
            using FixTestClient more = fixture.Connect();
            Assert.Equal(0, more.ReceiveToEnd());
        }

        Assert.Equal(10, fixture.Gateway.Counters.ConnectionsRefused);
        using FixTestClient other = new(fixture.Gateway.FixEndPoint, from: IPAddress.Parse("127.0.0.2"));
        other.Send(FixText.Logon("HFT1"));
        Assert.Equal("A", FixText.Tag(other.Receive()!, 35));

        // Who is logged on takes no place from its own address.
        idle[0].Send(FixText.Logon("HFT3"));
        Assert.Equal("A", FixText.Tag(idle[0].Receive()!, 35));
        using FixTestClient next = fixture.Connect();
        WaitUntil(() => fixture.Gateway.Counters.ConnectionsOpen == 7, "its place did not become free");
        idle.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled)]
    [InlineData(GatewayIoDriver.Pipelines)]
    public void Idle_connections_crowd_each_other_out_and_not_the_client_that_logs_on(GatewayIoDriver driver)
    {
        using GatewayFixture fixture = new(driver, o => o with { ConnectionsMax = 16, ConnectionsBeforeLogonMax = 3, LogonTimeout = TimeSpan.FromMinutes(10) });
        List<FixTestClient> idle = [];
        for (int i = 0; i < 5; i++)
        {
            idle.Add(fixture.Connect());
            int accepted = i + 1;
            WaitUntil(() => fixture.Gateway.Counters.ConnectionsAccepted == accepted, "it was not accepted");
        }

        Assert.Equal(0, idle[0].ReceiveToEnd());
        Assert.Equal(0, idle[1].ReceiveToEnd());
        WaitUntil(() => fixture.Log.Contains("too many connections without a Logon"), "it is not said why");
        using FixTestClient client = fixture.LogOn("HFT1");
        Assert.Equal(0, idle[2].ReceiveToEnd());
        WaitUntil(() => fixture.Gateway.Counters.ConnectionsOpen == 3, "the silent ones that came last did not stay");
        Assert.Equal(0, fixture.Gateway.Counters.ConnectionsRefused);
        idle.ForEach(other => other.Dispose());
    }

    [Theory]
    [InlineData(GatewayIoDriver.Polled, "")]
    [InlineData(GatewayIoDriver.Pipelines, "")]
    [InlineData(GatewayIoDriver.Polled, "GET / HTTP/1.1")]
    [InlineData(GatewayIoDriver.Pipelines, "GET / HTTP/1.1")]
    public void An_address_whose_connections_send_no_Logon_has_to_wait_as_after_failed_ones(GatewayIoDriver driver, string first)
    {
        using GatewayFixture fixture = new(
            driver, o => o with { LogonFailureBurst = 3, LogonFailureRefill = TimeSpan.FromMinutes(10), LogonTimeout = TimeSpan.FromMilliseconds(first.Length == 0 ? 200 : 20_000) });
        for (int i = 0; i < 3; i++)
        {
            using FixTestClient idle = fixture.Connect();
            idle.Send(Encoding.ASCII.GetBytes(first));
            Assert.Equal(0, idle.ReceiveToEnd());
        }

        Assert.Equal(0, fixture.Gateway.Counters.LogonsThrottled);
        using FixTestClient client = fixture.Connect();
        Assert.Equal(0, client.ReceiveToEnd());
        Assert.Equal(1, fixture.Gateway.Counters.LogonsThrottled);
    }

    private static void Attack(FixTestClient client, Random random)
    {
        byte[] bytes;
        switch (random.Next(5))
        {
            case 0:
                bytes = new byte[random.Next(1, 100_000)];
                random.NextBytes(bytes);
                client.Send(bytes);
                break;
            case 1:
                bytes = FixText.Logon("HFT1");
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                client.Send(bytes);
                break;
            case 2:
                client.Send("8=FIX.4.4\u00019=999999999\u000135=A\u0001"u8);
                break;
            case 3:
                client.Send(FixText.Logon("HFT1"));
                for (int i = 0; i < 50; i++)
                {
                    bytes = FixText.Order("HFT1", i + 2, "x");
                    for (int mutation = random.Next(4); mutation > 0; mutation--)
                    {
                        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    }

                    client.Send(bytes.AsSpan(0, random.Next(1, bytes.Length + 1)));
                }

                break;
            default:
                // A reset instead of an end, in the middle of a message.
                client.Send(FixText.Logon("HFT1").AsSpan(0, random.Next(1, 60)));
                client.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
                break;
        }
    }

    private static TimeSpan TimeToClose(GatewayFixture fixture, byte[] logon)
    {
        using FixTestClient client = fixture.Connect();
        long start = Stopwatch.GetTimestamp();
        client.Send(logon);
        Assert.Equal(0, client.ReceiveToEnd());
        return Stopwatch.GetElapsedTime(start);
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
