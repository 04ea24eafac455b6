using System.Runtime.CompilerServices;
using Exchange.Protocol;

namespace Exchange.Core.Matching;

/// <summary>
/// The open orders of all books in one pool of slots, and the way from an order id to its slot. Order ids come from a counter and
/// are never slot numbers: which slot an order got depends on history that a snapshot does not keep, so slots must not be seen.
/// Slot 0 is a dummy that ends every list, so that unlinking needs no branches.
/// </summary>
internal sealed class OrderPool : IDisposable
{
    private readonly NativeBlock<OrderNode> _nodeBlock;
    private readonly NativeArray<OrderNode> _nodes;
    private readonly SlotIndex _index;
    private int _freeHead;
    private int _used = 1;

    /// <summary>Reserves a pool of <paramref name="ordersMax"/> orders.</summary>
    public OrderPool(int ordersMax)
    {
        OrdersMax = ordersMax;
        _nodeBlock = new NativeBlock<OrderNode>(ordersMax + 1L);
        _index = new SlotIndex(ordersMax);
        _nodes = _nodeBlock.Items;
    }

    /// <summary>Most orders that fit.</summary>
    public int OrdersMax { get; }

    /// <summary>Orders in the pool.</summary>
    public int Count { get; private set; }

    /// <summary>All nodes by slot.</summary>
    public NativeArray<OrderNode> Nodes => _nodes;

    /// <summary>Takes a slot for a new order; the caller has checked <see cref="Count"/> against <see cref="OrdersMax"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Rent(long orderId)
    {
        int slot = _freeHead;
        if (slot != 0)
        {
            _freeHead = _nodes[slot].Next;
        }
        else
        {
            slot = _used++;
            Invariant.Require(slot <= OrdersMax);
        }

        _nodes[slot].OrderId = orderId;
        Count++;
        _index.Add(_index.HashOf(orderId), slot);
        return slot;
    }

    /// <summary>Gives the slot of an order back that is in no book any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Return(int slot)
    {
        ref OrderNode node = ref _nodes[slot];
        _index.Remove(_index.HashOf(node.OrderId), slot);
        node.OrderId = 0;
        node.Level = 0;
        node.Next = _freeHead;
        _freeHead = slot;
        Count--;
    }

    /// <summary>The slot of an open order; 0 when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(long orderId)
    {
        ulong hash = _index.HashOf(orderId);
        int cursor = -1;
        int slot;
        while ((slot = _index.Find(hash, ref cursor)) != 0 && _nodes[slot].OrderId != orderId)
        {
        }

        return slot;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _nodeBlock.Dispose();
        _index.Dispose();
    }
}
