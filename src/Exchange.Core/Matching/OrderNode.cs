using System.Runtime.InteropServices;

namespace Exchange.Core.Matching;

/// <summary>
/// What matching needs of a resting order, two to a cache line. Everything else about the order is kept apart, under the same slot.
/// <code>
///  0               8               16      20      24      28      32
///  +---------------+---------------+-------+-------+-------+-------+
///  | order id      | leaves lots   | next  | prev  | level | side  |
///  +---------------+---------------+-------+-------+-------+-------+
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct OrderNode
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 32;

    /// <summary>Order id, from 1; 0 in a free slot.</summary>
    public long OrderId;

    /// <summary>What is shown of the open quantity: all of it, but for an iceberg.</summary>
    public long LeavesLots;

    /// <summary>Slot of the next younger order of the level, 0 at its end; in a free slot the next free one.</summary>
    public int Next;

    /// <summary>Slot of the next older order of the level, 0 at its start.</summary>
    public int Prev;

    /// <summary>The price level, see <see cref="PricePages"/>; 0 while the order is not in a book.</summary>
    public int Level;

    /// <summary><see cref="OrderBook.BuySide"/> or <see cref="OrderBook.SellSide"/>.</summary>
    public int Side;
}
