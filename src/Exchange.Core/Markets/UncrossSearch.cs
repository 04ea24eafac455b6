using System.Runtime.InteropServices;
using Exchange.Core.Matching;
using Exchange.Core.Orders;

namespace Exchange.Core.Markets;

// The price of an uncross (rules 5.2 to 5.4), found without looking at more levels than trade, and in pieces if there are many.
//
// The idea: level after level, the best bids are set off against the best asks, as if they traded. When the best bid left is below the best ask
// left, what was set off is the largest executable volume V, and the prices at which it can be executed are exactly those from the last ask
// touched to the last bid touched. Demand and supply there differ from V only by what is left, so the surplus follows from the next levels:
//
//      price ▲   bids                asks
//            │   B ───── last bid    ·····            [A, B] is where V can be executed
//            │   ·····               a1 ── left       surplus is negative from a1 up,
//            │   b1 ── left          ·····            positive from b1 down, 0 between
//            │   ·····               A ───── last ask
//
// Surplus only falls with the price, so the best candidate is one of A, B, the reference price and the first levels left on either side.
//
// What must hold: nothing enters or leaves the book between two pieces of one search; whoever takes an order out meanwhile sets IsStale, and the
// search begins anew.

/// <summary>Finds the price at which a crossed book uncrosses.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct UncrossSearch
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 64;

    // Of more orders at a far end only so many are looked at for one that bears a price.
    private const int FarEndVisitsMax = 1_024;
    private const int DeepMax = 3;

    /// <summary>The price; 0 when there is none, or it is not known yet.</summary>
    public long PriceTicks;

    /// <summary>What can be executed at the price.</summary>
    public long VolumeLots;

    /// <summary>Set when an order leaves the book meanwhile.</summary>
    public int IsStale;

    private int _isBegun;
    private int _bidIndex;
    private int _askIndex;
    private long _bidLots;
    private long _askLots;
    private long _lastBidTicks;
    private long _lastAskTicks;

    /// <summary>Goes on with the search.</summary>
    /// <param name="book">The book.</param>
    /// <param name="open">The orders in it.</param>
    /// <param name="referenceTicks">The reference price; 0 for none.</param>
    /// <param name="levels">Levels that may still be looked at; is lowered.</param>
    /// <returns>True when the price is known.</returns>
    public bool Run(OrderBook book, OpenOrders open, long referenceTicks, ref int levels)
    {
        if (_isBegun == 0 || IsStale != 0)
        {
            this = new UncrossSearch { _isBegun = 1, _bidIndex = int.MaxValue, _askIndex = int.MaxValue };
        }

        while (true)
        {
            if (!TryAdvance(book, OrderBook.BuySide, ref _bidIndex, ref _bidLots, ref levels)
                || !TryAdvance(book, OrderBook.SellSide, ref _askIndex, ref _askLots, ref levels))
            {
                return false;
            }

            if (_bidIndex < 0 || _askIndex < 0)
            {
                break;
            }

            long bidTicks = book.PriceOf(OrderBook.BuySide, _bidIndex);
            long askTicks = book.PriceOf(OrderBook.SellSide, _askIndex);
            if (bidTicks < askTicks)
            {
                break;
            }

            long lots = Math.Min(_bidLots, _askLots);
            VolumeLots += lots;
            _bidLots -= lots;
            _askLots -= lots;
            _lastBidTicks = bidTicks;
            _lastAskTicks = askTicks;
        }

        if (VolumeLots != 0)
        {
            Choose(book, open, referenceTicks);
        }

        return true;
    }

    // The next level of a side, when the present one is used up; an index below 0 when there is none. False when no more may be looked at.
    private static bool TryAdvance(OrderBook book, int side, ref int index, ref long lots, ref int levels)
    {
        if (lots != 0 || index < 0)
        {
            return true;
        }

        if (levels == 0)
        {
            return false;
        }

        levels--;
        index = index == int.MaxValue ? book.BestIndex(side) : book.NextIndex(side, index);
        lots = index < 0 ? 0 : book.LevelAt(side, index).Lots;
        return true;
    }

    private void Choose(OrderBook book, OpenOrders open, long referenceTicks)
    {
        Span<Depth> bids = stackalloc Depth[DeepMax];
        Span<Depth> asks = stackalloc Depth[DeepMax];
        int bidCount = Left(book, OrderBook.BuySide, _bidIndex, _bidLots, bids);
        int askCount = Left(book, OrderBook.SellSide, _askIndex, _askLots, asks);
        Choice choice = new() { ReferenceTicks = referenceTicks };

        bool isTopPriced = _lastBidTicks != book.PriceMaxTicks || HasPriced(book, open, OrderBook.BuySide);
        bool isBottomPriced = _lastAskTicks != book.PriceMinTicks || HasPriced(book, open, OrderBook.SellSide);
        if (isTopPriced)
        {
            Weigh(ref choice, _lastBidTicks, bids[..bidCount], asks[..askCount]);
        }

        if (isBottomPriced)
        {
            Weigh(ref choice, _lastAskTicks, bids[..bidCount], asks[..askCount]);
        }

        for (int i = 0; i < DeepMax - 1; i++)
        {
            // What is left of the last level touched has been weighed above, or stands at a far end without a price.
            if (i < bidCount && bids[i].Ticks < _lastBidTicks)
            {
                Weigh(ref choice, bids[i].Ticks, bids[..bidCount], asks[..askCount]);
            }

            if (i < askCount && asks[i].Ticks > _lastAskTicks)
            {
                Weigh(ref choice, asks[i].Ticks, bids[..bidCount], asks[..askCount]);
            }
        }

        Weigh(ref choice, referenceTicks, bids[..bidCount], asks[..askCount]);
        PriceTicks = choice.BestTicks();
        VolumeLots = PriceTicks == 0 ? 0 : VolumeLots;
    }

    // A candidate, with the surplus at it. One beyond the levels known has a larger surplus than another candidate and is left out.
    private readonly void Weigh(ref Choice choice, long ticks, ReadOnlySpan<Depth> bids, ReadOnlySpan<Depth> asks)
    {
        if (ticks < _lastAskTicks || ticks > _lastBidTicks
            || (bids.Length == DeepMax && ticks <= bids[DeepMax - 1].Ticks)
            || (asks.Length == DeepMax && ticks >= asks[DeepMax - 1].Ticks))
        {
            return;
        }

        long surplus = 0;
        foreach (Depth bid in bids)
        {
            surplus += bid.Ticks >= ticks ? bid.Lots : 0;
        }

        foreach (Depth ask in asks)
        {
            surplus -= ask.Ticks <= ticks ? ask.Lots : 0;
        }

        choice.Add(ticks, surplus);
    }

    private static int Left(OrderBook book, int side, int index, long lots, Span<Depth> depths)
    {
        int count = 0;
        while (index >= 0 && count < depths.Length)
        {
            depths[count++] = new Depth { Ticks = book.PriceOf(side, index), Lots = lots };
            index = book.NextIndex(side, index);
            lots = index < 0 ? 0 : book.LevelAt(side, index).Lots;
        }

        return count;
    }

    // Whether an order with a price stands at the far end of a side, which is its best level.
    private static bool HasPriced(OrderBook book, OpenOrders open, int side)
    {
        int slot = book.LevelAt(side, book.BestIndex(side)).Head;
        for (int visits = 0; slot != 0 && visits < FarEndVisitsMax; visits++)
        {
            if (!open[slot].HasNoPrice)
            {
                return true;
            }

            slot = open.Pool.Nodes[slot].Next;
        }

        return false;
    }

    private struct Depth
    {
        public long Ticks;
        public long Lots;
    }

    // Rule 5.4, (b) to (d), over candidates that all have the largest volume.
    private struct Choice
    {
        public long ReferenceTicks;
        private bool _isAny;
        private long _smallest;
        private bool _hasBuyers;
        private bool _hasSellers;
        private long _highest;
        private long _lowest;
        private long _nearest;

        public void Add(long ticks, long surplus)
        {
            long size = Math.Abs(surplus);
            if (_isAny && size > _smallest)
            {
                return;
            }

            if (!_isAny || size < _smallest)
            {
                this = new Choice { ReferenceTicks = ReferenceTicks, _isAny = true, _smallest = size, _highest = ticks, _lowest = ticks, _nearest = ticks };
            }

            _hasBuyers |= surplus > 0;
            _hasSellers |= surplus < 0;
            _highest = Math.Max(_highest, ticks);
            _lowest = Math.Min(_lowest, ticks);
            long distance = Math.Abs(ticks - ReferenceTicks);
            long nearest = Math.Abs(_nearest - ReferenceTicks);
            _nearest = distance < nearest || (distance == nearest && ticks > _nearest) ? ticks : _nearest;
        }

        public readonly long BestTicks() => (_isAny, _hasBuyers, _hasSellers) switch
        {
            (false, _, _) => 0,
            (_, true, false) => _highest,
            (_, false, true) => _lowest,
            _ => ReferenceTicks == 0 ? _highest : _nearest,
        };
    }
}
