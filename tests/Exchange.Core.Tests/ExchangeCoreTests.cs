using Exchange.Core.Orders;
using Exchange.Core.Tests.Sessions;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Tests;

/// <summary>The core as a state machine: its snapshots, its hashes, and how it takes what is not a command.</summary>
public sealed class ExchangeCoreTests
{
    [Fact]
    public void A_restored_core_has_the_same_hashes_counters_and_deadline()
    {
        using CoreHarness exchange = Busy();
        ExchangeCore original = exchange.Core;
        (ulong State, ulong Events, long Commands, long Bytes, int Orders, int LoggedOn, long Deadline, long Discarded) before = Figures(original);
        exchange.Restore();
        Assert.NotSame(original, exchange.Core);
        Assert.Equal(before, Figures(exchange.Core));
        Assert.True(before is { LoggedOn: 1, Orders: > 0, Discarded: > 0 } && before.Deadline != long.MaxValue);
    }

    [Fact]
    public void Fills_gaps_probes_and_graces_survive_a_snapshot()
    {
        using CoreHarness exchange = CoreHarness.Open(participants: 3, flags: ParticipantFlags.CancelOnDisconnect);
        ClientHarness buyer = exchange.Client(session: 0, connection: 1);
        ClientHarness seller = exchange.Client(session: 1, connection: 2);
        ClientHarness third = exchange.Client(session: 2, connection: 3);
        buyer.Logon();
        seller.Logon();
        third.Logon();
        buyer.Buy("b1", 7);
        seller.Sell("s1", 2);
        third.Buy("t1");
        third.ConnectionLost();
        buyer.At(9).Heartbeat();
        exchange.Client(session: 1, connection: 4).Logon();
        exchange.Restore();

        buyer.At(10).Heartbeat().ExpectNothing();
        exchange.Client(session: 1, connection: 5).Logon().Expect("CloseConnection DuplicateLogon connection=5 session=1");
        buyer.Next = 1;
        buyer.Logon(reset: true).Expect(
            "HistoryReset", "Logon 34=1 108=30 141=Y", "ExecutionReport 34=2 11=b1 150=F 39=1 17=4 32=2 97=Y", "ExecutionReport 34=3 11=b1 150=D 39=1");
        exchange.After(10).TimerDue().Expect("ExecutionReport 34=3 11=t1 150=4 39=4 CancelOnDisconnect kept session=2");
    }

    [Fact]
    public void A_snapshot_of_another_version_is_refused_with_both_versions()
    {
        byte[] snapshot = Snapshot(Busy());
        snapshot[8]++;
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => Load(snapshot));
        Assert.Equal($"snapshot has version {ExchangeCore.SnapshotVersion + 1}, this build reads version {ExchangeCore.SnapshotVersion}", refused.Message);
    }

    [Fact]
    public void Something_that_is_no_snapshot_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => Load([]));
        Assert.Throws<InvalidDataException>(() => Load(new byte[100_000]));
        Assert.Contains("no snapshot", Assert.Throws<InvalidDataException>(() => Load("this is no snapshot of an exchange"u8.ToArray())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_that_is_cut_off_anywhere_is_refused()
    {
        byte[] snapshot = Snapshot(Busy());
        for (int length = 0; length < snapshot.Length; length += length < 4_096 ? 8 : snapshot.Length / 64)
        {
            Assert.Throws<InvalidDataException>(() => Load(snapshot[..length]));
        }
    }

    [Fact]
    public void A_snapshot_with_other_limits_is_refused()
    {
        byte[] snapshot = Snapshot(Busy());
        using ExchangeCore other = new(new OrderEntryLimits(OpenOrdersMax: 100, ClOrdIdWindow: 64, ClosedOrdersKept: 16));
        Assert.Throws<InvalidDataException>(() => other.LoadSnapshot(new SnapshotReader(new MemoryStream(snapshot))));
    }

    [Fact]
    public void A_damaged_snapshot_loads_or_is_refused_in_words_and_nothing_else()
    {
        // Its checksum is the snapshot file's business. What gets past that must not bring the process down with something obscure.
        byte[] snapshot = Snapshot(Busy());
        int refused = 0;
        int seed = 20_261_121;
        Random random = new(seed);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] damaged = [.. snapshot];
            int at = random.Next(damaged.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));
            try
            {
                Load(damaged);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}, byte {at}: {failure.GetType().Name}: {failure.Message}", failure);
            }
        }

        Assert.InRange(refused, 1, 1_999);
    }

    [Fact]
    public void The_event_hash_follows_the_bytes_of_the_events()
    {
        using CoreHarness exchange = Busy();
        ulong expected = SnapshotHash.Finish(SnapshotHash.Add(SnapshotHash.Seed, exchange.AllEvents.ToArray()), exchange.AllEvents.Length);
        Assert.Equal(expected, exchange.Core.EventHash);
        Assert.Equal(exchange.AllEvents.Length, exchange.Core.EventBytes);
        Assert.Equal(exchange.Log.Count, exchange.Core.CommandCount);
    }

    [Fact]
    public void Events_of_several_commands_may_share_a_buffer()
    {
        using CoreHarness exchange = Busy();
        using ExchangeCore replica = CoreHarness.NewCore();
        using EventBuffer events = new(64);
        foreach ((CommandContext context, byte[] bytes) in exchange.Log)
        {
            replica.Apply(in context, bytes, events);
        }

        Assert.Equal(exchange.Core.EventHash, replica.EventHash);
        Assert.True(events.WrittenSpan.SequenceEqual(exchange.AllEvents.ToArray()));
    }

    [Fact]
    public void A_log_with_something_malformed_in_it_stops_the_core()
    {
        using CoreHarness exchange = CoreHarness.Open();
        Assert.Throws<InvariantException>(() => exchange.ApplyBytes([]));
        Assert.Throws<InvariantException>(() => exchange.ApplyBytes(new byte[47]));
        Assert.Throws<InvariantException>(() => exchange.ApplyBytes(new byte[96]));
        Assert.Throws<InvariantException>(() => exchange.Apply((CommandType)999, default(CommandHeader)));
        Assert.Throws<InvariantException>(() => exchange.Apply(CommandType.NewOrder, default(CommandHeader)));
        Assert.Throws<InvariantException>(() => exchange.Apply(CommandType.GatewayHello, default(GatewayCommand)));
    }

    [Fact]
    public void Log_time_that_goes_backwards_stops_the_core()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.After(-0.001);
        Assert.Throws<InvariantException>(() => exchange.TimerDue());
    }

    internal static CoreHarness Busy()
    {
        CoreHarness exchange = CoreHarness.Open(participants: 3, dayEndNs: 17 * 3_600 * CoreHarness.SecondNs);
        ClientHarness buyer = exchange.Client(session: 0, connection: 1);
        ClientHarness seller = exchange.Client(session: 1, connection: 2);
        buyer.Logon();
        seller.Logon();
        for (int i = 0; i < 20; i++)
        {
            buyer.Buy($"b{i}", 10);
            seller.Sell($"s{i}", 3 + (i % 5));
            exchange.After(0.25);
        }

        seller.TestRequestDue();
        seller.Logout();
        seller.Heartbeat();
        buyer.At(99).Heartbeat();
        return exchange;
    }

    private static (ulong State, ulong Events, long Commands, long Bytes, int Orders, int LoggedOn, long Deadline, long Discarded) Figures(ExchangeCore core) =>
        (core.StateHash(), core.EventHash, core.CommandCount, core.EventBytes, core.OpenOrderCount, core.LoggedOnCount, core.NextDeadlineNs, core.DiscardedCount);

    private static byte[] Snapshot(CoreHarness exchange)
    {
        using MemoryStream stream = new();
        SnapshotWriter writer = new(stream);
        exchange.Core.TakeSnapshot(writer);
        Assert.Equal(writer.Complete(), exchange.Core.StateHash());
        exchange.Dispose();
        return stream.ToArray();
    }

    private static ulong Load(byte[] snapshot)
    {
        using ExchangeCore core = CoreHarness.NewCore();
        core.LoadSnapshot(new SnapshotReader(new MemoryStream(snapshot)));
        return core.StateHash();
    }
}
