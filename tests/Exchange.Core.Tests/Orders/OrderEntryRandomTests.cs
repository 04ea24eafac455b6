using System.Runtime.InteropServices;
using Exchange.Core.Markets;
using Exchange.Core.Matching;
using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.Events;

namespace Exchange.Core.Tests.Orders;

/// <summary>Random requests against a naive book and against what must hold over all reports. A failure names seed and step.</summary>
public sealed class OrderEntryRandomTests
{
    public static TheoryData<int> Seeds() => new(Enumerable.Range(100, 8));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Reports_agree_with_each_other_and_with_a_naive_book(int seed)
    {
        OrderEntryLimits limits = new(OpenOrdersMax: 300, ClOrdIdWindow: 512, ClosedOrdersKept: 256, SliceActionsMax: 2, SliceVisitsMax: 5);
        using OrderDesk desk = new(limits);
        RandomRequests.Prepare(desk, openOrdersMax: 120);
        RandomRequests requests = new(seed);
        ReportLedger ledger = new();
        NaiveBook[] naive = [new(), new()];
        for (int step = 0; step < 4_000; step++)
        {
            string what = $"seed {seed} step {step}: {requests.Apply(desk)}";
            ledger.Observe(desk, what);
            Follow(desk, naive, what);
            for (int id = 0; id < 2 && step % 20 == 0; id++)
            {
                CompareSide(desk, naive[id], id, OrderBook.BuySide, what);
                CompareSide(desk, naive[id], id, OrderBook.SellSide, what);
            }
        }

        Assert.True(ledger.Trades > 100);
        Assert.True(ledger.MassStatusAnswers > 5, $"seed {seed}: {ledger.MassStatusAnswers} answers to mass status requests");
        Assert.All(ledger.Positions.GroupBy(position => position.Key.Instrument), group => Assert.Equal(0, group.Sum(position => position.Value)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Orders_of_every_kind_leave_reports_and_books_that_agree(int seed)
    {
        OrderEntryLimits limits = new(OpenOrdersMax: 300, ClOrdIdWindow: 512, ClosedOrdersKept: 256, FillsMax: 9, TriggersMax: 3, ElectionsMax: 4);
        using OrderDesk desk = new(limits);
        RandomRequests.Prepare(desk, openOrdersMax: 120);
        RandomRequests requests = new(seed, isRich: true);
        ReportLedger ledger = new();
        HashSet<ReasonCode> reasons = [];
        for (int step = 0; step < 6_000; step++)
        {
            string what = $"seed {seed} step {step}: {requests.Apply(desk)}";
            ledger.Observe(desk, what);
            Collect(desk, reasons);
            if (step % 10 == 0)
            {
                CheckPlaces(desk, what);
            }
        }

        Assert.True(ledger.Trades > 100);
        Assert.All(ledger.Positions.GroupBy(position => position.Key.Instrument), group => Assert.Equal(0, group.Sum(position => position.Value)));
        ReasonCode[] expected =
        [
            ReasonCode.PostOnlyWouldTrade, ReasonCode.MinQtyNotMet, ReasonCode.NotFillableInFull, ReasonCode.SelfTradePrevented,
            ReasonCode.StopPriceNotAllowed, ReasonCode.DisplayOutOfRange, ReasonCode.UnsupportedCombination, ReasonCode.ExpireTimeNotAllowed,
        ];
        Assert.All(expected, reason => Assert.True(reasons.Contains(reason), $"seed {seed}: {reason} never happened"));
    }

    private static void Collect(OrderDesk desk, HashSet<ReasonCode> reasons)
    {
        long offset = 0;
        while (desk.Events.TryRead(ref offset, out ReadOnlySpan<byte> bytes))
        {
            if (MemoryMarshal.Read<EventHeader>(bytes).Type == EventType.ExecutionReport)
            {
                reasons.Add(MemoryMarshal.Read<ExecutionReportEvent>(bytes).Text);
            }
        }
    }

    // Every open order is in exactly the place that it says, levels add up, and an iceberg shows no more than it may.
    private static void CheckPlaces(OrderDesk desk, string what)
    {
        OpenOrders open = desk.Orders.OpenOrders;
        int found = 0;
        for (int id = 0; id < desk.Markets.Count; id++)
        {
            Market market = desk.Markets[id];
            found += CheckBook(open, market.Book, OrderPlace.Book, what) + CheckBook(open, market.Stops?.Book, OrderPlace.Stops, what);
            found += (market.Stops?.Elected.Count ?? 0) + market.Waiting.Count;
            int best = market.Book?.BestIndex(OrderBook.BuySide) ?? -1;
            Assert.True(best < 0 || !market.Book!.CanTrade(OrderBook.BuySide, market.Book.PriceOf(OrderBook.BuySide, best)), what);
        }

        Assert.True(found == open.Count, $"{what}: {open.Count} orders are open, {found} are somewhere");
    }

    private static int CheckBook(OpenOrders open, OrderBook? book, OrderPlace place, string what)
    {
        int found = 0;
        for (int side = 0; side < 2 && book is not null; side++)
        {
            for (int index = book.BestIndex(side); index >= 0; index = book.NextIndex(side, index))
            {
                long total = 0;
                for (int slot = book.LevelAt(side, index).Head; slot != 0; slot = open.Pool.Nodes[slot].Next)
                {
                    long shown = open.Pool.Nodes[slot].LeavesLots;
                    Assert.True(open[slot].Place == place && shown > 0 && shown <= open[slot].LeavesLots, what);
                    total += open[slot].LeavesLots;
                    found++;
                }

                Assert.True(total == book.LevelAt(side, index).Lots, what);
            }
        }

        return found;
    }

    // Repeats on the naive book what the first report says was accepted, and compares the trades that follow.
    private static void Follow(OrderDesk desk, NaiveBook[] naive, string what)
    {
        List<ExecutionReportEvent> reports = [];
        long offset = 0;
        while (desk.Events.TryRead(ref offset, out ReadOnlySpan<byte> bytes))
        {
            if (MemoryMarshal.Read<EventHeader>(bytes).Type == EventType.ExecutionReport)
            {
                reports.Add(MemoryMarshal.Read<ExecutionReportEvent>(bytes));
            }
        }

        if (reports.Count == 0 || reports[0].ExecType is not (ExecType.New or ExecType.Replaced))
        {
            foreach (ExecutionReportEvent report in reports)
            {
                bool isClosed = report.ExecType is ExecType.Canceled or ExecType.Expired;
                Assert.True(!isClosed || naive[report.InstrumentId].Remove(report.OrderId), what);
            }

            return;
        }

        ExecutionReportEvent first = reports[0];
        NaiveBook book = naive[first.InstrumentId];
        long step = desk.Instruments[first.InstrumentId].QuantityStepE8;
        bool isImmediate = first.OrdType == OrdType.Market || first.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;
        long limit = first.OrdType == OrdType.Market ? (first.Side == Side.Buy ? long.MaxValue : long.MinValue + 1) : first.PriceE8;
        (List<(long Maker, long Price, long Lots)> trades, long left) = first.ExecType == ExecType.New
            ? book.Add(first.OrderId, first.Side == Side.Buy, limit, first.LeavesQtyE8 / step, !isImmediate, first.TimeInForce == TimeInForce.FillOrKill)
            : book.Replace(first.OrderId, limit, first.LeavesQtyE8 / step);

        List<ExecutionReportEvent> makers = [.. reports.Where(report => report.ExecType == ExecType.Trade && report.OrderId != first.OrderId)];
        Assert.True(trades.SequenceEqual(makers.Select(report => (report.OrderId, report.LastPxE8, report.LastQtyE8 / step))), what);
        bool isCanceled = reports[^1].ExecType == ExecType.Canceled;
        Assert.True(isCanceled == (left > 0 && isImmediate), what);
    }

    private static void CompareSide(OrderDesk desk, NaiveBook naive, int instrumentId, int side, string what)
    {
        OrderBook book = desk.Orders.BookOf(instrumentId);
        OrderPool pool = desk.Orders.OpenOrders.Pool;
        long tick = desk.Instruments[instrumentId].PriceTickE8;
        List<(bool, long, long, long)> seen = [];
        for (int index = book.BestIndex(side); index >= 0; index = book.NextIndex(side, index))
        {
            long total = 0;
            for (int slot = book.LevelAt(side, index).Head; slot != 0; slot = pool.Nodes[slot].Next)
            {
                seen.Add((side == OrderBook.BuySide, book.PriceOf(side, index) * tick, pool.Nodes[slot].OrderId, pool.Nodes[slot].LeavesLots));
                total += pool.Nodes[slot].LeavesLots;
            }

            Assert.True(total == book.LevelAt(side, index).Lots, what);
        }

        Assert.True(seen.SequenceEqual(naive.InPriority(side == OrderBook.BuySide)), what);
        bool isCrossed = book.BestIndex(OrderBook.BuySide) >= 0 && book.BestIndex(OrderBook.SellSide) >= 0
            && book.PriceOf(OrderBook.BuySide, book.BestIndex(OrderBook.BuySide)) >= book.PriceOf(OrderBook.SellSide, book.BestIndex(OrderBook.SellSide));
        Assert.False(isCrossed, what);
    }
}
