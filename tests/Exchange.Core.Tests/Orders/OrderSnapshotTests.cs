using Exchange.Core.Orders;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Tests.Orders;

/// <summary>From snapshot and tail as from zero: the same event bytes and the same snapshot, whatever slots the orders got.</summary>
public sealed class OrderSnapshotTests
{
    public static TheoryData<int> Seeds() => new(Enumerable.Range(1, 12));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_restored_desk_behaves_and_hashes_like_the_one_that_never_stopped(int seed)
    {
        OrderEntryLimits limits = new(
            OpenOrdersMax: 90, ClOrdIdWindow: 64, ClosedOrdersKept: 32, SliceActionsMax: 2, SliceVisitsMax: 5, FillsMax: 6, TriggersMax: 2, ElectionsMax: 3);
        using OrderDesk desk = new(limits);
        RandomRequests.Prepare(desk, openOrdersMax: 40);
        RandomRequests requests = new(seed, isRich: seed % 4 != 0);
        Random random = new(seed * 7919);
        int before = random.Next(1, 3_000);
        for (int i = 0; i < before; i++)
        {
            requests.Apply(desk);
        }

        using OrderDesk restored = desk.Restored();
        Assert.Equal(desk.Snapshot(), restored.Snapshot());
        for (int i = 0; i < 2_000; i++)
        {
            string words = requests.Apply(desk, restored);
            Assert.True(desk.Events.WrittenSpan.SequenceEqual(restored.Events.WrittenSpan), $"seed {seed}, {before} + {i}: {words}");
        }

        Assert.Equal(desk.Snapshot(), restored.Snapshot());
        Assert.Equal(desk.StateHash(), restored.StateHash());
        using OrderDesk again = restored.Restored();
        Assert.Equal(desk.Snapshot(), again.Snapshot());
    }

    [Fact]
    public void The_snapshot_does_not_tell_how_the_state_came_about()
    {
        // The second desk has given slots out and taken them back in another order before it comes to the same state.
        using OrderDesk straight = Desk();
        using OrderDesk roundabout = Desk();
        Play(straight, "S new a buy 10 NEAR @ 1.50", "S new b buy 5 NEAR @ 1.50", "S new c sell 5 NEAR @ 1.60", "S replace d of a buy 9 NEAR @ 1.49");
        Play(roundabout, "S new a buy 10 NEAR @ 1.50", "S new b buy 5 NEAR @ 1.50", "S new c sell 5 NEAR @ 1.60");
        using OrderDesk moved = roundabout.Restored();
        Play(moved, "S replace d of a buy 9 NEAR @ 1.49");
        Assert.Equal(straight.Snapshot(), moved.Snapshot());
    }

    [Fact]
    public void A_cut_or_foreign_snapshot_is_refused_with_its_position()
    {
        using OrderDesk desk = Desk();
        Play(desk, "S new a buy 10 NEAR @ 1.50");
        byte[] bytes = desk.Snapshot();
        using OrderDesk cut = new();
        Assert.Throws<InvalidDataException>(() => Load(cut, bytes[..^1]));
        using OrderDesk other = new(new OrderEntryLimits(OpenOrdersMax: 17, ClOrdIdWindow: 64, ClosedOrdersKept: 32));
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => Load(other, bytes));
        Assert.Contains("limit of open orders is 4096, here it is 17", refused.Message, StringComparison.Ordinal);
    }

    private static OrderDesk Desk()
    {
        OrderDesk desk = new();
        RandomRequests.Prepare(desk, openOrdersMax: 100);
        return desk;
    }

    private static void Play(OrderDesk desk, params string[] lines)
    {
        foreach (string line in lines)
        {
            RandomRequests.Apply(desk, 0, line.Split(' '));
        }
    }

    private static void Load(OrderDesk desk, byte[] bytes)
    {
        SnapshotReader reader = new(new MemoryStream(bytes));
        desk.Markets.Load(reader);
        desk.Orders.Load(reader);
    }
}
