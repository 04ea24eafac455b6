using System.Runtime.CompilerServices;
using Exchange.Core.Expiry;
using Exchange.Core.Instruments;
using Exchange.Core.Markets;
using Exchange.Core.Matching;
using Exchange.Core.Quotes;
using Exchange.Core.Requests;
using Exchange.Core.Risk;
using Exchange.Core.Sessions;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Orders;

/// <summary>
/// Order management: turns the requests of sessions into operations on the books, and what happens in the books into reports.
///
/// What must hold: each request gets exactly one definite answer; an id that was answered once never executes again; an order belongs
/// to the session that entered it and does not exist for any other; identifiers are resolved here, in the order of the log, so that a
/// request sent right behind the one it refers to finds it.
///
/// Each ClOrdID that was answered is remembered with its outcome, also those of refused requests, so a client that retries a refused
/// order uses a new id. An immediate order (IOC, FOK, market) is acknowledged with New, then traded, then its rest is canceled; a FOK
/// that cannot trade in full is acknowledged and canceled. A replacement is reported before the trades that it causes.
/// </summary>
internal sealed class OrderEntry : IDisposable
{
    private readonly MarketTable _markets;
    private readonly OrderEntryLimits _limits;
    private readonly OrderCounters _counters = new();
    private readonly OrderSessions _sessions;
    private readonly OrderReports _reports;
    private readonly OpenOrders _open;
    private readonly OrderLookup _lookup;
    private readonly OrderChecks _checks;
    private RiskOrder _risked;

    /// <summary>Creates order management without sessions and orders.</summary>
    /// <param name="outbox">Takes the reports.</param>
    /// <param name="markets">Instruments and markets; shared with the core.</param>
    /// <param name="limits">Sizes; the defaults when null.</param>
    /// <param name="calendar">Knows when trading days end; without it they end at midnight.</param>
    public OrderEntry(SessionOutbox outbox, MarketTable markets, OrderEntryLimits? limits = null, DeadlineCalendar? calendar = null)
    {
        _limits = limits ?? new OrderEntryLimits();
        Invariant.Require(_limits.OpenOrdersMax is > 0 and <= OrderEntryLimits.OpenOrdersCeiling);
        Invariant.Require(_limits.SliceActionsMax > 0 && _limits.SliceVisitsMax > 0);
        Invariant.Require(_limits.FillsMax > 0 && _limits.TriggersMax > 0 && _limits.ElectionsMax > 0);
        InstrumentTable instruments = markets.Instruments;
        _markets = markets;
        _sessions = new OrderSessions(_limits);
        _open = new OpenOrders(_limits.OpenOrdersMax);
        _reports = new OrderReports(outbox, instruments, _open, _counters);
        _checks = new OrderChecks(markets, calendar);
        _lookup = new OrderLookup(_open);
        Risk = new RiskDesk(instruments, _limits.OpenOrdersMax + 1);
        Execution = new OrderExecution(markets, _limits, _open, _sessions, _reports, _counters) { Risk = Risk };
        Sweeps = new OrderSweeps(markets, _limits, _sessions, _open, _counters, Execution, Risk);
        LongRequests = new LongRequests(this, _limits, _open, _reports, new SecurityReports(outbox, markets), instruments);
        Execution.Requests = LongRequests;
        Execution.Dates = Sweeps.Dates;
        Quotes = new QuoteDesk(outbox, markets, _limits, _sessions, _open, Execution, _counters);
        Execution.Quotes = Quotes;
        Mass = new MassRequests(this, _lookup, _reports, LongRequests, instruments, _counters);
    }

    /// <summary>What happens to open orders once a request has been checked.</summary>
    public OrderExecution Execution { get; }

    /// <summary>Firms, accounts, positions and their limits.</summary>
    public RiskDesk Risk { get; }

    /// <summary>What the venue itself takes out of the books.</summary>
    public OrderSweeps Sweeps { get; }

    /// <summary>Quotes.</summary>
    public QuoteDesk Quotes { get; }

    /// <summary>Requests about many orders at once.</summary>
    public MassRequests Mass { get; }

    /// <summary>Requests that are being answered over several commands.</summary>
    public LongRequests LongRequests { get; }

    /// <summary>The open orders of all sessions.</summary>
    public OpenOrders OpenOrders => _open;

    /// <summary>Adds the next session, in a firm named after its participant, or changes the limit of a known one.</summary>
    public void AddSession(int sessionId, in Text40 senderCompId, int openOrdersMax)
    {
        if (sessionId == _sessions.Count)
        {
            Risk.Register.AddSession(sessionId, in senderCompId);
        }

        _sessions.Define(sessionId, openOrdersMax);
    }

    /// <summary>An instrument has been defined, or defined anew.</summary>
    public void NoteInstrument(int instrumentId)
    {
        Risk.Register.Forget(instrumentId);
        Sweeps.NoteInstruments();
    }

    /// <summary>NewOrderSingle (D).</summary>
    public void NewOrder(int sessionId, in NewOrderCommand command, in CommandContext context)
    {
        OrderSession session = _sessions[sessionId];
        bool isResend = (command.Header.Flags & FixMessageFlags.PossResend) != 0;
        if (_lookup.IsUsed(session, in command.ClOrdId, out long outcome))
        {
            AnswerUsedNew(session, in command, isResend, outcome, in context);
            return;
        }

        // A resend may be an old order whose id is forgotten. Nobody can know, so it is not executed.
        OrderTerms terms = default;
        Refusal refusal = isResend && session.Window.HasForgotten
            ? new Refusal(ReasonCode.PossResendOutsideWindow)
            : CheckNew(session, in command, in context, out terms);
        if (refusal.IsRefused)
        {
            _lookup.Remember(session, in command.ClOrdId, -(long)refusal.Reason);
            _reports.RejectNew(sessionId, in command, refusal, 0, in context);
            return;
        }

        Accept(session, in command, in terms, in context);
    }

    /// <summary>OrderCancelRequest (F).</summary>
    public void Cancel(int sessionId, in CancelOrderCommand command, in CommandContext context)
    {
        OrderSession session = _sessions[sessionId];
        bool isResend = (command.Header.Flags & FixMessageFlags.PossResend) != 0;
        if (_lookup.IsUsed(session, in command.ClOrdId, out long outcome))
        {
            if (!isResend || !TryReportState(session, outcome, in context))
            {
                ReasonCode reason = isResend && outcome < 0 ? (ReasonCode)(-outcome) : ReasonCode.DuplicateClOrdId;
                _reports.RejectCancel(sessionId, in command, new Refusal(reason), _lookup.Resolve(session, in command.OrigClOrdId, command.OrderId), in context);
            }

            return;
        }

        OrderReference order = _lookup.Resolve(session, in command.OrigClOrdId, command.OrderId);
        Refusal refusal = CheckCancel(in command, ref order);
        if (refusal.IsRefused)
        {
            _lookup.Remember(session, in command.ClOrdId, -(long)refusal.Reason);
            _reports.RejectCancel(sessionId, in command, refusal, order, in context);
            return;
        }

        Text40 origClOrdId = _open[order.Slot].ClOrdId;
        Execution.Remove(order.Slot);
        _open.Rename(order.Slot, in command.ClOrdId);
        _lookup.Remember(session, in command.ClOrdId, order.OrderId);
        _reports.Requested(order.Slot, ExecType.Canceled, in origClOrdId, in context);
        Execution.Close(order.Slot, OrdStatus.Canceled, in context);
        _open.Pool.Return(order.Slot);
    }

    /// <summary>OrderCancelReplaceRequest (G).</summary>
    public void Replace(int sessionId, in ReplaceOrderCommand command, in CommandContext context)
    {
        OrderSession session = _sessions[sessionId];
        bool isResend = (command.Header.Flags & FixMessageFlags.PossResend) != 0;
        if (_lookup.IsUsed(session, in command.ClOrdId, out long outcome))
        {
            if (!isResend || !TryReportState(session, outcome, in context))
            {
                ReasonCode reason = isResend && outcome < 0 ? (ReasonCode)(-outcome) : ReasonCode.DuplicateClOrdId;
                _reports.RejectReplace(sessionId, in command, new Refusal(reason), _lookup.Resolve(session, in command.OrigClOrdId, command.OrderId), in context);
            }

            return;
        }

        OrderReference order = _lookup.Resolve(session, in command.OrigClOrdId, command.OrderId);
        Refusal refusal = isResend && session.Window.HasForgotten
            ? new Refusal(ReasonCode.PossResendOutsideWindow)
            : OrderLookup.Check(order);
        OrderTerms terms = default;
        if (!refusal.IsRefused)
        {
            refusal = CheckReplace(in command, order.Slot, in context, out terms);
        }

        if (refusal.IsRefused)
        {
            _lookup.Remember(session, in command.ClOrdId, -(long)refusal.Reason);
            _reports.RejectReplace(sessionId, in command, refusal, order, in context);
            return;
        }

        Apply(session, in command, order, in terms, in context);
    }

    /// <summary>OrderStatusRequest (H).</summary>
    public void Status(int sessionId, in OrderStatusCommand command, in CommandContext context)
    {
        OrderSession session = _sessions[sessionId];
        OrderReference order = _lookup.Resolve(session, in command.ClOrdId, command.OrderId);
        if (order.OrderId == 0 || !TryReportState(session, order.OrderId, in command.OrdStatusReqId, in context))
        {
            _reports.StatusUnknown(sessionId, in command, in context);
        }
    }

    /// <summary>Restates each open order of a session, oldest first, after its sequence numbers were reset.</summary>
    public void RestateOpenOrders(int sessionId, in CommandContext context)
    {
        for (int slot = _sessions[sessionId].OpenHead; slot != 0; slot = _open[slot].SessionNext)
        {
            _reports.Restate(slot, ReasonCode.None, in context);
        }
    }

    /// <summary>What is kept of a session that was added.</summary>
    public OrderSession SessionOf(int sessionId) => _sessions[sessionId];

    /// <summary>Writes counters, sessions, books and requests; equal states give equal bytes, whatever happened before.</summary>
    public void Save(SnapshotWriter writer)
    {
        RiskSnapshot.Save(writer, Risk);
        Snapshot().Save(writer);
        RiskSnapshot.SaveExposures(writer, Risk, _sessions, _open);
        Sweeps.Save(writer);
        Quotes.Save(writer);
        LongRequests.Save(writer);
    }

    /// <summary>Restores what <see cref="Save"/> wrote into an empty order management; the instruments are restored already.</summary>
    /// <exception cref="InvalidDataException">The snapshot contradicts itself or the limits.</exception>
    public void Load(SnapshotReader reader)
    {
        Invariant.Require(_sessions.Count == 0 && _open.Count == 0);
        RiskSnapshot.Load(reader, Risk, _markets.Count);
        Snapshot().Load(reader);
        RiskSnapshot.LoadExposures(reader, Risk, _sessions, _open);
        Sweeps.Load(reader);
        Quotes.Load(reader);
        LongRequests.Load(reader, _sessions.Count, _markets.Count);
    }

    /// <summary>The book of an instrument, made when it is first needed.</summary>
    public OrderBook BookOf(int instrumentId) => Execution.BookOf(instrumentId);

    /// <inheritdoc/>
    public void Dispose()
    {
        _sessions.Dispose();
        Execution.Dispose();
        Quotes.Dispose();
        Sweeps.Dispose();
        Risk.Dispose();
        _open.Dispose();
    }

    private OrderSnapshot Snapshot() => new(_limits, _counters, _sessions, _open, _markets, Execution);

    private Refusal CheckNew(OrderSession session, in NewOrderCommand command, in CommandContext context, out OrderTerms terms)
    {
        Refusal refusal = _checks.CheckNew(in command, in context, out terms);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        Market market = terms.Market!;
        bool hasExtras = terms.Traits != OrderTraits.None;
        bool hasPrice = command.OrdType is OrdType.Limit or OrdType.StopLimit;
        _risked = new RiskOrder
        {
            InstrumentId = market.Id,
            Side = command.Side,
            LimitTicks = hasPrice ? terms.PriceTicks : 0,
            ReferenceTicks = market.ReferenceTicks,
            Lots = terms.QuantityLots,
        };
        refusal = Risk.FindAccount(session.Id, in command.Account, ref _risked);
        if (!refusal.IsRefused)
        {
            refusal = PhaseChecks.Check(market, command.TimeInForce, hasExtras ? _checks.Extras.MinLots : 0, in context);
        }

        if (!refusal.IsRefused)
        {
            refusal = Risk.CheckNew(ref _risked, in context);
        }

        if (!refusal.IsRefused && hasExtras)
        {
            refusal = CheckPostOnly(market, command.Side, terms.PriceTicks);
        }

        return refusal.IsRefused ? refusal : CheckRoom(session, in command, market);
    }

    private Refusal CheckReplace(in ReplaceOrderCommand command, int slot, in CommandContext context, out OrderTerms terms)
    {
        ref OrderDetail order = ref _open[slot];
        Refusal refusal = _checks.CheckReplace(in command, in order, in _open.ExtrasOf(slot), in context, out terms);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        Market market = terms.Market!;
        bool hasExtras = terms.Traits != OrderTraits.None;
        TimeInForce timeInForce = command.TimeInForce == 0 ? order.TimeInForce : command.TimeInForce;
        refusal = PhaseChecks.Check(market, timeInForce, hasExtras ? _checks.Extras.MinLots : 0, in context);
        if (!refusal.IsRefused)
        {
            _risked = new RiskOrder
            {
                InstrumentId = order.InstrumentId,
                Side = order.Side,
                LimitTicks = order.HasNoPrice ? 0 : terms.PriceTicks,
                ReferenceTicks = market.ReferenceTicks,
                Lots = terms.QuantityLots,
            };
            refusal = Risk.CheckReplace(ref _risked, slot, in order, in context);
        }

        if (!refusal.IsRefused && hasExtras)
        {
            refusal = CheckPostOnly(market, command.Side, terms.PriceTicks);
        }

        return !refusal.IsRefused && terms.QuantityLots <= order.CumLots
            ? new Refusal(ReasonCode.ReplaceBelowExecuted, command.QuantityE8, market.Instrument.ToQuantityE8(order.CumLots))
            : refusal;
    }

    // Rule 3.13; the extras are those of the request being checked.
    private Refusal CheckPostOnly(Market market, Side side, long priceTicks)
    {
        if ((_checks.Extras.Flags & OrderFlags.PostOnly) == 0 || market.Phase != MarketPhase.Continuous)
        {
            return Refusal.None;
        }

        OrderBook book = Execution.BookOf(market.Id);
        int bookSide = side == Side.Buy ? OrderBook.BuySide : OrderBook.SellSide;
        if (!book.CanTrade(bookSide, priceTicks))
        {
            return Refusal.None;
        }

        long bestTicks = book.PriceOf(bookSide ^ 1, book.BestIndex(bookSide ^ 1));
        return new Refusal(ReasonCode.PostOnlyWouldTrade, 0, market.Instrument.ToPriceE8(bestTicks));
    }

    // Rule 3.14: room for an order that may rest.
    private Refusal CheckRoom(OrderSession session, in NewOrderCommand command, Market market)
    {
        bool isImmediate = command.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;
        bool isMarket = command.OrdType == OrdType.Market && market.Phase == MarketPhase.Continuous && command.TimeInForce != TimeInForce.AtTheClose;
        if (isImmediate || isMarket)
        {
            return Refusal.None;
        }

        // Quotes have a limit of their own: two in each instrument.
        int open = session.OpenCount - Quotes.CountOf(session.Id);
        if (open >= session.OpenOrdersMax)
        {
            return new Refusal(ReasonCode.TooManyOpenOrders, open, session.OpenOrdersMax);
        }

        return _open.Count >= _open.OpenOrdersMax
            ? new Refusal(ReasonCode.TooManyOpenOrders, _open.Count, _open.OpenOrdersMax)
            : Refusal.None;
    }

    private void Accept(OrderSession session, in NewOrderCommand command, in OrderTerms terms, in CommandContext context)
    {
        int instrumentId = terms.Market!.Id;
        OrderDetail detail = new()
        {
            ClOrdId = command.ClOrdId,
            Account = _risked.AccountName,
            PriceTicks = terms.PriceTicks,
            QuantityLots = terms.QuantityLots,
            SessionId = session.Id,
            InstrumentId = instrumentId,
            Side = command.Side,
            OrdType = command.OrdType,
            TimeInForce = command.TimeInForce,
            Traits = terms.Traits,
        };
        long orderId = ++_counters.OrderId;
        int slot = _open.Open(session, orderId, in detail);
        if (terms.Traits != OrderTraits.None)
        {
            _open.ExtrasOf(slot) = _checks.Extras;
        }

        Risk.Opened(ref _risked, slot, ref _open[slot]);
        Execution.NoteExpiry(slot);
        _lookup.Remember(session, in command.ClOrdId, orderId);
        _reports.Acknowledge(slot, in context);
        Execution.Enter(slot, in context);
        Execution.Finish(instrumentId, in context);
    }

    private void Apply(OrderSession session, in ReplaceOrderCommand command, OrderReference target, in OrderTerms terms, in CommandContext context)
    {
        int slot = target.Slot;
        ref OrderDetail order = ref _open[slot];
        bool keepsPlace = KeepsPlace(slot, in terms);
        if (!keepsPlace)
        {
            Execution.Remove(slot);
        }

        Text40 origClOrdId = order.ClOrdId;
        _open.Rename(slot, in command.ClOrdId);
        _lookup.Remember(session, in command.ClOrdId, target.OrderId);
        Risk.Changed(slot, ref order, _risked.LimitTicks, terms.QuantityLots - order.CumLots);
        if (keepsPlace)
        {
            Execution.Reduce(slot, terms.QuantityLots);
        }

        order.PriceTicks = terms.PriceTicks;
        order.QuantityLots = terms.QuantityLots;
        order.Traits = terms.Traits;
        if (terms.Traits != OrderTraits.None)
        {
            _open.ExtrasOf(slot) = _checks.Extras;
        }

        if (command.TimeInForce != 0)
        {
            order.TimeInForce = command.TimeInForce;
        }

        Execution.NoteExpiry(slot);
        _reports.Requested(slot, ExecType.Replaced, in origClOrdId, in context);
        if (!keepsPlace)
        {
            Execution.Enter(slot, in context);
            Execution.Finish(target.InstrumentId, in context);
        }
    }

    // Rule 4.9: less at the same price keeps the place in the queue; anything else queues anew. Who waits for the closing auction has no place to lose.
    private bool KeepsPlace(int slot, in OrderTerms terms)
    {
        ref OrderDetail order = ref _open[slot];
        if (order.Place == OrderPlace.Waiting)
        {
            return true;
        }

        if (terms.PriceTicks != order.PriceTicks || terms.QuantityLots - order.CumLots > order.LeavesLots)
        {
            return false;
        }

        bool isIceberg = (terms.Traits & OrderTraits.Iceberg) != 0;
        ref OrderExtras extras = ref _open.ExtrasOf(slot);
        bool keepsStop = !order.IsStop || _checks.Extras.StopTicks == extras.StopTicks;
        bool keepsDisplay = !isIceberg || (order.IsIceberg && _checks.Extras.DisplayLots <= extras.DisplayLots);
        return keepsStop && keepsDisplay;
    }

    private void AnswerUsedNew(OrderSession session, in NewOrderCommand command, bool isResend, long outcome, in CommandContext context)
    {
        if (!isResend)
        {
            _reports.RejectNew(session.Id, in command, new Refusal(ReasonCode.DuplicateClOrdId), 0, in context);
        }
        else if (outcome < 0)
        {
            // Refused then, refused now: the same answer, with its figures where they still follow from the request.
            ReasonCode reason = (ReasonCode)(-outcome);
            Refusal refusal = _checks.CheckNew(in command, in context, out _);
            _reports.RejectNew(session.Id, in command, refusal.Reason == reason ? refusal : new Refusal(reason), 0, in context);
        }
        else if (!TryReportState(session, outcome, in context))
        {
            // It was an order, it is closed, and its end is no longer kept. It is not executed again.
            _reports.RejectNew(session.Id, in command, new Refusal(ReasonCode.DuplicateClOrdId), outcome, in context);
        }
    }

    private bool TryReportState(OrderSession session, long orderId, in CommandContext context) =>
        TryReportState(session, orderId, default, in context);

    private bool TryReportState(OrderSession session, long orderId, in Text40 statusReqId, in CommandContext context)
    {
        if (orderId <= 0)
        {
            return false;
        }

        int slot = _open.Pool.Find(orderId);
        if (slot != 0)
        {
            _reports.Status(slot, in statusReqId, in context);
            return true;
        }

        ref readonly ClosedOrder closed = ref session.Closed.Find(orderId);
        if (Unsafe.IsNullRef(in closed))
        {
            return false;
        }

        _reports.Status(session.Id, in closed, in statusReqId, in context);
        return true;
    }

    private Refusal CheckCancel(in CancelOrderCommand command, ref OrderReference order)
    {
        // A PossResend of a cancel that nobody can know to be new is carried out all the same: cancelling twice does no harm.
        Refusal refusal = OrderLookup.Check(order);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        // An id that belongs to an order of another symbol or side is a mistake; there is no such order as the request describes.
        if (command.Side != _open[order.Slot].Side || command.Symbol != _markets.Instruments[order.InstrumentId].Symbol)
        {
            order = OrderReference.Unknown;
            return new Refusal(ReasonCode.UnknownOrder);
        }

        // Rule 2.1.
        return _markets[order.InstrumentId].IsDetermining ? new Refusal(ReasonCode.MarketUncrossing) : Refusal.None;
    }
}
