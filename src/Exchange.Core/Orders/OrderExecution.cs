using System.Runtime.CompilerServices;
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
/// nothing here refuses anything.
///
/// What must hold: an order whose slot is rented is in exactly one place or is being worked on by the caller; each trade and each end is
/// reported once, in the order in which it happened; the slot of an order that has ended is given back.
/// </summary>
internal sealed class OrderExecution : IDisposable
{
    private readonly MarketTable _markets;
    private readonly OpenOrders _open;
    private readonly OrderSessions _sessions;
    private readonly OrderReports _reports;
    private readonly OrderCounters _counters;
    private readonly PricePages _pages;

    /// <summary>Creates the execution of an empty order management.</summary>
    public OrderExecution(MarketTable markets, OpenOrders open, OrderSessions sessions, OrderReports reports, OrderCounters counters)
    {
        _markets = markets;
        _open = open;
        _sessions = sessions;
        _reports = reports;
        _counters = counters;
        _pages = new PricePages(open.OpenOrdersMax + 1);
    }

    /// <summary>Keeps positions and exposures; told of every trade and every end.</summary>
    public required RiskDesk Risk { get; init; }

    /// <summary>Requests that are being answered over several commands; told of every order that closes meanwhile.</summary>
    public LongRequests? Requests { get; set; }

    /// <summary>The book of an instrument, made when it is first needed.</summary>
    public OrderBook BookOf(int instrumentId) => _markets[instrumentId].Book ?? OpenBook(_markets[instrumentId]);

    /// <summary>
    /// Enters an acknowledged order that is in no book: as an aggressor where trading is continuous; what is left rests or is cancelled.
    /// Where orders are collected it rests, a market order at the far end of the range.
    /// </summary>
    public void Enter(int slot, in CommandContext context)
    {
        ref OrderDetail order = ref _open[slot];
        Market market = _markets[order.InstrumentId];
        OrderBook book = BookOf(order.InstrumentId);
        if (market.Phase != MarketPhase.Continuous)
        {
            book.Rest(slot, order.BookSide, order.PriceTicks, order.LeavesLots);
            return;
        }

        if (order.TimeInForce == TimeInForce.FillOrKill && !book.CanFill(order.BookSide, order.PriceTicks, order.LeavesLots))
        {
            End(slot, ExecType.Canceled, ReasonCode.NotFillableInFull, in context);
            return;
        }

        OrderTradeSink sink = new(this, slot, context);
        long left = book.Match(_open.OrderIdOf(slot), order.BookSide, order.PriceTicks, order.LeavesLots, ref sink);
        if (left == 0)
        {
            Close(slot, OrdStatus.Filled, in context);
            _open.Pool.Return(slot);
        }
        else if (order.IsImmediate)
        {
            End(slot, ExecType.Canceled, ReasonCode.NoLiquidity, in context);
        }
        else
        {
            book.Rest(slot, order.BookSide, order.PriceTicks, left);
        }
    }

    /// <summary>Takes an open order out of wherever it waits; its slot stays rented and the order open.</summary>
    public void Remove(int slot) => _markets[_open[slot].InstrumentId].Book!.Remove(slot);

    /// <summary>Takes an open order out of wherever it waits and ends it, without a request of the client's own.</summary>
    public void TakeOut(int slot, ExecType type, ReasonCode reason, in CommandContext context)
    {
        Remove(slot);
        End(slot, type, reason, in context);
    }

    /// <summary>Ends an order that is in no book, without a request of the client's own.</summary>
    public void End(int slot, ExecType type, ReasonCode reason, in CommandContext context)
    {
        _reports.Close(_open.OrderIdOf(slot), in _open[slot], type, reason, in context);
        Close(slot, type == ExecType.Expired ? OrdStatus.Expired : OrdStatus.Canceled, in context);
        _open.Pool.Return(slot);
    }

    /// <summary>
    /// A trade between two resting orders, as an uncross makes them, the buyer told first. Either is out of the book when nothing is left of it.
    /// </summary>
    public void TradeResting(int buySlot, int sellSlot, long priceTicks, long lots, in CommandContext context)
    {
        long matchId = ++_counters.MatchId;
        Fill(buySlot, priceTicks, lots, matchId, LastLiquidityInd.None, in context);
        Fill(sellSlot, priceTicks, lots, matchId, LastLiquidityInd.None, in context);
        _markets[_open[buySlot].InstrumentId].Traded(priceTicks);
        Settle(buySlot, in context);
        Settle(sellSlot, in context);
    }

    /// <summary>A trade between an incoming order and a resting one, told by the book.</summary>
    internal void OnTrade(int takerSlot, int makerSlot, long priceTicks, long lots, in CommandContext context)
    {
        long matchId = ++_counters.MatchId;
        Fill(takerSlot, priceTicks, lots, matchId, LastLiquidityInd.RemovedLiquidity, in context);
        Fill(makerSlot, priceTicks, lots, matchId, LastLiquidityInd.AddedLiquidity, in context);
        ref OrderDetail maker = ref _open[makerSlot];
        _markets[maker.InstrumentId].Traded(priceTicks);
        if (maker.LeavesLots == 0)
        {
            // The book returns the slot.
            Close(makerSlot, OrdStatus.Filled, in context);
        }
    }

    /// <summary>Moves the state of an order to the closed ones; the slot stays rented.</summary>
    public void Close(int slot, OrdStatus status, in CommandContext context)
    {
        ref OrderDetail order = ref _open[slot];
        OrderSession session = _sessions[order.SessionId];
        Risk.Closed(slot, ref order);
        ref ClosedOrder closed = ref session.Closed.Add(_open.OrderIdOf(slot));
        closed.ClOrdId = order.ClOrdId;
        closed.Account = order.Account;
        closed.QuantityLots = order.QuantityLots;
        closed.CumLots = order.CumLots;
        closed.PriceTicks = order.PriceTicks;
        closed.AvgPxE8 = AveragePrice.ToE8(order.TicksLots, order.CumLots, _markets.Instruments[order.InstrumentId].PriceTickE8);
        closed.InstrumentId = order.InstrumentId;
        closed.Status = status;
        closed.Side = order.Side;
        closed.OrdType = order.OrdType;
        closed.TimeInForce = order.TimeInForce;
        if (session.RequestCursor != OrderSession.NoRequest)
        {
            Requests!.OnClosing(session, slot, in closed, in context);
        }

        _open.Unlink(session, slot);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int id = 0; id < _markets.Count; id++)
        {
            _markets[id].Book?.Dispose();
        }

        _pages.Dispose();
    }

    private void Fill(int slot, long priceTicks, long lots, long matchId, LastLiquidityInd liquidity, in CommandContext context)
    {
        ref OrderDetail order = ref _open[slot];
        Risk.Traded(slot, in order, priceTicks, lots);
        order.CumLots += lots;
        order.TicksLots = AveragePrice.Add(order.TicksLots, priceTicks, lots);
        _reports.Trade(_open.OrderIdOf(slot), in order, priceTicks, lots, matchId, liquidity, in context);
    }

    // What a trade leaves of a resting order.
    private void Settle(int slot, in CommandContext context)
    {
        ref OrderDetail order = ref _open[slot];
        OrderBook book = _markets[order.InstrumentId].Book!;
        if (order.LeavesLots != 0)
        {
            book.Reduce(slot, order.LeavesLots);
            return;
        }

        book.Remove(slot);
        Close(slot, OrdStatus.Filled, in context);
        _open.Pool.Return(slot);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private OrderBook OpenBook(Market market)
    {
        Instrument instrument = market.Instrument;
        OrderBook book = new(_open.Pool, _pages, instrument.PriceMinTicks, instrument.PriceMaxTicks);
        market.Book = book;
        return book;
    }
}
