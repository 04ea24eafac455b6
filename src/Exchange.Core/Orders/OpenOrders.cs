using Exchange.Core.Matching;
using Exchange.Protocol.Text;

namespace Exchange.Core.Orders;

/// <summary>
/// The open orders of all sessions: details by slot, a list per session in the order of entry, and the ClOrdIDs that have left their
/// session's window while their order is still open (<em>pinned</em>), so that an order which rests for weeks can still be cancelled
/// and its id is still a duplicate.
/// </summary>
internal sealed class OpenOrders : IDisposable
{
    private readonly NativeBlock<OrderDetail> _detailBlock;
    private readonly NativeArray<OrderDetail> _details;
    private readonly NativeBlock<OrderExtras> _extrasBlock;
    private readonly NativeArray<OrderExtras> _extras;
    private readonly SlotIndex _pinned;
    private int _pinnedCount;

    /// <summary>Reserves room for <paramref name="openOrdersMax"/> resting orders.</summary>
    public OpenOrders(int openOrdersMax)
    {
        OpenOrdersMax = openOrdersMax;

        // One slot more than may rest, for an order that is gone again before its command is done.
        Pool = new OrderPool(openOrdersMax + 1);
        _detailBlock = new NativeBlock<OrderDetail>(openOrdersMax + 2L);
        _details = _detailBlock.Items;
        _extrasBlock = new NativeBlock<OrderExtras>(openOrdersMax + 2L);
        _extras = _extrasBlock.Items;
        _pinned = new SlotIndex(openOrdersMax + 1);
    }

    /// <summary>Most orders that may rest.</summary>
    public int OpenOrdersMax { get; }

    /// <summary>The nodes that the books link.</summary>
    public OrderPool Pool { get; }

    /// <summary>Number of open orders.</summary>
    public int Count => Pool.Count;

    /// <summary>Details of the order in a slot.</summary>
    public ref OrderDetail this[int slot] => ref _details[slot];

    /// <summary>The extras of the order in a slot; they mean something only if the order has any.</summary>
    public ref OrderExtras ExtrasOf(int slot) => ref _extras[slot];

    /// <summary>What the order in a slot shows when it enters a book.</summary>
    public long ShownLotsOf(int slot)
    {
        ref OrderDetail order = ref _details[slot];
        return order.IsIceberg ? Math.Min(_extras[slot].DisplayLots, order.LeavesLots) : order.LeavesLots;
    }

    /// <summary>Order id of the order in a slot.</summary>
    public long OrderIdOf(int slot) => Pool.Nodes[slot].OrderId;

    /// <summary>Opens an order as the youngest of its session and returns its slot.</summary>
    public int Open(OrderSession session, long orderId, in OrderDetail detail)
    {
        int slot = Take(orderId, in detail);
        Link(session, slot);
        return slot;
    }

    /// <summary>Gives an order a slot; it must be linked to its session before anything else happens to it.</summary>
    public int Take(long orderId, in OrderDetail detail)
    {
        int slot = Pool.Rent(orderId);
        _details[slot] = detail;
        return slot;
    }

    /// <summary>Makes an order the youngest of its session.</summary>
    public void Link(OrderSession session, int slot)
    {
        ref OrderDetail order = ref _details[slot];
        order.SessionId = session.Id;
        order.SessionNext = 0;
        order.SessionPrev = session.OpenTail;
        order.IsPinned = 0;
        if (session.OpenTail != 0)
        {
            _details[session.OpenTail].SessionNext = slot;
        }
        else
        {
            session.OpenHead = slot;
        }

        session.OpenTail = slot;
        session.OpenCount++;
    }

    /// <summary>Takes a closed order off its session. The slot is still rented; whoever owns it then returns it to the pool.</summary>
    public void Unlink(OrderSession session, int slot)
    {
        ref OrderDetail order = ref _details[slot];
        Unpin(ref order, slot);
        if (session.RequestCursor == slot)
        {
            session.RequestCursor = order.SessionNext;
        }

        if (session.SweepCursor == slot)
        {
            session.SweepCursor = order.SessionNext;
        }

        if (order.SessionPrev != 0)
        {
            _details[order.SessionPrev].SessionNext = order.SessionNext;
        }
        else
        {
            session.OpenHead = order.SessionNext;
        }

        if (order.SessionNext != 0)
        {
            _details[order.SessionNext].SessionPrev = order.SessionPrev;
        }
        else
        {
            session.OpenTail = order.SessionPrev;
        }

        session.OpenCount--;
    }

    /// <summary>Gives an open order the ClOrdID of an accepted request.</summary>
    public void Rename(int slot, in Text40 clOrdId)
    {
        ref OrderDetail order = ref _details[slot];
        Unpin(ref order, slot);
        order.ClOrdId = clOrdId;
    }

    /// <summary>Keeps the way from an id that leaves its session's window to its order, if that order is open and still bears the id.</summary>
    public void Pin(OrderSession session, in Text40 clOrdId, long orderId)
    {
        int slot = orderId > 0 ? Pool.Find(orderId) : 0;
        if (slot == 0)
        {
            return;
        }

        ref OrderDetail order = ref _details[slot];
        if (order.SessionId == session.Id && order.ClOrdId.Equals(clOrdId) && order.IsPinned == 0)
        {
            order.IsPinned = 1;
            _pinned.Add(Hash(session.Id, in clOrdId), slot);
            _pinnedCount++;
        }
    }

    /// <summary>The slot of the open order that bears an id which has left the window; 0 when there is none.</summary>
    public int FindPinned(OrderSession session, in Text40 clOrdId)
    {
        if (_pinnedCount == 0)
        {
            return 0;
        }

        ulong hash = Hash(session.Id, in clOrdId);
        int cursor = -1;
        int slot;
        while ((slot = _pinned.Find(hash, ref cursor)) != 0)
        {
            ref OrderDetail order = ref _details[slot];
            if (order.SessionId == session.Id && order.ClOrdId.Equals(clOrdId))
            {
                return slot;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pool.Dispose();
        _detailBlock.Dispose();
        _extrasBlock.Dispose();
        _pinned.Dispose();
    }

    private void Unpin(ref OrderDetail order, int slot)
    {
        if (order.IsPinned != 0)
        {
            order.IsPinned = 0;
            _pinned.Remove(Hash(order.SessionId, in order.ClOrdId), slot);
            _pinnedCount--;
        }
    }

    private static ulong Hash(int sessionId, in Text40 clOrdId) =>
        unchecked((clOrdId.Hash() + (ulong)sessionId) * 0x9E3779B97F4A7C15UL);
}
