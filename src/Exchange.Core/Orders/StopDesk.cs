using Exchange.Core.Markets;
using Exchange.Core.Matching;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Orders;

// A stop waits outside of the book until its price trades (trading rule 4.10). That can happen to many at once, and each that is triggered
// may trade and elect more: so there is a line between election and triggering, and a bound on both.
//
//      waits in the book of stops ──elected──▶ line ──triggered──▶ an ordinary market or limit order
//
// What must hold: in a market in continuous trading whose task is not under way no stop is in the line when a command is done; a stop is
// elected once; the order in the line is that of election: buys from the lowest price up, then sells from the highest down, equal prices in
// the order in which they came to wait.

/// <summary>Stop orders: from waiting over election to what they become.</summary>
internal sealed class StopDesk(OrderExecution execution, OrderEntryLimits limits, OpenOrders open, OrderReports reports, OrderCounters counters)
{
    /// <summary>Works off what one command could not; while there is nobody who could, it is left for the next command that trades there.</summary>
    public ITriggerTasks? Tasks { get; set; }

    /// <summary>Enters a stop that is nowhere: it waits, or is elected at once if its price has traded already.</summary>
    public void Enter(Market market, int slot)
    {
        MarketStops stops = execution.StopsOf(market);
        ref OrderDetail order = ref open[slot];
        long stopTicks = open.ExtrasOf(slot).StopTicks;
        bool isBuy = order.Side == Side.Buy;
        long lastTicks = market.TradedTodayTicks;
        bool isReached = lastTicks != 0 && (isBuy ? lastTicks >= stopTicks : lastTicks <= stopTicks);
        bool isBeingElected = stops.HasRange && (isBuy ? stopTicks <= stops.HighTicks : stopTicks >= stops.LowTicks);
        if (market.Phase == MarketPhase.Continuous && (isReached || isBeingElected))
        {
            Elect(stops, slot);
        }
        else
        {
            order.Place = OrderPlace.Stops;
            stops.Book.Rest(slot, order.BookSide ^ 1, stopTicks, order.LeavesLots);
        }
    }

    /// <summary>Elects the stops whose price has traded and triggers what may be triggered now.</summary>
    public void AfterTrades(Market market, MarketStops stops, in CommandContext context)
    {
        int electionsLeft = limits.ElectionsMax;
        Elect(stops, ref electionsLeft);
        if (market.Phase == MarketPhase.Continuous && !stops.HasTask && !Work(market, stops, ref electionsLeft, in context) && Tasks is not null)
        {
            stops.HasTask = true;
            Tasks.Begin(market);
        }
    }

    /// <summary>
    /// An uncross is done and the next phase has begun: if that is continuous trading, its price elects stops, and those that were elected
    /// before trading stopped go on; otherwise it elects none.
    /// </summary>
    public void AfterUncross(Market market, in CommandContext context)
    {
        if (market.Stops is not { } stops)
        {
            return;
        }

        if (market.Phase == MarketPhase.Continuous)
        {
            AfterTrades(market, stops, in context);
        }
        else
        {
            stops.ForgetRange();
        }
    }

    /// <summary>A slice of the task of a market; true when it is done.</summary>
    public bool RunSlice(Market market, in CommandContext context)
    {
        MarketStops stops = market.Stops!;
        int electionsLeft = limits.ElectionsMax;
        stops.HasTask = !Work(market, stops, ref electionsLeft, in context);
        return !stops.HasTask;
    }

    // True when nothing is left to do, or trading is not continuous any more: then the line stands still.
    private bool Work(Market market, MarketStops stops, ref int electionsLeft, in CommandContext context)
    {
        int triggersLeft = limits.TriggersMax;
        long lastMatchId = counters.MatchId + limits.FillsMax;
        while (market.Phase == MarketPhase.Continuous)
        {
            Elect(stops, ref electionsLeft);
            int slot = stops.Elected.Head;
            if (slot == 0)
            {
                return !stops.HasRange;
            }

            if (triggersLeft == 0 || counters.MatchId >= lastMatchId)
            {
                return false;
            }

            triggersLeft--;
            stops.Elected.Remove(open.Pool.Nodes, slot);
            ref OrderDetail order = ref open[slot];
            order.Place = OrderPlace.None;
            order.OrdType = order.OrdType == OrdType.Stop ? OrdType.Market : OrdType.Limit;
            reports.Trigger(slot, in context);
            execution.Enter(slot, in context);
        }

        return true;
    }

    private void Elect(MarketStops stops, ref int electionsLeft)
    {
        if (!stops.HasRange)
        {
            return;
        }

        OrderBook book = stops.Book;
        int best;
        while ((best = book.BestIndex(OrderBook.SellSide)) >= 0 && book.PriceOf(OrderBook.SellSide, best) <= stops.HighTicks)
        {
            if (electionsLeft == 0)
            {
                return;
            }

            electionsLeft--;
            ElectBest(stops, OrderBook.SellSide, best);
        }

        while ((best = book.BestIndex(OrderBook.BuySide)) >= 0 && book.PriceOf(OrderBook.BuySide, best) >= stops.LowTicks)
        {
            if (electionsLeft == 0)
            {
                return;
            }

            electionsLeft--;
            ElectBest(stops, OrderBook.BuySide, best);
        }

        stops.ForgetRange();
    }

    private void ElectBest(MarketStops stops, int side, int index)
    {
        int slot = stops.Book.LevelAt(side, index).Head;
        stops.Book.Remove(slot, open[slot].LeavesLots);
        Elect(stops, slot);
    }

    private void Elect(MarketStops stops, int slot)
    {
        open[slot].Place = OrderPlace.Elected;
        stops.Elected.Add(open.Pool.Nodes, slot);
    }
}
