using System.Runtime.InteropServices;
using Exchange.Core.Matching;

namespace Exchange.Core.Markets;

// Some orders rest only until an auction is done: those for the opening or closing auction, and those without a price (rule 2.5). A book may
// hold millions of others, so they are linked by themselves, per market, in the order in which they came, which is that of their numbers.
//
// What must hold: an order is linked once, while it rests in the book of a market that does not trade continuously, and until it closes or gets
// a price.

/// <summary>The orders that the end of an auction does not leave as they are.</summary>
internal sealed class AuctionOrders : IDisposable
{
    private readonly NativeBlock<Link> _block;
    private readonly NativeArray<Link> _links;

    /// <summary>Reserves links for a pool of <paramref name="ordersMax"/> orders.</summary>
    public AuctionOrders(int ordersMax)
    {
        _block = new NativeBlock<Link>(ordersMax + 1L);
        _links = _block.Items;
    }

    /// <summary>Whether an order is linked.</summary>
    public bool Contains(int slot) => _links[slot].IsLinked != 0;

    /// <summary>Links an order as the youngest, unless it is linked already.</summary>
    public void Add(AuctionList list, int slot)
    {
        ref Link link = ref _links[slot];
        if (link.IsLinked != 0)
        {
            return;
        }

        link = new Link { Prev = list.Tail, IsLinked = 1 };
        if (list.Tail != 0)
        {
            _links[list.Tail].Next = slot;
        }
        else
        {
            list.Head = slot;
        }

        list.Tail = slot;
    }

    /// <summary>Takes an order out, if it is linked.</summary>
    public void Remove(AuctionList list, int slot)
    {
        Link link = _links[slot];
        if (link.IsLinked == 0)
        {
            return;
        }

        _links[slot] = default;
        if (list.Cursor == slot)
        {
            list.Cursor = link.Next;
        }

        if (link.Prev != 0)
        {
            _links[link.Prev].Next = link.Next;
        }
        else
        {
            list.Head = link.Next;
        }

        if (link.Next != 0)
        {
            _links[link.Next].Prev = link.Prev;
        }
        else
        {
            list.Tail = link.Prev;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();

    [StructLayout(LayoutKind.Sequential)]
    private struct Link
    {
        public int Next;
        public int Prev;
        public int IsLinked;
    }
}
