using System.Runtime.InteropServices;
using Exchange.Core.Sessions;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;
using Xunit.Abstractions;

namespace Exchange.Core.Tests.Sessions;

/// <summary>Messages that wait behind a gap: what becomes of them, and how many there may be.</summary>
public sealed class HeldMessagesTests(ITestOutputHelper output)
{
    [Fact]
    public void What_waited_ends_with_the_connection_and_is_asked_for_with_what_is_missing()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(4).Buy("o3").Expect("ResendRequest 34=2 2-0");
        client.At(5).Buy("o4").ExpectNothing();
        client.ConnectionLost();

        ClientHarness again = exchange.Client(connection: 2).At(6);
        again.Logon().Expect("Logon 34=3 108=30", "ResendRequest 34=4 2-0");
        again.PossDup(2).Buy("o1").Expect("ExecutionReport 34=5 11=o1 150=0 39=0");
        again.PossDup(3).Buy("o2").Expect("ExecutionReport 34=6 11=o2 150=0 39=0");
        again.PossDup(4).Buy("o3").Expect("ExecutionReport 34=7 11=o3 150=0 39=0");
        again.PossDup(5).Buy("o4").Expect("ExecutionReport 34=8 11=o4 150=0 39=0");
        again.TestRequest("nothing is missing").Expect("Heartbeat 34=9 112=nothing is missing");
    }

    [Theory]
    [InlineData("connection")]
    [InlineData("gateway")]
    [InlineData("leader")]
    public void A_client_that_is_back_hours_later_and_fills_only_the_gap_has_no_old_order_executed(string lost)
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(3).Buy("hours-old").Expect("ResendRequest 34=2 2-0");
        switch (lost)
        {
            case "connection":
                client.ConnectionLost();
                break;
            case "gateway":
                exchange.Attach(gateway: 1, incarnation: 101);
                break;
            default:
                exchange.StartTerm(2).Attach(gateway: 1, incarnation: 101);
                break;
        }

        Assert.Equal(0, exchange.Core.Sessions[0].Held.Count);
        exchange.After(4 * 3_600).Restore();
        ClientHarness again = exchange.Client(connection: 2).At(4);
        again.Incarnation = lost == "connection" ? again.Incarnation : 101;
        again.Logon().Expect("Logon 34=3 108=30", "ResendRequest 34=4 2-0");
        again.PossDup(2).Buy("o1").Expect("ExecutionReport 34=5 11=o1 150=0 39=0");
        Assert.Equal(1, exchange.Core.OpenOrderCount);

        // Its turn has come, and the client says that it no longer means it.
        again.PossDup(3).GapFill(5).ExpectNothing();
        again.At(5).TestRequest("on we go").Expect("Heartbeat 34=6 112=on we go");
        Assert.Equal(1, exchange.Core.OpenOrderCount);
    }

    [Fact]
    public void What_waited_when_the_leader_died_is_executed_once_when_it_is_sent_again()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(3).Buy("o2").Expect("ResendRequest 34=2 2-0");
        exchange.Restore().StartTerm(2).Attach(gateway: 1, incarnation: 101);

        ClientHarness again = exchange.Client(connection: 1).At(4);
        again.Incarnation = 101;
        again.Logon().Expect("Logon 34=3 108=30", "ResendRequest 34=4 2-0");
        again.PossDup(2).Buy("o1").Expect("ExecutionReport 34=5 11=o1 150=0 39=0");
        again.PossDup(3).Buy("o2").Expect("ExecutionReport 34=6 11=o2 150=0 39=0");
        again.PossDup(3).Buy("o2").ExpectNothing();
        again.TestRequest("x").Expect("Heartbeat 34=7 112=x");
    }

    [Fact]
    public void A_gap_fill_over_what_waits_takes_its_place()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(4).Buy("o3").Expect("ResendRequest 34=2 2-0");
        client.PossDup(2).GapFill(5).ExpectNothing();
        client.At(5).TestRequest("x").Expect("Heartbeat 34=3 112=x");
        Assert.Equal(0, exchange.Core.OpenOrderCount);
        Assert.Equal(0, exchange.Core.Sessions[0].Held.Count);
    }

    [Fact]
    public void What_waited_is_judged_in_its_turn()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(3).TestRequest("three").Expect("ResendRequest 34=2 2-0");
        client.At(4).Invalid(GatewayVerdict.SessionReject, reason: 6, tag: 126).ExpectNothing();
        client.At(5).GapFill(9).ExpectNothing();
        client.PossDup(2).Heartbeat().Expect("Heartbeat 34=3 112=three", "Reject 34=4 45=4 372=D 371=126 373=6 58=InvalidMessage");
        client.At(9).TestRequest("nine").Expect("Heartbeat 34=5 112=nine");
    }

    [Fact]
    public void The_first_of_two_messages_with_one_number_counts()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(4).TestRequest("four").Expect("ResendRequest 34=2 2-0");
        client.At(4).TestRequest("another").ExpectNothing();
        client.At(3).TestRequest("three").ExpectNothing();
        client.At(3).TestRequest("yet another").ExpectNothing();
        client.At(2).Heartbeat().Expect("Heartbeat 34=3 112=three", "Heartbeat 34=4 112=four");
    }

    [Theory]
    [InlineData("logout")]
    [InlineData("our logout")]
    [InlineData("reset by the client")]
    [InlineData("reset by an operator")]
    [InlineData("sequence reset")]
    [InlineData("next expected")]
    [InlineData("lower logon")]
    public void Nothing_waits_any_longer_after(string what)
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(3).Buy("o2").Expect("ResendRequest 34=2 2-0");
        Assert.Equal(1, exchange.Core.Sessions[0].Held.Count);
        switch (what)
        {
            case "logout":
                client.At(4).Logout();
                break;
            case "our logout":
                client.LogoutDue(Protocol.ReasonCode.PeerSilent);
                break;
            case "reset by the client":
                client.At(1).Logon(reset: true);
                break;
            case "reset by an operator":
                exchange.Apply(CommandType.ResetSession, new SessionAdminCommand { Header = new CommandHeader { SessionId = 0 } });
                break;
            case "sequence reset":
                client.At(9).SequenceReset(2);
                break;
            case "next expected":
                client.ConnectionLost();
                exchange.Client(connection: 2).At(4).Logon(nextExpected: exchange.Core.Sessions[0].NextOut);
                break;
            default:
                client.ConnectionLost();
                exchange.Client(connection: 2).At(3).Logon();
                break;
        }

        // A Logon behind a gap leaves its number behind, but no message.
        Assert.Equal(what is "next expected" or "lower logon" ? 1 : 0, exchange.Core.Sessions[0].Held.Count);
        ClientHarness later = exchange.Client(connection: 3).At(1);
        later.Logon(reset: true);
        Assert.Equal(0, exchange.Core.OpenOrderCount);
    }

    [Fact]
    public void Orders_that_wait_do_not_outlive_the_day_or_the_connection()
    {
        using CoreHarness exchange = CoreHarness.Open(flags: ParticipantFlags.CancelOnDisconnect, dayEndNs: 17 * 3_600 * CoreHarness.SecondNs);
        ClientHarness gone = exchange.Client();
        gone.Logon();
        gone.At(3).Buy("o2");
        Assert.Equal(1, exchange.Core.Sessions[0].Held.Count);
        gone.ConnectionLost();
        Assert.Equal(0, exchange.Core.Sessions[0].Held.Count);
        ClientHarness there = exchange.Client(session: 1, connection: 2);
        there.Logon();
        there.At(3).Buy("o2");
        exchange.After(11).TimerDue();
        Assert.Equal(1, exchange.Core.Sessions[1].Held.Count);

        // It is asked for again when its turn comes, so that the client decides what becomes of it.
        exchange.After(7 * 3_600).TimerDue();
        Assert.Equal(0, exchange.Core.Sessions[1].Held.Count);
        there.PossDup(2).Heartbeat().Expect("ResendRequest 34=3 3-3 session=1");
    }

    [Fact]
    public void What_finds_no_room_is_dropped_and_asked_for_by_a_bounded_ResendRequest()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(3).TestRequest("3").Expect("ResendRequest 34=2 2-0");
        const int Last = 2 + HeldMessages.PerSessionMax;
        for (int number = 4; number <= Last + 5; number++)
        {
            client.At(number).TestRequest($"{number}").ExpectNothing();
        }

        Assert.Equal(HeldMessages.PerSessionMax, exchange.Core.Sessions[0].Held.Count);
        client.At(2).Heartbeat();
        Assert.Equal(HeldMessages.PerSessionMax + 1, exchange.LastEvents.Count);
        Assert.Equal($"Heartbeat 34={Last} 112={Last}", EventText.Of(exchange.LastEvents[^2]));
        Assert.Equal($"ResendRequest 34={Last + 1} {Last + 1}-{Last + 5}", EventText.Of(exchange.LastEvents[^1]));
        for (int number = Last + 1; number <= Last + 5; number++)
        {
            client.PossDup(number).TestRequest("again").Expect($"Heartbeat 34={number + 1} 112=again");
        }

        client.At(Last + 6).TestRequest("on we go").Expect($"Heartbeat 34={Last + 7} 112=on we go");
    }

    [Fact]
    public void All_sessions_share_one_bounded_pool()
    {
        const int Sessions = (HeldMessages.TotalMax / HeldMessages.PerSessionMax) + 1;
        using CoreHarness exchange = CoreHarness.Open(Sessions);
        ClientHarness[] clients = [.. Enumerable.Range(0, Sessions).Select(id => exchange.Client(id, id + 1))];
        foreach (ClientHarness client in clients)
        {
            client.Logon();
            for (int i = 0; i < HeldMessages.PerSessionMax; i++)
            {
                client.At(3 + i).Heartbeat();
            }
        }

        Assert.Equal(HeldMessages.PerSessionMax, exchange.Core.Sessions[Sessions - 2].Held.Count);
        Assert.Equal(0, exchange.Core.Sessions[Sessions - 1].Held.Count);
        clients[^1].At(2).Heartbeat().Expect($"ResendRequest 34=3 3-{2 + HeldMessages.PerSessionMax} session=64");

        // Places that were given back serve others.
        clients[0].At(2).Heartbeat().ExpectNothing();
        clients[^1].At(9).TestRequest("nine").ExpectNothing();
        Assert.Equal(1, exchange.Core.Sessions[Sessions - 1].Held.Count);
        exchange.Restore();
        clients[^1].PossDup(3).GapFill(9).Expect("Heartbeat 34=4 112=nine session=64");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(0)]
    public void In_whatever_order_messages_come_they_are_applied_once_in_the_order_of_their_numbers(int seed)
    {
        seed = seed == 0 ? Random.Shared.Next() : seed;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        const int Count = 400;
        List<string> applied = [];
        while (exchange.Core.Sessions[0].NextIn < Count + 2)
        {
            // New messages with holes, or again from what is missing on; now and then over another connection, or in another process.
            long next = exchange.Core.Sessions[0].NextIn;
            long number = Math.Min(Count + 1, next + (random.Next(3) == 0 ? 0 : random.Next(40)));
            exchange.After(random.NextDouble());
            ClientHarness sender = random.Next(2) == 0 || number < next ? client.PossDup(number) : client.At(number);
            sender.TestRequest($"{number}");
            Collect(exchange, applied);
            if (random.Next(50) == 0)
            {
                exchange.Restore();
            }

            if (random.Next(50) == 0)
            {
                client.ConnectionLost();
                client = exchange.Client(connection: client.Connection + 1).At(Count + 2);
                client.Logon();
                Collect(exchange, applied);
            }
        }

        Assert.Equal(Enumerable.Range(2, Count).Select(number => $"{number}"), applied);
    }

    [Fact]
    public void Holding_and_applying_what_waited_allocates_nothing()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        for (int round = 0; round < 40; round++)
        {
            long first = exchange.Core.Sessions[0].NextIn;
            for (int i = 20; i >= 0; i--)
            {
                client.At(first + i).Buy($"o{first + i}", timeInForce: Protocol.TimeInForce.ImmediateOrCancel);
            }
        }

        using ExchangeCore core = CoreHarness.NewCore();
        using EventBuffer events = new(1 << 16);
        long allocated = 0;
        for (int i = 0; i < exchange.Log.Count; i++)
        {
            (CommandContext context, byte[] bytes) = exchange.Log[i];
            events.Clear();
            long before = GC.GetAllocatedBytesForCurrentThread();
            core.Apply(in context, bytes, events);
            allocated += i > exchange.Log.Count / 2 ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
        }

        Assert.Equal(0, allocated);
        Assert.Equal(exchange.Core.EventHash, core.EventHash);
    }

    [Fact]
    public void A_snapshot_that_holds_what_could_not_have_waited_is_refused()
    {
        using CoreHarness exchange = LoggedOn(out ClientHarness client);
        client.At(77).TestRequest("x");
        MemoryStream stream = new();
        SnapshotWriter writer = new(stream);
        exchange.Core.TakeSnapshot(writer);
        writer.Complete();
        byte[] bytes = stream.ToArray();
        byte[] held = exchange.Log[^1].Bytes;
        int place = bytes.AsSpan().IndexOf(held);
        Assert.True(place > 0);
        MemoryMarshal.AsRef<FixCommandHeader>(bytes.AsSpan(place)).MsgSeqNum = 78;
        using ExchangeCore other = CoreHarness.NewCore();
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => other.LoadSnapshot(new SnapshotReader(new MemoryStream(bytes))));
        Assert.Contains("session 0 cannot hold message 77 behind 2", refused.Message, StringComparison.Ordinal);
    }

    private static void Collect(CoreHarness exchange, List<string> applied)
    {
        foreach (byte[] bytes in exchange.LastEvents)
        {
            if (MemoryMarshal.AsRef<EventHeader>(bytes.AsSpan()).Type == EventType.Heartbeat)
            {
                applied.Add(MemoryMarshal.AsRef<TestReqEvent>(bytes.AsSpan()).TestReqId.ToString());
            }
        }
    }

    private static CoreHarness LoggedOn(out ClientHarness client)
    {
        CoreHarness exchange = CoreHarness.Open();
        client = exchange.Client();
        client.Logon();
        return exchange;
    }
}
