using Exchange.Core.Markets;
using Exchange.Core.Matching;
using Exchange.Core.Quotes;
using Exchange.Core.Risk;
using Exchange.Protocol;

namespace Exchange.Core.Orders;

/// <summary>
/// Works out what an aggressor would trade, part by part as it would happen, without doing anything (trading rule 4.3): for orders that must
/// trade in full, or at least a minimum, or not at all.
///
/// It must foresee exactly what <see cref="OrderExecution"/> would do: a fill-or-kill order that it lets pass trades to the end. So it follows
/// the same limits, collars, parts of icebergs and prevented self-trades. Icebergs of a level come round again behind its last order; those
/// with something hidden are kept aside in the order in which they do.
/// </summary>
internal sealed class FillForecast(OpenOrders open, int fillsMax)
{
    private readonly int[] _icebergs = new int[fillsMax];
    private readonly long[] _hidden = new long[fillsMax];
    private int _icebergCount;
    private int _partsLeft;
    private long _open;

    /// <summary>Knows which quotes are withdrawn and count for nothing.</summary>
    public QuoteDesk? Quotes { get; set; }

    /// <summary>What would trade.</summary>
    public long FoundLots { get; private set; }

    /// <summary>Whether the aggressor would trade to its end; what a prevented self-trade takes from it need not trade.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Works it out; may stop as soon as <paramref name="enoughLots"/> have been found.</summary>
    public void Run(Market market, OrderBook book, RiskRegister register, in OrderDetail order, long limitTicks, in SelfTradeKey key, long enoughLots)
    {
        int side = order.BookSide ^ 1;
        int limit = book.IndexOf(side, limitTicks);
        bool hasCollars = PriceCollar.IsDefinedFor(market);
        long referenceTicks = market.ReferenceTicks;
        FoundLots = 0;
        IsComplete = false;
        _partsLeft = fillsMax;
        _open = order.LeavesLots;
        for (int index = book.BestIndex(side); index >= limit && index >= 0; index = book.NextIndex(side, index))
        {
            long priceTicks = book.PriceOf(side, index);
            if (hasCollars && (PriceCollar.DynamicOf(market, referenceTicks).Forbids(priceTicks, out _) || PriceCollar.StaticOf(market).Forbids(priceTicks, out _)))
            {
                return;
            }

            long before = FoundLots;
            if (!RunLevel(book.LevelAt(side, index).Head, register, in key))
            {
                IsComplete = _open == 0;
                return;
            }

            if (FoundLots >= enoughLots)
            {
                return;
            }

            referenceTicks = FoundLots != before ? priceTicks : referenceTicks;
        }
    }

    // False when the aggressor would get no further than this level.
    private bool RunLevel(int head, RiskRegister register, in SelfTradeKey key)
    {
        _icebergCount = 0;
        for (int slot = head; slot != 0; slot = open.Pool.Nodes[slot].Next)
        {
            if (_partsLeft == 0)
            {
                return false;
            }

            _partsLeft--;
            ref OrderDetail resting = ref open[slot];
            if (resting.IsQuote && Quotes!.DoomOf(slot) != ReasonCode.None)
            {
                continue;
            }

            if (!key.IsNone && key.Meets(register, in resting, in open.ExtrasOf(slot)))
            {
                if (!Prevent(key.Mode, resting.LeavesLots))
                {
                    return false;
                }

                continue;
            }

            long shown = open.Pool.Nodes[slot].LeavesLots;
            if (!Take(shown))
            {
                return false;
            }

            if (resting.LeavesLots != shown)
            {
                _icebergs[_icebergCount] = slot;
                _hidden[_icebergCount] = resting.LeavesLots - shown;
                _icebergCount++;
            }
        }

        while (_icebergCount != 0)
        {
            if (!RunRound())
            {
                return false;
            }
        }

        return true;
    }

    // One more part of each iceberg that has one.
    private bool RunRound()
    {
        int kept = 0;
        for (int i = 0; i < _icebergCount; i++)
        {
            if (_partsLeft == 0)
            {
                return false;
            }

            _partsLeft--;
            long part = Math.Min(open.ExtrasOf(_icebergs[i]).DisplayLots, _hidden[i]);
            if (!Take(part))
            {
                return false;
            }

            if (_hidden[i] != part)
            {
                _icebergs[kept] = _icebergs[i];
                _hidden[kept] = _hidden[i] - part;
                kept++;
            }
        }

        _icebergCount = kept;
        return true;
    }

    private bool Take(long lots)
    {
        long taken = Math.Min(lots, _open);
        FoundLots += taken;
        _open -= taken;
        return _open != 0;
    }

    // False when the aggressor would end here.
    private bool Prevent(SelfTradeMode mode, long restingLots)
    {
        if (mode == SelfTradeMode.CancelOldest)
        {
            return true;
        }

        if (mode != SelfTradeMode.Decrement || restingLots >= _open)
        {
            return false;
        }

        _open -= restingLots;
        return true;
    }
}
