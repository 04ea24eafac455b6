using System.Numerics;
using System.Runtime.CompilerServices;
using Exchange.Protocol;

namespace Exchange.Core.Matching;

/// <summary>
/// The order book of one instrument: price-time priority, first in first out.
///
/// The problem: find the best price, append to a level, unlink from the middle of one, each in a few nanoseconds, over a price range
/// of up to 2^30 ticks, without memory for prices that nobody uses and without a pause when the market runs away.
///
/// The idea: an array of levels, cut into pages of 64 prices that exist only while used (<see cref="PricePages"/>). A directory
/// leads from a price to its page; a bitmap leads from an emptied best price to the next. An order knows its level, so a cancel looks
/// up no price. Near the touch this is a plain array; far away it is as sparse as a tree, and nothing is ever moved.
/// <code>
///   price index ──▶ directory[index / 64] ──▶ page (64 levels) ──▶ level: head ⇄ order ⇄ order ⇄ tail
///                    bitmap over pages         bits over levels
/// </code>
/// A node holds what its order shows; an iceberg has more, which joins the end of the level part by part. A level's total counts all of it.
///
/// What must hold: a level's total is the sum of what is open of its orders; a bit is set exactly where orders rest; in continuous trading
/// the best bid is below the best ask whenever a command is done (while orders are collected for an auction the book may cross).
/// Quantities are at most 2^38 lots and orders fewer than 2^24, so totals fit in 63 bits.
/// </summary>
internal sealed class OrderBook : IDisposable
{
    /// <summary>Side of bids.</summary>
    public const int BuySide = 0;

    /// <summary>Side of asks.</summary>
    public const int SellSide = 1;

    /// <summary>Most prices of one book.</summary>
    public const int PricesMax = 1 << 30;

    private readonly OrderPool _pool;
    private readonly PricePages _pages;
    private readonly NativeArray<OrderNode> _nodes;
    private readonly NativeArray<PriceLevel> _levels;
    private readonly NativeArray<PricePage> _pageTable;
    private readonly NativeBlock<int> _bidDirectory;
    private readonly NativeBlock<int> _askDirectory;
    private readonly long _priceMinTicks;
    private readonly int _lastIndex;
    private Sides _sides;

    /// <summary>Creates an empty book for prices from <paramref name="priceMinTicks"/> to <paramref name="priceMaxTicks"/>.</summary>
    public OrderBook(OrderPool pool, PricePages pages, long priceMinTicks, long priceMaxTicks)
    {
        long priceCount = priceMaxTicks - priceMinTicks + 1;
        Invariant.Require(priceCount is > 0 and <= PricesMax);
        _pool = pool;
        _pages = pages;
        _nodes = pool.Nodes;
        _levels = pages.Levels;
        _pageTable = pages.Pages;
        _priceMinTicks = priceMinTicks;
        _lastIndex = (int)(priceCount - 1);
        int pageCount = (_lastIndex >> PricePages.PageBits) + 1;
        _bidDirectory = new NativeBlock<int>(pageCount);
        _askDirectory = new NativeBlock<int>(pageCount);
        _sides[BuySide] = new BookSide { PageOf = _bidDirectory.Items, Used = new PageBitmap(pageCount), Best = -1 };
        _sides[SellSide] = new BookSide { PageOf = _askDirectory.Items, Used = new PageBitmap(pageCount), Best = -1 };
    }

    /// <summary>Lowest price.</summary>
    public long PriceMinTicks => _priceMinTicks;

    /// <summary>Highest price.</summary>
    public long PriceMaxTicks => _priceMinTicks + _lastIndex;

    /// <summary>
    /// Trades an incoming order against the other side, best price first and oldest order first, down to its limit.
    /// </summary>
    /// <typeparam name="TSink">Where trades are told.</typeparam>
    /// <param name="takerOrderId">Order id of the incoming order, for the sink.</param>
    /// <param name="side">Side of the incoming order.</param>
    /// <param name="limitTicks">Its limit, within the range of the book; a market order gives the far end of the range.</param>
    /// <param name="lots">Its quantity.</param>
    /// <param name="sink">Is told of each trade.</param>
    /// <param name="fillsLeft">Most trades that may be made; is lowered by those that were.</param>
    /// <returns>The quantity that did not trade.</returns>
    public long Match<TSink>(long takerOrderId, int side, long limitTicks, long lots, ref TSink sink, ref int fillsLeft)
        where TSink : struct, ITradeSink
    {
        ref BookSide other = ref Side(side ^ 1);

        // The limit in the index space of the other side, where a tradable level is one at or above it.
        int limit = IndexOf(side ^ 1, limitTicks);
        while (lots != 0 && other.Best >= limit && fillsLeft != 0)
        {
            lots = MatchLevel(ref other, takerOrderId, PriceOf(side ^ 1, other.Best), lots, ref sink, ref fillsLeft);
        }

        return lots;
    }

    /// <summary>Whether an incoming order of that side and limit meets an order that it could trade with.</summary>
    public bool CanTrade(int side, long limitTicks) => Side(side ^ 1).Best >= IndexOf(side ^ 1, limitTicks);

    /// <summary>Puts a rented order at the end of its price level, all of it shown.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rest(int slot, int side, long priceTicks, long lots) => Rest(slot, side, priceTicks, lots, lots);

    /// <summary>Puts a rented order at the end of its price level. In continuous trading it must not cross the book.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rest(int slot, int side, long priceTicks, long shownLots, long openLots)
    {
        ref BookSide own = ref Side(side);
        int index = IndexOf(side, priceTicks);
        int page = own.PageOf[index >> PricePages.PageBits];
        if (page == 0)
        {
            page = OpenPage(ref own, index >> PricePages.PageBits);
        }

        int number = (page << PricePages.PageBits) | (index & PricePages.OffsetMask);
        ref PriceLevel level = ref _levels[number];
        ref OrderNode node = ref _nodes[slot];
        node.LeavesLots = shownLots;
        node.Level = number;
        node.Side = side;
        node.Next = 0;
        node.Prev = level.Tail;
        if (level.Tail != 0)
        {
            _nodes[level.Tail].Next = slot;
        }
        else
        {
            level.Head = slot;
            _pageTable[page].Occupied |= 1UL << (index & PricePages.OffsetMask);
            if (index > own.Best)
            {
                own.Best = index;
            }
        }

        level.Tail = slot;
        level.Lots += openLots;
    }

    /// <summary>Takes a resting order out of the book that shows all it has; its slot stays rented.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Remove(int slot) => Remove(slot, _nodes[slot].LeavesLots);

    /// <summary>Takes a resting order out of the book; its slot stays rented.</summary>
    /// <param name="slot">Its slot.</param>
    /// <param name="openLots">What is open of it, shown or not.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Remove(int slot, long openLots)
    {
        ref OrderNode node = ref _nodes[slot];
        ref PriceLevel level = ref _levels[node.Level];
        int next = node.Next;
        int prev = node.Prev;
        if (prev != 0)
        {
            _nodes[prev].Next = next;
        }
        else
        {
            level.Head = next;
        }

        if (next != 0)
        {
            _nodes[next].Prev = prev;
        }
        else
        {
            level.Tail = prev;
        }

        level.Lots -= openLots;
        if (level.Head == 0)
        {
            Emptied(ref Side(node.Side), node.Level);
        }

        node.Level = 0;
    }

    /// <summary>Lowers the open quantity of a resting order, which keeps its priority.</summary>
    /// <param name="slot">Its slot.</param>
    /// <param name="shownLots">What it shows from now on; positive.</param>
    /// <param name="removedLots">By how much what is open of it was lowered.</param>
    public void Reduce(int slot, long shownLots, long removedLots)
    {
        ref OrderNode node = ref _nodes[slot];
        Invariant.Require(shownLots > 0 && shownLots <= node.LeavesLots && removedLots >= 0);
        _levels[node.Level].Lots -= removedLots;
        node.LeavesLots = shownLots;
    }

    /// <summary>Best price index of a side; -1 when it is empty. Higher is better on both sides.</summary>
    public int BestIndex(int side) => Side(side).Best;

    /// <summary>The next worse price index that holds orders; -1 when there is none.</summary>
    public int NextIndex(int side, int index)
    {
        ref BookSide own = ref Side(side);
        int pageNumber = index >> PricePages.PageBits;
        int offset = index & PricePages.OffsetMask;
        ulong lower = _pageTable[own.PageOf[pageNumber]].Occupied & ((1UL << offset) - 1);
        return lower != 0
            ? (pageNumber << PricePages.PageBits) | BitOperations.Log2(lower)
            : BestAtOrBelowPage(ref own, pageNumber - 1);
    }

    /// <summary>The level at an index that holds orders.</summary>
    public ref readonly PriceLevel LevelAt(int side, int index)
    {
        int page = Side(side).PageOf[index >> PricePages.PageBits];
        return ref _levels[(page << PricePages.PageBits) | (index & PricePages.OffsetMask)];
    }

    /// <summary>Price of an index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long PriceOf(int side, int index) => _priceMinTicks + (side == BuySide ? index : _lastIndex - index);

    /// <inheritdoc/>
    public void Dispose()
    {
        _bidDirectory.Dispose();
        _askDirectory.Dispose();
        _sides[BuySide].Used.Dispose();
        _sides[SellSide].Used.Dispose();
    }

    private long MatchLevel<TSink>(ref BookSide other, long takerOrderId, long priceTicks, long lots, ref TSink sink, ref int fillsLeft)
        where TSink : struct, ITradeSink
    {
        int best = other.Best;
        int number = (other.PageOf[best >> PricePages.PageBits] << PricePages.PageBits) | (best & PricePages.OffsetMask);
        ref PriceLevel level = ref _levels[number];
        int slot = level.Head;
        do
        {
            ref OrderNode maker = ref _nodes[slot];
            long traded = Math.Min(maker.LeavesLots, lots);
            lots -= traded;
            level.Lots -= traded;
            maker.LeavesLots -= traded;
            fillsLeft--;
            long shownNext = sink.OnTrade(slot, in maker, takerOrderId, priceTicks, traded);
            if (maker.LeavesLots == 0)
            {
                int next = maker.Next;
                if (shownNext == 0)
                {
                    _pool.Return(slot);
                    slot = next;
                }
                else
                {
                    maker.LeavesLots = shownNext;
                    if (next != 0)
                    {
                        ToEnd(ref level, slot);
                        slot = next;
                    }
                }
            }
        }
        while (lots != 0 && slot != 0 && fillsLeft != 0);

        level.Head = slot;
        if (slot == 0)
        {
            level.Tail = 0;
            Emptied(ref other, number);
        }
        else
        {
            _nodes[slot].Prev = 0;
        }

        return lots;
    }

    // The head of a level, which is not its only order, becomes its last one; the caller moves the head on.
    private void ToEnd(ref PriceLevel level, int slot)
    {
        ref OrderNode node = ref _nodes[slot];
        _nodes[level.Tail].Next = slot;
        node.Prev = level.Tail;
        node.Next = 0;
        level.Tail = slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Emptied(ref BookSide side, int number)
    {
        int offset = number & PricePages.OffsetMask;
        ref PricePage page = ref _pageTable[number >> PricePages.PageBits];
        ulong occupied = page.Occupied & ~(1UL << offset);
        page.Occupied = occupied;
        int pageNumber = page.Number;
        if (occupied == 0)
        {
            ClosePage(ref side, pageNumber);
        }

        if (side.Best == ((pageNumber << PricePages.PageBits) | offset))
        {
            // No level above the best holds orders, so the highest bit left in the page is the next best.
            side.Best = occupied != 0
                ? (pageNumber << PricePages.PageBits) | BitOperations.Log2(occupied)
                : BestAtOrBelowPage(ref side, pageNumber - 1);
        }
    }

    private int BestAtOrBelowPage(ref BookSide side, int pageNumber)
    {
        int found = side.Used.FindAtOrBelow(pageNumber);
        return found < 0
            ? -1
            : (found << PricePages.PageBits) | BitOperations.Log2(_pageTable[side.PageOf[found]].Occupied);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int OpenPage(ref BookSide side, int pageNumber)
    {
        int page = _pages.Rent(pageNumber);
        side.PageOf[pageNumber] = page;
        side.Used.Set(pageNumber);
        return page;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ClosePage(ref BookSide side, int pageNumber)
    {
        _pages.Return(side.PageOf[pageNumber]);
        side.PageOf[pageNumber] = 0;
        side.Used.Clear(pageNumber);
    }

    /// <summary>Index of a price within the range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(int side, long priceTicks)
    {
        // The price was checked against the range of the book, which is at most 2^30 prices.
        int fromLowest = unchecked((int)(priceTicks - _priceMinTicks));
        return side == BuySide ? fromLowest : _lastIndex - fromLowest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref BookSide Side(int side) => ref Unsafe.Add(ref Unsafe.As<Sides, BookSide>(ref _sides), side);

    [InlineArray(2)]
    private struct Sides
    {
        private BookSide _first;
    }
}
