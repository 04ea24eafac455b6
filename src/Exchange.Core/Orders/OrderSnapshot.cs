using Exchange.Core.Instruments;
using Exchange.Core.Markets;
using Exchange.Core.Matching;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Orders;

/// <summary>
/// The snapshot of order management.
/// <code>
///   limits (8) · counters (3) · sessions: limit, ClOrdID window, closed orders · for each market its orders:
///   bids · asks · waiting for the closing auction · buy stops · sell stops · elected stops · range of prices, task
///   (each list: number, record and extras of an order, and so on; 0 at the end)
/// </code>
/// Orders are written in the order in which they would trade: best price first, oldest first. That, and not slots or ids, is the state
/// of a book; restoring them in the same order restores each queue. The lists per session follow from the order ids.
/// </summary>
internal sealed class OrderSnapshot(
    OrderEntryLimits limits, OrderCounters counters, OrderSessions sessions, OpenOrders open, MarketTable markets, OrderExecution execution)
{
    private const int SessionsMax = 1 << 20;

    private readonly List<long> _ids = [];
    private readonly List<int> _slots = [];

    /// <summary>Writes the snapshot.</summary>
    public void Save(SnapshotWriter writer)
    {
        foreach ((long limit, _) in LimitsInOrder())
        {
            writer.WriteInt64(limit);
        }

        writer.WriteInt64(counters.OrderId);
        writer.WriteInt64(counters.ExecId);
        writer.WriteInt64(counters.MatchId);
        writer.WriteInt64(sessions.Count);
        for (int id = 0; id < sessions.Count; id++)
        {
            OrderSession session = sessions[id];
            writer.WriteInt64(session.OpenOrdersMax);
            session.Window.Save(writer);
            session.Closed.Save(writer);
        }

        // Whether a book has been made yet is not state: a market without one has empty sides.
        writer.WriteInt64(markets.Count);
        for (int id = 0; id < markets.Count; id++)
        {
            Market market = markets[id];
            SaveSide(writer, market.Book, OrderBook.BuySide);
            SaveSide(writer, market.Book, OrderBook.SellSide);
            SaveQueue(writer, market.Waiting);
            SaveSide(writer, market.Stops?.Book, OrderBook.SellSide);
            SaveSide(writer, market.Stops?.Book, OrderBook.BuySide);
            SaveQueue(writer, market.Stops?.Elected);
            writer.WriteInt64(market.Stops?.HighTicks ?? 0);
            writer.WriteInt64(market.Stops?.LowTicks ?? long.MaxValue);
            writer.WriteInt64(market.Stops?.HasTask == true ? 1 : 0);
        }
    }

    /// <summary>Reads the snapshot; the sessions and orders are still empty.</summary>
    /// <exception cref="InvalidDataException">It contradicts itself or the limits.</exception>
    public void Load(SnapshotReader reader)
    {
        foreach ((long limit, string name) in LimitsInOrder())
        {
            RequireSame(reader, limit, name);
        }

        counters.OrderId = reader.ReadInt64();
        counters.ExecId = reader.ReadInt64();
        counters.MatchId = reader.ReadInt64();
        int sessionCount = reader.ReadCount(SessionsMax, "number of sessions");
        for (int id = 0; id < sessionCount; id++)
        {
            OrderSession session = sessions.Define(id, reader.ReadCount(int.MaxValue, "limit of open orders"));
            session.Window.Load(reader);
            session.Closed.Load(reader);
        }

        RequireSame(reader, markets.Count, "number of instruments");
        for (int id = 0; id < markets.Count; id++)
        {
            LoadMarket(reader, markets[id]);
        }

        LinkAll(reader);
    }

    private (long Limit, string Name)[] LimitsInOrder() =>
    [
        (limits.OpenOrdersMax, "limit of open orders"),
        (limits.ClOrdIdWindow, "ClOrdID window"),
        (limits.ClosedOrdersKept, "number of closed orders kept"),
        (limits.SliceActionsMax, "actions of a slice"),
        (limits.SliceVisitsMax, "orders looked at in a slice"),
        (limits.FillsMax, "fills of an order"),
        (limits.TriggersMax, "stops triggered by a command"),
        (limits.ElectionsMax, "stops elected by a command"),
    ];

    private void SaveSide(SnapshotWriter writer, OrderBook? book, int side)
    {
        for (int index = book?.BestIndex(side) ?? -1; index >= 0; index = book!.NextIndex(side, index))
        {
            SaveList(writer, book!.LevelAt(side, index).Head);
        }

        writer.WriteInt64(0);
    }

    private void SaveQueue(SnapshotWriter writer, SlotQueue? queue)
    {
        SaveList(writer, queue?.Head ?? 0);
        writer.WriteInt64(0);
    }

    private void SaveList(SnapshotWriter writer, int head)
    {
        for (int slot = head; slot != 0; slot = open.Pool.Nodes[slot].Next)
        {
            ref OrderDetail order = ref open[slot];
            OrderRecord record = new()
            {
                ClOrdId = order.ClOrdId,
                Account = order.Account,
                PriceTicks = order.PriceTicks,
                QuantityLots = order.QuantityLots,
                CumLots = order.CumLots,
                TicksLotsHigh = (ulong)(order.TicksLots >> 64),
                TicksLotsLow = unchecked((ulong)order.TicksLots),
                ShownLots = order.Place == OrderPlace.Book ? open.Pool.Nodes[slot].LeavesLots : 0,
                SessionId = order.SessionId,
                Side = order.Side,
                OrdType = order.OrdType,
                TimeInForce = order.TimeInForce,
                Traits = order.Traits,
            };
            writer.WriteInt64(open.OrderIdOf(slot));
            writer.Write(in record);
            if (order.HasExtras)
            {
                writer.Write(in open.ExtrasOf(slot));
            }
        }
    }

    private void LoadMarket(SnapshotReader reader, Market market)
    {
        LoadList(reader, market, OrderPlace.Book, Side.Buy);
        LoadList(reader, market, OrderPlace.Book, Side.Sell);
        LoadList(reader, market, OrderPlace.Waiting, Side.None);
        LoadList(reader, market, OrderPlace.Stops, Side.Buy);
        LoadList(reader, market, OrderPlace.Stops, Side.Sell);
        LoadList(reader, market, OrderPlace.Elected, Side.None);
        long highTicks = reader.ReadInt64();
        long lowTicks = reader.ReadInt64();
        long hasTask = reader.ReadInt64();
        if (highTicks == 0 && lowTicks == long.MaxValue && hasTask == 0)
        {
            return;
        }

        bool isRange = (highTicks == 0 && lowTicks == long.MaxValue)
            || (lowTicks <= highTicks && lowTicks >= market.Instrument.PriceMinTicks && highTicks <= market.Instrument.PriceMaxTicks);
        if (!isRange || hasTask is not (0 or 1))
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: stops of instrument {market.Id} are elected from {lowTicks} to {highTicks}, task {hasTask}");
        }

        MarketStops stops = execution.StopsOf(market);
        stops.HighTicks = highTicks;
        stops.LowTicks = lowTicks;
        stops.HasTask = hasTask == 1;
    }

    private void LoadList(SnapshotReader reader, Market market, OrderPlace place, Side side)
    {
        long orderId;
        while ((orderId = reader.ReadInt64()) != 0)
        {
            OrderRecord record = reader.Read<OrderRecord>();
            OrderExtras extras = (record.Traits & OrderTraits.HasExtras) != 0 ? reader.Read<OrderExtras>() : default;
            OrderDetail detail = new()
            {
                TicksLots = new UInt128(record.TicksLotsHigh, record.TicksLotsLow),
                ClOrdId = record.ClOrdId,
                Account = record.Account,
                PriceTicks = record.PriceTicks,
                QuantityLots = record.QuantityLots,
                CumLots = record.CumLots,
                SessionId = record.SessionId,
                InstrumentId = market.Id,
                Side = record.Side,
                OrdType = record.OrdType,
                TimeInForce = record.TimeInForce,
                Traits = record.Traits,
                Place = place,
            };
            if (open.Count >= open.OpenOrdersMax || !IsPossible(in detail, in extras, record.ShownLots, market.Instrument, place, side))
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: open order {orderId} is not possible");
            }

            int slot = open.Take(orderId, in detail);
            _ids.Add(orderId);
            _slots.Add(slot);
            if (detail.HasExtras)
            {
                open.ExtrasOf(slot) = extras;
            }

            Put(market, slot, place, record.ShownLots, extras.StopTicks);
        }
    }

    private bool IsPossible(in OrderDetail order, in OrderExtras extras, long shownLots, Instrument instrument, OrderPlace place, Side side)
    {
        bool isStopPlace = place is OrderPlace.Stops or OrderPlace.Elected;
        return order.SessionId >= 0 && order.SessionId < sessions.Count
            && order.Side is Side.Buy or Side.Sell && (side == Side.None || order.Side == side)
            && order.CumLots >= 0 && order.QuantityLots > order.CumLots && order.QuantityLots <= Instrument.QuantityMaxLots
            && IsPrice(instrument, order.PriceTicks)
            && order.IsStop == isStopPlace && (!isStopPlace || IsPrice(instrument, extras.StopTicks))
            && (place != OrderPlace.Book || (shownLots > 0 && shownLots <= order.LeavesLots && (order.IsIceberg || shownLots == order.LeavesLots)))
            && order.IsIceberg == (extras.DisplayLots > 0) && extras.DueNs >= 0;
    }

    private static bool IsPrice(Instrument instrument, long ticks) => ticks >= instrument.PriceMinTicks && ticks <= instrument.PriceMaxTicks;

    private void Put(Market market, int slot, OrderPlace place, long shownLots, long stopTicks)
    {
        ref OrderDetail order = ref open[slot];
        switch (place)
        {
            case OrderPlace.Book:
                execution.BookOf(market.Id).Rest(slot, order.BookSide, order.PriceTicks, shownLots, order.LeavesLots);
                break;
            case OrderPlace.Stops:
                execution.StopsOf(market).Book.Rest(slot, order.BookSide ^ 1, stopTicks, order.LeavesLots);
                break;
            case OrderPlace.Elected:
                execution.StopsOf(market).Elected.Add(open.Pool.Nodes, slot);
                break;
            default:
                market.Waiting.Add(open.Pool.Nodes, slot);
                break;
        }
    }

    // The list of a session is in the order of ids.
    private void LinkAll(SnapshotReader reader)
    {
        long[] ids = [.. _ids];
        int[] slots = [.. _slots];
        _ids.Clear();
        _slots.Clear();
        Array.Sort(ids, slots);
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] <= (i == 0 ? 0 : ids[i - 1]))
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: there are two open orders {ids[i]}, or it is no number of an order");
            }

            OrderSession session = sessions[open[slots[i]].SessionId];
            open.Link(session, slots[i]);
            execution.NoteExpiry(slots[i]);
            if (!session.Window.TryFind(in open[slots[i]].ClOrdId, out _))
            {
                open.Pin(session, open[slots[i]].ClOrdId, ids[i]);
            }
        }
    }

    private static void RequireSame(SnapshotReader reader, long expected, string what)
    {
        long found = reader.ReadInt64();
        if (found != expected)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: {what} is {found}, here it is {expected}");
        }
    }
}
