using System.Runtime.CompilerServices;
using Exchange.Core.Matching;
using Exchange.Core.Orders;
using Exchange.Core.Requests;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Markets;

// An uncross (rules 2.5 and 5) may concern every order of a book, so it is a task:
//
//      phase change ──▶ EnterWaiting ──▶ Determine ──▶ Trade ──▶ Leftovers ──▶ next phase, elected stops
//                       (closing auction)                                     then a change that came meanwhile
//
// What must hold: the phase is Uncrossing from the first to the last of these, so nothing enters the book; cancels may take orders out at any
// time but the search for the price begins anew then; every stage goes on from what stands in the book, so nothing is remembered of orders.

/// <summary>Carries out uncrosses, and the entry of orders that waited for the closing auction.</summary>
internal sealed class UncrossDesk : ITaskWorker, IDisposable
{
    private readonly MarketTable _markets;
    private readonly OrderExecution _execution;
    private readonly OpenOrders _open;
    private readonly AuctionOrders _auctionOrders;

    /// <summary>Creates the desk.</summary>
    public UncrossDesk(MarketTable markets, OrderExecution execution, OpenOrders open)
    {
        _markets = markets;
        _execution = execution;
        _open = open;
        _auctionOrders = new AuctionOrders(open.OpenOrdersMax + 1);
    }

    /// <summary>Carries out what follows; set once.</summary>
    public PhaseDesk? Phases { get; set; }

    /// <summary>An order has come to rest in a book.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rested(Market market, int slot)
    {
        if (market.Phase != MarketPhase.Continuous)
        {
            Collected(market, slot);
        }
    }

    /// <summary>An order closes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Closed(Market market, int slot)
    {
        if (market.AuctionOrders.Head != 0)
        {
            _auctionOrders.Remove(market.AuctionOrders, slot);
        }
    }

    // An order rests in the book of a market that collects orders.
    private void Collected(Market market, int slot)
    {
        ref OrderDetail order = ref _open[slot];
        if (order.HasNoPrice || order.TimeInForce is TimeInForce.AtTheOpening or TimeInForce.AtTheClose)
        {
            _auctionOrders.Add(market.AuctionOrders, slot);
        }
    }

    /// <summary>Trading is continuous from now on: stops that an auction's price has reached, or that were elected before, are triggered.</summary>
    public void Resume(Market market, in CommandContext context) => _execution.Stops.AfterUncross(market, in context);

    /// <summary>Whether a change to a phase has to go through an uncross (rule 2.2).</summary>
    public static bool IsNeeded(Market market, MarketPhase to) => to switch
    {
        MarketPhase.Continuous => market.IsInAuction || market.AuctionOrders.Head != 0 || market.IsCrossed,
        MarketPhase.Closed => market.IsInAuction || market.AuctionOrders.Head != 0 || market.Waiting.Count != 0,
        _ => false,
    };

    /// <summary>Begins an uncross; the market is in the phase that it leaves.</summary>
    public void Begin(Market market, MarketPhase to, long toEndNs)
    {
        bool trades = market.IsInAuction || to == MarketPhase.Continuous;
        market.Uncross = new Uncross
        {
            To = to,
            ToEndNs = toEndNs,
            Stage = !trades ? UncrossStage.Leftovers : market.Phase == MarketPhase.ClosingAuction ? UncrossStage.EnterWaiting : UncrossStage.Determine,
        };
        market.AuctionOrders.Cursor = market.AuctionOrders.Head;
        _markets.Tasks.Add(TaskKind.Uncross, market.Id);
    }

    /// <summary>The closing auction begins: what waits for it enters the book (rule 2.5).</summary>
    public void BeginClosing(Market market)
    {
        if (market.Waiting.Count != 0 && !market.HasClosingTask)
        {
            market.HasClosingTask = true;
            _markets.Tasks.Add(TaskKind.ClosingOrders, market.Id);
        }
    }

    /// <inheritdoc/>
    public bool Work(ref VenueTask task, ref SliceBudget budget, in CommandContext context)
    {
        Market market = _markets[task.Subject];
        if (task.Kind == TaskKind.ClosingOrders)
        {
            market.HasClosingTask = market.Phase == MarketPhase.ClosingAuction && !EnterWaiting(market, ref budget);
            return !market.HasClosingTask;
        }

        Uncross uncross = market.Uncross!;
        switch (uncross.Stage)
        {
            case UncrossStage.EnterWaiting:
                if (!EnterWaiting(market, ref budget))
                {
                    return false;
                }

                uncross.Stage = UncrossStage.Determine;
                goto case UncrossStage.Determine;
            case UncrossStage.Determine:
                if (market.Book is { } book && !uncross.Search.Run(book, _open, market.ReferenceTicks, ref budget.Levels))
                {
                    return false;
                }

                uncross.Stage = UncrossStage.Trade;
                goto case UncrossStage.Trade;
            case UncrossStage.Trade:
                if (!Trade(market, uncross, ref budget, in context))
                {
                    return false;
                }

                uncross.Stage = UncrossStage.Leftovers;
                market.AuctionOrders.Cursor = market.AuctionOrders.Head;
                goto default;
            default:
                if (!EndLeftovers(market, uncross, ref budget, in context))
                {
                    return false;
                }

                Finish(market, uncross, ref budget, in context);
                return true;
        }
    }

    /// <summary>The indicative price and volume; (0, 0) when there is none, or too many levels would have to be looked at (rule 5.6).</summary>
    public (long PriceTicks, long VolumeLots) Indicate(Market market, ref SliceBudget budget)
    {
        UncrossSearch search = default;
        return market.Book is { } book && search.Run(book, _open, market.ReferenceTicks, ref budget.Levels)
            ? (search.PriceTicks, search.VolumeLots)
            : (0, 0);
    }

    /// <summary>Writes the uncrosses under way.</summary>
    public void Save(SnapshotWriter writer)
    {
        for (int id = 0; id < _markets.Count; id++)
        {
            Market market = _markets[id];
            if (market.Uncross is not { } uncross)
            {
                continue;
            }

            writer.WriteInt64((long)uncross.To);
            writer.WriteInt64(uncross.ToEndNs);
            writer.WriteInt64((long)uncross.Kept);
            writer.WriteInt64(uncross.KeptEndNs);
            writer.WriteInt64((long)uncross.Stage);
            writer.WriteInt64(uncross.HasTraded ? 1 : 0);
            writer.Write(in uncross.Search);
            writer.WriteInt64(market.AuctionOrders.Cursor == 0 ? 0 : _open.OrderIdOf(market.AuctionOrders.Cursor));
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote, when markets and orders are restored, and links the auction orders.</summary>
    /// <exception cref="InvalidDataException">An uncross is not one that can go on.</exception>
    public void Load(SnapshotReader reader)
    {
        LinkAll();
        for (int id = 0; id < _markets.Count; id++)
        {
            Market market = _markets[id];
            if (market.Phase != MarketPhase.Uncrossing)
            {
                continue;
            }

            Uncross uncross = new() { To = (MarketPhase)reader.ReadCount((long)MarketPhase.Continuous, "phase behind an uncross"), ToEndNs = reader.ReadInt64() };
            uncross.Kept = (MarketPhase)reader.ReadCount((long)MarketPhase.CancelOnly, "phase that was kept");
            uncross.KeptEndNs = reader.ReadInt64();
            uncross.Stage = (UncrossStage)reader.ReadCount((long)UncrossStage.Leftovers, "stage of an uncross");
            uncross.HasTraded = reader.ReadCount(1, "whether an uncross has traded") == 1;
            uncross.Search = reader.Read<UncrossSearch>();
            long cursor = reader.ReadInt64();
            market.Uncross = uncross;
            market.AuctionOrders.Cursor = cursor == 0 ? 0 : _open.Pool.Find(cursor);
            if (uncross.To is not (MarketPhase.Closed or MarketPhase.Continuous) || (cursor != 0 && !_auctionOrders.Contains(market.AuctionOrders.Cursor)))
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: the uncross of instrument {id} into {uncross.To} at order {cursor} is not possible");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _auctionOrders.Dispose();

    // In the order of their numbers, which is that in which they once came.
    private void LinkAll()
    {
        List<(long OrderId, int Slot)> found = [];
        for (int id = 0; id < _markets.Count; id++)
        {
            Market market = _markets[id];
            if (market.Book is not { } book || market.Phase == MarketPhase.Continuous)
            {
                continue;
            }

            for (int side = OrderBook.BuySide; side <= OrderBook.SellSide; side++)
            {
                for (int index = book.BestIndex(side); index >= 0; index = book.NextIndex(side, index))
                {
                    for (int slot = book.LevelAt(side, index).Head; slot != 0; slot = _open.Pool.Nodes[slot].Next)
                    {
                        found.Add((_open.OrderIdOf(slot), slot));
                    }
                }
            }
        }

        found.Sort();
        foreach ((_, int slot) in found)
        {
            Rested(_markets[_open[slot].InstrumentId], slot);
        }
    }

    private bool EnterWaiting(Market market, ref SliceBudget budget)
    {
        while (market.Waiting.Count != 0)
        {
            if (!budget.TryTake(isAction: true))
            {
                return false;
            }

            _execution.EnterNextWaiting(market);
        }

        return true;
    }

    private bool Trade(Market market, Uncross uncross, ref SliceBudget budget, in CommandContext context)
    {
        long price = uncross.Search.PriceTicks;
        if (price == 0)
        {
            return true;
        }

        OrderBook book = market.Book!;
        while (true)
        {
            int bid = book.BestIndex(OrderBook.BuySide);
            int ask = book.BestIndex(OrderBook.SellSide);
            if (bid < 0 || ask < 0 || book.PriceOf(OrderBook.BuySide, bid) < price || book.PriceOf(OrderBook.SellSide, ask) > price)
            {
                return true;
            }

            if (!budget.TryTake(isAction: true))
            {
                return false;
            }

            int buy = book.LevelAt(OrderBook.BuySide, bid).Head;
            int sell = book.LevelAt(OrderBook.SellSide, ask).Head;
            if (_execution.TryTakeOutQuote(buy, in context) || _execution.TryTakeOutQuote(sell, in context))
            {
                continue;
            }

            if (_execution.TryTakeOutQuote(buy, in context) || _execution.TryTakeOutQuote(sell, in context))
            {
                continue;
            }

            _execution.TradeResting(buy, sell, price, Math.Min(_open[buy].LeavesLots, _open[sell].LeavesLots), in context);
            market.Uncrossed(price);
            uncross.HasTraded = true;
        }
    }

    private bool EndLeftovers(Market market, Uncross uncross, ref SliceBudget budget, in CommandContext context)
    {
        while (market.AuctionOrders.Cursor is int slot and not 0)
        {
            if (!budget.TryTake(isAction: true))
            {
                return false;
            }

            // It leaves the list in any case, which moves the cursor on.
            EndLeftover(market, uncross, slot, in context);
        }

        while (uncross.To == MarketPhase.Closed && market.Waiting.Count != 0)
        {
            if (!budget.TryTake(isAction: true))
            {
                return false;
            }

            _execution.TakeOut(market.Waiting.Head, ExecType.Expired, ReasonCode.NotExecutedAtClose, in context);
        }

        return true;
    }

    private void EndLeftover(Market market, Uncross uncross, int slot, in CommandContext context)
    {
        ref OrderDetail order = ref _open[slot];
        if (order.TimeInForce == TimeInForce.AtTheOpening)
        {
            _execution.TakeOut(slot, ExecType.Expired, ReasonCode.NotExecutedAtOpen, in context);
        }
        else if (order.TimeInForce == TimeInForce.AtTheClose)
        {
            _execution.TakeOut(slot, ExecType.Expired, ReasonCode.NotExecutedAtClose, in context);
        }
        else if (order.OrdType == OrdType.MarketToLimit && uncross.HasTraded)
        {
            _auctionOrders.Remove(market.AuctionOrders, slot);
            _execution.BecomeLimit(slot, uncross.Search.PriceTicks);
            _execution.Restate(slot, in context);
        }
        else
        {
            _execution.TakeOut(slot, ExecType.Canceled, ReasonCode.NoLiquidity, in context);
        }
    }

    private void Finish(Market market, Uncross uncross, ref SliceBudget budget, in CommandContext context)
    {
        market.Uncross = null;
        if (uncross.To != MarketPhase.Continuous)
        {
            _execution.Stops.AfterUncross(market, in context);
        }

        Phases!.Enter(market, uncross.To, uncross.ToEndNs, in context);
        budget.Actions = market.Stops is null ? budget.Actions : 0;
        if (uncross.Kept != MarketPhase.Group)
        {
            Phases.Change(market, uncross.Kept, uncross.KeptEndNs, in context);
        }
    }
}
