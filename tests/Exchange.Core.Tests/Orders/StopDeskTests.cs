using System.Runtime.InteropServices;
using Exchange.Core.Markets;
using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.Events;

namespace Exchange.Core.Tests.Orders;

/// <summary>What one command does about stops is bounded, whatever traded; the rest follows in slices, in the same order.</summary>
public sealed class StopDeskTests
{
    private static readonly OrderEntryLimits Limits = new(
        OpenOrdersMax: 1 << 10, ClOrdIdWindow: 1 << 10, ClosedOrdersKept: 1 << 10, TriggersMax: 3, ElectionsMax: 5);

    [Fact]
    public void One_command_triggers_so_many_stops_and_slices_trigger_the_rest_in_order()
    {
        using OrderDesk desk = Desk(out Tasks tasks);
        for (int i = 0; i < 10; i++)
        {
            Play(desk, $"S new t{i} buy 1 NEAR @ 1.00 stop 1.5{9 - i}");
        }

        Play(desk, "S new s sell 1 NEAR @ 1.60");
        Play(desk, "S new b buy 1 NEAR @ 1.60");
        Assert.Equal([10, 9, 8], Triggered(desk));
        Assert.Equal(1, tasks.Begun);

        // While the task is under way other commands elect, but trigger nothing; what is entered within the range still being elected comes first.
        Play(desk, "S new t10 buy 1 NEAR @ 1.00 stop 1.60");
        Assert.Empty(Triggered(desk));
        Assert.Equal([7, 6, 13], Slice(desk, isDone: false));
        Assert.Equal([5, 4, 3], Slice(desk, isDone: false));
        Assert.Equal([2, 1], Slice(desk, isDone: true));
        Assert.Equal(1, tasks.Begun);
    }

    [Fact]
    public void A_snapshot_in_the_middle_of_election_and_triggering_goes_on_alike()
    {
        using OrderDesk desk = Desk(out _);
        for (int i = 0; i < 20; i++)
        {
            Play(desk, $"S new t{i} {(i % 2 == 0 ? "buy" : "sell")} 1 NEAR @ {(i % 2 == 0 ? "1.00" : "2.00")} stop 1.{50 + i}");
        }

        Play(desk, "S new s sell 1 NEAR @ 1.60");
        Play(desk, "S new b buy 1 NEAR @ 1.60");
        for (bool isDone = false; !isDone;)
        {
            using OrderDesk restored = desk.Restored();
            Assert.Equal(desk.Snapshot(), restored.Snapshot());
            isDone = desk.Orders.Execution.Stops.RunSlice(desk.Markets[0], desk.Next());
            Assert.Equal(isDone, restored.Orders.Execution.Stops.RunSlice(restored.Markets[0], restored.Next()));
            Assert.True(desk.Events.WrittenSpan.SequenceEqual(restored.Events.WrittenSpan));
            Assert.Equal(desk.Snapshot(), restored.Snapshot());
        }

        Assert.Equal(0, desk.Markets[0].Stops!.Elected.Count);
    }

    [Fact]
    public void A_stop_that_was_elected_can_be_cancelled_before_it_is_triggered()
    {
        using OrderDesk desk = Desk(out _);
        for (int i = 0; i < 6; i++)
        {
            Play(desk, $"S new t{i} buy 1 NEAR @ 1.00 stop 1.50");
        }

        Play(desk, "S new s sell 1 NEAR @ 1.60");
        Play(desk, "S new b buy 1 NEAR @ 1.60");
        Assert.Equal([1, 2, 3], Triggered(desk));
        Play(desk, "S cancel c of t4 buy NEAR");
        Assert.Equal([4, 6], Slice(desk, isDone: true));
    }

    private static OrderDesk Desk(out Tasks tasks)
    {
        OrderDesk desk = new(Limits);
        RandomRequests.Prepare(desk, openOrdersMax: 100);
        tasks = new Tasks();
        desk.Orders.Execution.Stops.Tasks = tasks;
        return desk;
    }

    private static void Play(OrderDesk desk, string line) => RandomRequests.Apply(desk, 0, line.Split(' '));

    private static List<long> Slice(OrderDesk desk, bool isDone)
    {
        Assert.Equal(isDone, desk.Orders.Execution.Stops.RunSlice(desk.Markets[0], desk.Next()));
        return Triggered(desk);
    }

    private static List<long> Triggered(OrderDesk desk)
    {
        List<long> orders = [];
        long offset = 0;
        while (desk.Events.TryRead(ref offset, out ReadOnlySpan<byte> bytes))
        {
            ExecutionReportEvent report = MemoryMarshal.Read<ExecutionReportEvent>(bytes);
            if (report.Header.Type == EventType.ExecutionReport && report.ExecType == ExecType.Triggered)
            {
                orders.Add(report.OrderId);
            }
        }

        return orders;
    }

    private sealed class Tasks : ITriggerTasks
    {
        public int Begun { get; private set; }

        public void Begin(Market market) => Begun++;
    }
}
