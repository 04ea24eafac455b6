using Exchange.Core.Instruments;
using Exchange.Core.Markets;
using Exchange.Core.Matching;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Orders;

/// <summary>
/// The snapshot of order management.
/// <code>
///   limits (5) · counters (3) · sessions: limit, ClOrdID window, closed orders · for each instrument: bids, asks
/// </code>
/// Orders are written in the order in which they would trade: best price first, oldest first. That, and not slots or ids, is the state
/// of a book; restoring them in the same order restores each queue. The lists per session follow from the order ids.
/// </summary>
internal static class OrderSnapshot
{
    private const int SessionsMax = 1 << 20;

    /// <summary>Writes the snapshot.</summary>
    public static void Save(
        SnapshotWriter writer,
        OrderEntryLimits limits,
        OrderCounters counters,
        OrderSessions sessions,
        MarketTable markets,
        OpenOrders open)
    {
        writer.WriteInt64(limits.OpenOrdersMax);
        writer.WriteInt64(limits.ClOrdIdWindow);
        writer.WriteInt64(limits.ClosedOrdersKept);
        writer.WriteInt64(limits.SliceActionsMax);
        writer.WriteInt64(limits.SliceVisitsMax);
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

        // Whether a book has been made yet is not state: an instrument without one has two empty sides.
        writer.WriteInt64(markets.Count);
        for (int id = 0; id < markets.Count; id++)
        {
            OrderBook? book = markets[id].Book;
            SaveSide(writer, book, OrderBook.BuySide, open);
            SaveSide(writer, book, OrderBook.SellSide, open);
        }
    }

    /// <summary>Reads the snapshot; the sessions and orders are still empty.</summary>
    public static void Load(
        SnapshotReader reader,
        OrderEntryLimits limits,
        OrderCounters counters,
        OrderSessions sessions,
        OpenOrders open,
        MarketTable markets,
        OrderExecution execution)
    {
        RequireSame(reader, limits.OpenOrdersMax, "limit of open orders");
        RequireSame(reader, limits.ClOrdIdWindow, "ClOrdID window");
        RequireSame(reader, limits.ClosedOrdersKept, "number of closed orders kept");
        RequireSame(reader, limits.SliceActionsMax, "actions of a slice");
        RequireSame(reader, limits.SliceVisitsMax, "orders looked at in a slice");
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
        List<(long OrderId, int Instrument, OrderRecord Record)> orders = [];
        for (int id = 0; id < markets.Count; id++)
        {
            int count = reader.ReadCount(limits.OpenOrdersMax, "number of bids");
            ReadOrders(reader, count, id, Side.Buy, orders);
            count = reader.ReadCount(limits.OpenOrdersMax, "number of asks");
            ReadOrders(reader, count, id, Side.Sell, orders);
        }

        Restore(reader, orders, sessions, open, markets.Instruments, execution);
    }

    private static void SaveSide(SnapshotWriter writer, OrderBook? book, int side, OpenOrders open)
    {
        int count = 0;
        for (int index = book?.BestIndex(side) ?? -1; index >= 0; index = book!.NextIndex(side, index))
        {
            for (int slot = book!.LevelAt(side, index).Head; slot != 0; slot = open.Pool.Nodes[slot].Next)
            {
                count++;
            }
        }

        writer.WriteInt64(count);
        for (int index = book?.BestIndex(side) ?? -1; index >= 0; index = book!.NextIndex(side, index))
        {
            for (int slot = book!.LevelAt(side, index).Head; slot != 0; slot = open.Pool.Nodes[slot].Next)
            {
                ref OrderDetail order = ref open[slot];
                OrderRecord record = new()
                {
                    OrderId = open.OrderIdOf(slot),
                    ClOrdId = order.ClOrdId,
                    Account = order.Account,
                    PriceTicks = order.PriceTicks,
                    QuantityLots = order.QuantityLots,
                    CumLots = order.CumLots,
                    TicksLotsHigh = (ulong)(order.TicksLots >> 64),
                    TicksLotsLow = unchecked((ulong)order.TicksLots),
                    SessionId = order.SessionId,
                    Side = order.Side,
                    OrdType = order.OrdType,
                    TimeInForce = order.TimeInForce,
                };
                writer.Write(in record);
            }
        }
    }

    private static void ReadOrders(SnapshotReader reader, int count, int instrumentId, Side side, List<(long OrderId, int Instrument, OrderRecord Record)> orders)
    {
        for (int i = 0; i < count; i++)
        {
            OrderRecord record = reader.Read<OrderRecord>();
            if (record.Side != side)
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: order {record.OrderId} stands on the wrong side of its book");
            }

            orders.Add((record.OrderId, instrumentId, record));
        }
    }

    private static void Restore(
        SnapshotReader reader,
        List<(long OrderId, int Instrument, OrderRecord Record)> orders,
        OrderSessions sessions,
        OpenOrders open,
        InstrumentTable instruments,
        OrderExecution execution)
    {
        if (orders.Count > open.OpenOrdersMax)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: {orders.Count} open orders, allowed are {open.OpenOrdersMax}");
        }

        // First in the order of ids, which is the order of each session's list, then in the order of the books.
        int[] slots = new int[orders.Count];
        long[] ids = new long[orders.Count];
        int[] byId = new int[orders.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = orders[i].OrderId;
            byId[i] = i;
        }

        Array.Sort(ids, byId);
        long previousId = 0;
        foreach (int i in byId)
        {
            (long orderId, int instrumentId, OrderRecord record) = orders[i];
            Instrument instrument = instruments[instrumentId];
            if (orderId <= previousId
                || record.SessionId < 0 || record.SessionId >= sessions.Count
                || record.CumLots < 0 || record.QuantityLots <= record.CumLots || record.QuantityLots > Instrument.QuantityMaxLots
                || record.PriceTicks < instrument.PriceMinTicks || record.PriceTicks > instrument.PriceMaxTicks)
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: open order {orderId} is not possible");
            }

            previousId = orderId;
            slots[i] = Open(sessions[record.SessionId], orderId, instrumentId, in record, open);
        }

        for (int i = 0; i < slots.Length; i++)
        {
            ref OrderDetail order = ref open[slots[i]];
            execution.BookOf(order.InstrumentId).Rest(slots[i], order.BookSide, order.PriceTicks, order.LeavesLots);
        }
    }

    private static int Open(OrderSession session, long orderId, int instrumentId, in OrderRecord record, OpenOrders open)
    {
        OrderDetail detail = new()
        {
            TicksLots = new UInt128(record.TicksLotsHigh, record.TicksLotsLow),
            ClOrdId = record.ClOrdId,
            Account = record.Account,
            PriceTicks = record.PriceTicks,
            QuantityLots = record.QuantityLots,
            CumLots = record.CumLots,
            InstrumentId = instrumentId,
            Side = record.Side,
            OrdType = record.OrdType,
            TimeInForce = record.TimeInForce,
        };
        int slot = open.Open(session, orderId, in detail);
        if (!session.Window.TryFind(in record.ClOrdId, out _))
        {
            open.Pin(session, in record.ClOrdId, orderId);
        }

        return slot;
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
