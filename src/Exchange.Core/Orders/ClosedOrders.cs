using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Core.Matching;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Orders;

/// <summary>
/// The final states of a session's last closed orders, in the order in which they closed. When the ring is full the oldest goes: it
/// can then still be recognised as "too late" by its ClOrdID, but its state can no longer be told.
/// </summary>
internal sealed class ClosedOrders : IDisposable
{
    private readonly NativeBlock<ClosedOrder> _ringBlock;
    private readonly NativeArray<ClosedOrder> _ring;
    private readonly SlotIndex _index;
    private readonly int _mask;
    private long _added;

    /// <summary>Reserves a ring of <paramref name="capacity"/> orders, a power of two.</summary>
    public ClosedOrders(int capacity)
    {
        Invariant.Require(int.IsPow2(capacity));
        _mask = capacity - 1;
        _ringBlock = new NativeBlock<ClosedOrder>(capacity);
        _ring = _ringBlock.Items;
        _index = new SlotIndex(capacity);
    }

    /// <summary>The order with a number; a null reference when it is not kept.</summary>
    public ref readonly ClosedOrder Find(long orderId)
    {
        ulong hash = _index.HashOf(orderId);
        int cursor = -1;
        int slot;
        while ((slot = _index.Find(hash, ref cursor)) != 0)
        {
            ref ClosedOrder order = ref _ring[slot - 1];
            if (order.OrderId == orderId)
            {
                return ref order;
            }
        }

        return ref Unsafe.NullRef<ClosedOrder>();
    }

    /// <summary>Takes the next entry of the ring, emptied, for an order that closes now; the caller fills the rest.</summary>
    public ref ClosedOrder Add(long orderId)
    {
        int at = (int)(_added & _mask);
        ref ClosedOrder order = ref _ring[at];
        if (_added > _mask)
        {
            _index.Remove(_index.HashOf(order.OrderId), at + 1);
        }

        order = default;
        order.OrderId = orderId;
        _index.Add(_index.HashOf(orderId), at + 1);
        _added++;
        return ref order;
    }

    /// <summary>Writes the ring, oldest first.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(_added);
        for (long number = Math.Max(0, _added - _mask - 1); number < _added; number++)
        {
            writer.WriteBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<ClosedOrder>(in _ring[(int)(number & _mask)])));
        }
    }

    /// <summary>Restores what <see cref="Save"/> wrote into an empty ring.</summary>
    public void Load(SnapshotReader reader)
    {
        long added = reader.ReadInt64();
        if (added < 0)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: number of closed orders is {added}");
        }

        _added = Math.Max(0, added - _mask - 1);
        while (_added < added)
        {
            ClosedOrder order = reader.Read<ClosedOrder>();
            int at = (int)(_added & _mask);
            _ring[at] = order;
            _index.Add(_index.HashOf(order.OrderId), at + 1);
            _added++;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ringBlock.Dispose();
        _index.Dispose();
    }
}
