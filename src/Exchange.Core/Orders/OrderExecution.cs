using System.Runtime.CompilerServices;
using Exchange.Core.Expiry;
using Exchange.Core.Instruments;
using Exchange.Core.Markets;
using Exchange.Core.Matching;
using Exchange.Core.Requests;
using Exchange.Core.Risk;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Orders;

/// <summary>
/// What happens to open orders: they enter a book, trade, rest, and end. Whoever calls has checked that the request may be carried out;
/// nothing here refuses anything. An aggressor that neither has to know itself in resting orders nor trades in a market with collars takes a
/// short way through the book; any other takes a longer one that looks at each resting order before it trades.
///
/// What must hold: an order whose slot is rented is in exactly one place or is being worked on by the caller; each trade and each end is
/// reported once, in the order in which it happened; the slot of an order that has ended is given back. One aggressor meets at most FillsMax
/// resting orders.
/// </summary>
internal sealed partial class OrderExecution : IDisposable
{
    private readonly MarketTable _markets;
    private readonly OpenOrders _open;
    private readonly OrderSessions _sessions;
    private readonly OrderReports _reports;
    private readonly OrderCounters _counters;
    private readonly PricePages _pages;
    private readonly FillForecast _forecast;
    private readonly int _fillsMax;

    /// <summary>Creates the execution of an empty order management.</summary>
    public OrderExecution(
        MarketTable markets, OrderEntryLimits limits, OpenOrders open, OrderSessions sessions, OrderReports reports, OrderCounters counters)
    {
        _markets = markets;
        _open = open;
        _sessions = sessions;
        _reports = reports;
        _counters = counters;
        _fillsMax = limits.FillsMax;
        _pages = new PricePages(open.OpenOrdersMax + 1);
        _forecast = new FillForecast(open, limits.FillsMax);
        Stops = new StopDesk(this, limits, open, reports, counters);
    }

    /// <summary>Keeps positions and exposures; told of every trade and every end.</summary>
    public required RiskDesk Risk { get; init; }

    /// <summary>Stop orders.</summary>
    public StopDesk Stops { get; }

    /// <summary>Good-till-date orders by their time.</summary>
    public ExpiryHeap? Dates { get; set; }

    /// <summary>Requests that are being answered over several commands; told of every order that closes meanwhile.</summary>
    public LongRequests? Requests { get; set; }

    /// <summary>Starts volatility auctions; while there is nobody who could, every collar rejects.</summary>
    public IVolatilityAuctions? VolatilityAuctions { get; set; }

    /// <summary>The book of an instrument, made when it is first needed.</summary>
    public OrderBook BookOf(int instrumentId) => BookOf(_markets[instrumentId]);

    /// <summary>
    /// Enters an acknowledged order that is nowhere yet. In continuous trading it is an aggressor, and what is left of it rests or is cancelled.
    /// Where orders are collected it rests, one without a price at the far end of the range. A stop waits for its price, and an order for the
    /// closing auction until that begins.
    /// </summary>
    public void Enter(int slot, in CommandContext context)
    {
        ref OrderDetail order = ref _open[slot];
        Market market = _markets[order.InstrumentId];
        if (order.IsStop)
        {
            Stops.Enter(market, slot);
        }
        else if (order.TimeInForce == TimeInForce.AtTheClose && (market.Phase != MarketPhase.ClosingAuction || market.Waiting.Count != 0))
        {
            order.Place = OrderPlace.Waiting;
            market.Waiting.Add(_open.Pool.Nodes, slot);
        }
        else if (market.Phase == MarketPhase.Continuous)
        {
            Trade(market, slot, in context);
        }
        else
        {
            Rest(market, slot);
        }
    }

    /// <summary>The order that has waited longest for the closing auction enters the book; false when none waits.</summary>
    public bool EnterNextWaiting(Market market)
    {
        int slot = market.Waiting.Head;
        if (slot == 0)
        {
            return false;
        }

        market.Waiting.Remove(_open.Pool.Nodes, slot);
        Rest(market, slot);
        return true;
    }

    /// <summary>Notes when an open order expires, or that it does not any more.</summary>
    public void NoteExpiry(int slot)
    {
        if (!_open[slot].HasExtras)
        {
            return;
        }

        if (Dates!.Contains(slot))
        {
            Dates.Remove(slot);
        }

        if (_open.ExtrasOf(slot).DueNs != 0)
        {
            Dates.Add(slot, _open.OrderIdOf(slot), _open.ExtrasOf(slot).DueNs);
        }
    }

    /// <summary>What has to follow a command or slice that may have traded: stops whose price was reached.</summary>
    public void Finish(int instrumentId, in CommandContext context)
    {
        Market market = _markets[instrumentId];
        if (market.Stops is { } stops)
        {
            Stops.AfterTrades(market, stops, in context);
        }
    }

    /// <summary>Takes an open order out of wherever it waits; its slot stays rented and the order open.</summary>
    public void Remove(int slot)
    {
        ref OrderDetail order = ref _open[slot];
        Market market = _markets[order.InstrumentId];
        switch (order.Place)
        {
            case OrderPlace.Book:
                market.Book!.Remove(slot, order.LeavesLots);
                market.Uncross?.BookChanged();
                break;
            case OrderPlace.Stops:
                market.Stops!.Book.Remove(slot, order.LeavesLots);
                break;
            case OrderPlace.Elected:
                market.Stops!.Elected.Remove(_open.Pool.Nodes, slot);
                break;
            default:
                Invariant.Require(order.Place == OrderPlace.Waiting);
                market.Waiting.Remove(_open.Pool.Nodes, slot);
                break;
        }

        order.Place = OrderPlace.None;
    }

    /// <summary>Lowers the quantity of an open order to <paramref name="quantityLots"/>, above what it has executed; it keeps its place.</summary>
    public void Reduce(int slot, long quantityLots)
    {
        ref OrderDetail order = ref _open[slot];
        Market market = _markets[order.InstrumentId];
        long leaves = quantityLots - order.CumLots;
        long removed = order.LeavesLots - leaves;
        order.QuantityLots = quantityLots;
        switch (order.Place)
        {
            case OrderPlace.Book:
                market.Book!.Reduce(slot, Math.Min(_open.Pool.Nodes[slot].LeavesLots, leaves), removed);
                break;
            case OrderPlace.Stops:
                market.Stops!.Book.Reduce(slot, leaves, removed);
                break;
            default:
                break;
        }
    }

    /// <summary>Takes an open order out of wherever it waits and ends it, without a request of the client's own.</summary>
    public void TakeOut(int slot, ExecType type, ReasonCode reason, in CommandContext context)
    {
        Remove(slot);
        End(slot, type, new Refusal(reason), in context);
    }

    /// <summary>Ends an order that is nowhere, without a request of the client's own.</summary>
    public void End(int slot, ExecType type, Refusal reason, in CommandContext context)
    {
        _reports.Close(slot, type, reason, in context);
        Close(slot, type == ExecType.Expired ? OrdStatus.Expired : OrdStatus.Canceled, in context);
        _open.Pool.Return(slot);
    }

    /// <summary>Makes a limit order of a market-to-limit order, wherever it waits, at the end of the level of its price.</summary>
    public void BecomeLimit(int slot, long priceTicks)
    {
        ref OrderDetail order = ref _open[slot];
        Risk.Changed(slot, ref order, priceTicks, order.LeavesLots);
        if (order.Place != OrderPlace.None)
        {
            Remove(slot);
            order.OrdType = OrdType.Limit;
            order.PriceTicks = priceTicks;
            Rest(_markets[order.InstrumentId], slot);
        }
        else
        {
            order.OrdType = OrdType.Limit;
            order.PriceTicks = priceTicks;
        }
    }

    /// <summary>
    /// A trade between two resting orders, as an uncross makes them, the buyer told first; hidden quantity trades too. Either is out of the book
    /// when nothing is left of it.
    /// </summary>
    public void TradeResting(int buySlot, int sellSlot, long priceTicks, long lots, in CommandContext context)
    {
        Market market = _markets[_open[buySlot].InstrumentId];
        long matchId = ++_counters.MatchId;
        Fill(buySlot, priceTicks, lots, matchId, LastLiquidityInd.None, in context);
        Fill(sellSlot, priceTicks, lots, matchId, LastLiquidityInd.None, in context);
        Traded(market, priceTicks);
        Settle(market, buySlot, lots, _open.Pool.Nodes[buySlot].LeavesLots, in context);
        Settle(market, sellSlot, lots, _open.Pool.Nodes[sellSlot].LeavesLots, in context);
    }

    /// <summary>A trade between an incoming order and a resting one, told by the book.</summary>
    /// <returns>What the resting order shows next if it shows nothing any more; 0 when it is done.</returns>
    internal long OnTrade(Market market, int takerSlot, int makerSlot, long shownLots, long priceTicks, long lots, in CommandContext context)
    {
        long matchId = ++_counters.MatchId;
        Fill(takerSlot, priceTicks, lots, matchId, LastLiquidityInd.RemovedLiquidity, in context);
        Fill(makerSlot, priceTicks, lots, matchId, LastLiquidityInd.AddedLiquidity, in context);
        Traded(market, priceTicks);
        if (shownLots != 0)
        {
            return 0;
        }

        if (_open[makerSlot].LeavesLots != 0)
        {
            return _open.ShownLotsOf(makerSlot);
        }

        // The book returns the slot.
        Close(makerSlot, OrdStatus.Filled, in context);
        return 0;
    }

    /// <summary>Moves the state of an order to the closed ones; the slot stays rented.</summary>
    public void Close(int slot, OrdStatus status, in CommandContext context)
    {
        ref OrderDetail order = ref _open[slot];
        OrderSession session = _sessions[order.SessionId];
        Risk.Closed(slot, ref order);
        if (order.HasExtras && Dates!.Contains(slot))
        {
            Dates.Remove(slot);
        }

        if (order.IsQuote)
        {
            Quotes!.Closing(slot);
        }
        else
        {
            Keep(session, slot, status, in context);
        }

        Uncrosses?.Closed(_markets[order.InstrumentId], slot);
        _open.Unlink(session, slot);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int id = 0; id < _markets.Count; id++)
        {
            _markets[id].Book?.Dispose();
            _markets[id].Stops?.Dispose();
        }

        _pages.Dispose();
    }

    /// <summary>The stops of a market, made when the first stop comes.</summary>
    internal MarketStops StopsOf(Market market) => market.Stops ??= new MarketStops(_open.Pool, _pages, market.Instrument);

    /// <summary>Puts an order that is nowhere at the end of its level.</summary>
    internal void Rest(Market market, int slot)
    {
        ref OrderDetail order = ref _open[slot];
        order.Place = OrderPlace.Book;
        BookOf(market).Rest(slot, order.BookSide, order.PriceTicks, _open.ShownLotsOf(slot), order.LeavesLots);
        Uncrosses?.Rested(market, slot);
    }

    // An aggressor in continuous trading.
    private void Trade(Market market, int slot, in CommandContext context)
    {
        ref OrderDetail order = ref _open[slot];
        OrderBook book = BookOf(market);
        long limitTicks = order.PriceTicks;
        if (order.OrdType != OrdType.Limit && !TryLimit(market, book, slot, out limitTicks))
        {
            End(slot, ExecType.Canceled, new Refusal(ReasonCode.NoLiquidity), in context);
            return;
        }

        SelfTradeKey key = SelfTradeKey.Of(Risk.Register.SessionOf(order.SessionId).Firm, in order, in _open.ExtrasOf(slot));
        if ((order.HasExtras || order.TimeInForce == TimeInForce.FillOrKill) && !CanFillEnough(market, book, slot, limitTicks, in key, in context))
        {
            return;
        }

        if (!key.IsNone || PriceCollar.IsDefinedFor(market) || Quotes?.MustLookIn(market) == true)
        {
            TradeGuarded(market, book, slot, limitTicks, in key, in context);
            return;
        }

        int fillsLeft = _fillsMax;
        OrderTradeSink sink = new(this, market, slot, context);
        _ = book.Match(_open.OrderIdOf(slot), order.BookSide, limitTicks, order.LeavesLots, ref sink, ref fillsLeft);
        Refusal stopped = fillsLeft == 0 && order.LeavesLots != 0 && book.CanTrade(order.BookSide, limitTicks)
            ? new Refusal(ReasonCode.TooManyFills, 0, _fillsMax)
            : Refusal.None;
        Leave(market, slot, stopped, in context);
    }

    // Looks at each resting order before it trades, because it may be the aggressor's own, or its price outside of the collars.
    private void TradeGuarded(Market market, OrderBook book, int slot, long limitTicks, in SelfTradeKey key, in CommandContext context)
    {
        ref OrderDetail order = ref _open[slot];
        int side = order.BookSide ^ 1;
        bool hasCollars = PriceCollar.IsDefinedFor(market);
        int fillsLeft = _fillsMax;
        Refusal stopped = Refusal.None;
        while (order.LeavesLots != 0 && book.CanTrade(order.BookSide, limitTicks))
        {
            int best = book.BestIndex(side);
            long priceTicks = book.PriceOf(side, best);
            if (fillsLeft == 0)
            {
                stopped = new Refusal(ReasonCode.TooManyFills, 0, _fillsMax);
                break;
            }

            if (hasCollars && IsOutsideOfCollars(market, priceTicks, out stopped))
            {
                break;
            }

            fillsLeft--;
            int resting = book.LevelAt(side, best).Head;
            if (TryTakeOutQuote(resting, in context))
            {
                continue;
            }

            if (!key.IsNone && key.Meets(Risk.Register, in _open[resting], in _open.ExtrasOf(resting)))
            {
                if (!Prevent(slot, resting, key.Mode, in context))
                {
                    return;
                }
            }
            else
            {
                TradeOne(market, slot, resting, priceTicks, in context);
                if (order.IsQuote && Quotes!.DoomOf(slot) is var doom && doom != ReasonCode.None)
                {
                    // Its own fills have tripped its protection.
                    stopped = new Refusal(doom);
                    break;
                }
            }
        }

        Leave(market, slot, stopped, in context);
    }

    private void TradeOne(Market market, int slot, int resting, long priceTicks, in CommandContext context)
    {
        long shown = _open.Pool.Nodes[resting].LeavesLots;
        long lots = Math.Min(_open[slot].LeavesLots, shown);
        long matchId = ++_counters.MatchId;
        Fill(slot, priceTicks, lots, matchId, LastLiquidityInd.RemovedLiquidity, in context);
        Fill(resting, priceTicks, lots, matchId, LastLiquidityInd.AddedLiquidity, in context);
        Traded(market, priceTicks);
        long leaves = _open[resting].LeavesLots;
        if (shown == lots && leaves != 0)
        {
            market.Book!.Remove(resting, lots + leaves);
            Rest(market, resting);
        }
        else
        {
            Settle(market, resting, lots, shown - lots, in context);
        }
    }

    // What becomes of an aggressor that has traded what it could.
    private void Leave(Market market, int slot, Refusal stopped, in CommandContext context)
    {
        ref OrderDetail order = ref _open[slot];
        if (order.LeavesLots == 0)
        {
            Close(slot, OrdStatus.Filled, in context);
            _open.Pool.Return(slot);
        }
        else if (stopped.Reason == ReasonCode.PriceCollar)
        {
            LeaveAtCollar(market, slot, stopped, in context);
        }
        else if (stopped.IsRefused || order.IsImmediate)
        {
            End(slot, ExecType.Canceled, stopped.IsRefused ? stopped : new Refusal(ReasonCode.NoLiquidity), in context);
        }
        else
        {
            Rest(market, slot);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LeaveAtCollar(Market market, int slot, Refusal stopped, in CommandContext context)
    {
        bool startsAuction = VolatilityAuctions is not null && market.Instrument.Definition.CollarAction == CollarAction.Auction;
        if (startsAuction)
        {
            VolatilityAuctions!.Start(market, in context);
        }

        if (!startsAuction || _open[slot].TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill)
        {
            End(slot, ExecType.Canceled, stopped, in context);
        }
        else
        {
            Rest(market, slot);
        }
    }

    // The limit of an order that bears none: the band of a market order, the best opposite price of a market-to-limit order, which it bears from now on.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryLimit(Market market, OrderBook book, int slot, out long limitTicks)
    {
        ref OrderDetail order = ref _open[slot];
        limitTicks = order.PriceTicks;
        int best = book.BestIndex(order.BookSide ^ 1);
        if (best < 0)
        {
            return order.OrdType != OrdType.MarketToLimit;
        }

        long bestTicks = book.PriceOf(order.BookSide ^ 1, best);
        if (order.OrdType == OrdType.MarketToLimit)
        {
            BecomeLimit(slot, bestTicks);
            limitTicks = bestTicks;
            return true;
        }

        int bandBp = market.Instrument.Definition.MarketBandBp;
        if (bandBp != 0)
        {
            Int128 width = (Int128)bestTicks * bandBp / 10_000;
            limitTicks = order.Side == Side.Buy
                ? (long)Int128.Min(limitTicks, bestTicks + width)
                : (long)Int128.Max(limitTicks, bestTicks - width);
        }

        return true;
    }

    // Ends an order that must trade in full or at least a minimum, and would not.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool CanFillEnough(Market market, OrderBook book, int slot, long limitTicks, in SelfTradeKey key, in CommandContext context)
    {
        ref OrderDetail order = ref _open[slot];
        bool isFillOrKill = order.TimeInForce == TimeInForce.FillOrKill;
        long minimum = order.HasExtras ? _open.ExtrasOf(slot).MinLots : 0;
        if (!isFillOrKill && minimum == 0)
        {
            return true;
        }

        _forecast.Run(market, book, Risk.Register, in order, limitTicks, in key, isFillOrKill ? long.MaxValue : minimum);
        ReasonCode reason = isFillOrKill && !_forecast.IsComplete ? ReasonCode.NotFillableInFull
            : _forecast.FoundLots < minimum ? ReasonCode.MinQtyNotMet
            : ReasonCode.None;
        if (reason == ReasonCode.None)
        {
            return true;
        }

        End(slot, ExecType.Canceled, new Refusal(reason), in context);
        return false;
    }

    private static bool IsOutsideOfCollars(Market market, long priceTicks, out Refusal refusal)
    {
        refusal = Refusal.None;
        if (PriceCollar.DynamicOf(market, market.ReferenceTicks).Forbids(priceTicks, out long boundTicks)
            || PriceCollar.StaticOf(market).Forbids(priceTicks, out boundTicks))
        {
            Instrument instrument = market.Instrument;
            refusal = new Refusal(ReasonCode.PriceCollar, instrument.ToPriceE8(priceTicks), instrument.ToPriceE8(boundTicks));
        }

        return refusal.IsRefused;
    }

    // An aggressor has met itself; false when that is its end. The resting order is told first.
    private bool Prevent(int slot, int resting, SelfTradeMode mode, in CommandContext context)
    {
        long lots = Math.Min(_open[slot].LeavesLots, _open[resting].LeavesLots);
        bool endsResting = mode is SelfTradeMode.CancelOldest or SelfTradeMode.CancelBoth || (mode == SelfTradeMode.Decrement && _open[resting].LeavesLots == lots);
        bool endsAggressor = mode is SelfTradeMode.CancelNewest or SelfTradeMode.CancelBoth || (mode == SelfTradeMode.Decrement && _open[slot].LeavesLots == lots);
        if (endsResting)
        {
            TakeOut(resting, ExecType.Canceled, ReasonCode.SelfTradePrevented, in context);
        }
        else if (mode == SelfTradeMode.Decrement)
        {
            Risk.LeavesChanged(resting, in _open[resting], _open[resting].LeavesLots - lots);
            Reduce(resting, _open[resting].QuantityLots - lots);
            _reports.Restate(resting, ReasonCode.SelfTradePrevented, in context);
        }

        if (endsAggressor)
        {
            End(slot, ExecType.Canceled, new Refusal(ReasonCode.SelfTradePrevented), in context);
            return false;
        }

        if (mode == SelfTradeMode.Decrement)
        {
            Risk.LeavesChanged(slot, in _open[slot], _open[slot].LeavesLots - lots);
            _open[slot].QuantityLots -= lots;
            _reports.Restate(slot, ReasonCode.SelfTradePrevented, in context);
        }

        return true;
    }

    private static void Traded(Market market, long priceTicks)
    {
        market.Traded(priceTicks);
        market.Stops?.Traded(priceTicks);
    }

    private void Fill(int slot, long priceTicks, long lots, long matchId, LastLiquidityInd liquidity, in CommandContext context)
    {
        ref OrderDetail order = ref _open[slot];
        Risk.Traded(slot, in order, priceTicks, lots);
        order.CumLots += lots;
        order.TicksLots = AveragePrice.Add(order.TicksLots, priceTicks, lots);
        _reports.Trade(slot, priceTicks, lots, matchId, liquidity, in context);
        if (order.IsQuote)
        {
            Quotes!.Traded(slot, _markets[order.InstrumentId], priceTicks, lots, in context);
        }
    }

    // What a trade of so many lots leaves of a resting order, which then shows as much as it is told, as far as it has that.
    private void Settle(Market market, int slot, long lots, long shown, in CommandContext context)
    {
        long leaves = _open[slot].LeavesLots;
        if (leaves != 0)
        {
            market.Book!.Reduce(slot, Math.Min(shown, leaves), lots);
            return;
        }

        market.Book!.Remove(slot, lots);
        Close(slot, OrdStatus.Filled, in context);
        _open.Pool.Return(slot);
    }

    private OrderBook BookOf(Market market) => market.Book ?? OpenBook(market);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private OrderBook OpenBook(Market market)
    {
        OrderBook book = new(_open.Pool, _pages, market.Instrument.PriceMinTicks, market.Instrument.PriceMaxTicks);
        market.Book = book;
        return book;
    }
}
