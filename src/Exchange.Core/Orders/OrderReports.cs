using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Core.Instruments;
using Exchange.Core.Requests;
using Exchange.Core.Sessions;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Orders;

/// <summary>
/// Writes the ExecutionReports (8) and OrderCancelRejects (9) of order management into the sessions' outboxes, in 10^-8 units. What
/// must hold: 17 is never used twice; 151 + 14 = 38 while an order is open and 151 = 0 once it is closed; 39 and 150 agree.
/// </summary>
internal sealed class OrderReports(SessionOutbox outbox, InstrumentTable instruments, OpenOrders open, OrderCounters counters)
{
    private const byte ResponseToCancel = (byte)'1';
    private const byte ResponseToReplace = (byte)'2';
    private const byte MassActionCompleted = 2;

    // What 54 says where no side is meant: "undisclosed".
    private const Side NoSide = (Side)'7';

    /// <summary>New: the order is accepted.</summary>
    public void Acknowledge(int slot, in CommandContext context) => Report(slot, ExecType.New, OrdStatus.New, 0, in context);

    /// <summary>Trade: a partial fill or a fill, already counted in the order.</summary>
    public void Trade(int slot, long priceTicks, long lots, long matchId, LastLiquidityInd liquidity, in CommandContext context)
    {
        ref readonly OrderDetail order = ref open[slot];
        OrdStatus status = order.LeavesLots == 0 ? OrdStatus.Filled : OrdStatus.PartiallyFilled;
        ref ExecutionReportEvent report = ref Report(slot, ExecType.Trade, status, 0, in context);
        Instrument instrument = instruments[order.InstrumentId];
        report.LastQtyE8 = instrument.ToQuantityE8(lots);
        report.LastPxE8 = instrument.ToPriceE8(priceTicks);
        report.MatchId = matchId;
        report.Liquidity = liquidity;
        outbox.TradeCompleted(order.SessionId, in report);
    }

    /// <summary>Canceled or Expired without a request of the client's own.</summary>
    public void Close(int slot, ExecType type, Refusal reason, in CommandContext context)
    {
        OrdStatus status = type == ExecType.Expired ? OrdStatus.Expired : OrdStatus.Canceled;
        ref ExecutionReportEvent report = ref Report(slot, type, status, 0, in context);
        report.LeavesQtyE8 = 0;
        report.Text = reason.Reason;
        report.Value = reason.Value;
        report.Limit = reason.Limit;
    }

    /// <summary>Canceled or Replaced by a request: the order already bears the ClOrdID of the request.</summary>
    public void Requested(int slot, ExecType type, in Text40 origClOrdId, in CommandContext context)
    {
        OrdStatus status = type == ExecType.Canceled ? OrdStatus.Canceled : open[slot].OpenStatus;
        ref ExecutionReportEvent report = ref Report(slot, type, status, Text40.SizeBytes, in context);
        if (type == ExecType.Canceled)
        {
            report.LeavesQtyE8 = 0;
            report.Text = ReasonCode.UserRequested;
        }

        report.Tail |= ReportTail.OrigClOrdId;
        MemoryMarshal.Write(Texts(slot, Text40.SizeBytes), in origClOrdId);
    }

    /// <summary>Restated: the open order as it stands.</summary>
    public void Restate(int slot, ReasonCode reason, in CommandContext context) =>
        Report(slot, ExecType.Restated, open[slot].OpenStatus, 0, in context).Text = reason;

    /// <summary>Triggered: a stop has become a market or limit order.</summary>
    public void Trigger(int slot, in CommandContext context) => Report(slot, ExecType.Triggered, open[slot].OpenStatus, 0, in context);

    /// <summary>Order status of an open order.</summary>
    public void Status(int slot, in Text40 statusReqId, in CommandContext context)
    {
        int tailBytes = statusReqId.IsEmpty ? 0 : Text40.SizeBytes;
        ref ExecutionReportEvent report = ref Report(slot, ExecType.OrderStatus, open[slot].OpenStatus, tailBytes, in context);
        if (tailBytes != 0)
        {
            report.Tail |= ReportTail.SymbolOrStatusReqId;
            MemoryMarshal.Write(Texts(slot, tailBytes), in statusReqId);
        }
    }

    /// <summary>Order status of a closed order whose final state is still kept.</summary>
    public void Status(int sessionId, in ClosedOrder order, in Text40 statusReqId, in CommandContext context)
    {
        ref ExecutionReportEvent report = ref Report(sessionId, in order, statusReqId.IsEmpty ? 0 : Text40.SizeBytes, in context);
        WriteStatusReqId(ref report, in statusReqId);
    }

    /// <summary>Order status of an open order for a mass status, which counts it as done already.</summary>
    public void MassStatus(int slot, in LongRequest request, in CommandContext context)
    {
        ref ExecutionReportEvent report = ref Report(slot, ExecType.OrderStatus, open[slot].OpenStatus, MassStatusTail.SizeBytes, in context);
        WriteMassStatus(ref report, Texts(slot, MassStatusTail.SizeBytes), in request);
    }

    /// <summary>Order status of an order that closes while a mass status is under way, which counts it as done already.</summary>
    public void MassStatus(int sessionId, in ClosedOrder order, in LongRequest request, in CommandContext context) =>
        WriteMassStatus(ref Report(sessionId, in order, MassStatusTail.SizeBytes, in context), outbox.LastTail(MassStatusTail.SizeBytes), in request);

    /// <summary>The answer to a mass status that no open order matches: one report, 39=8, 911=0.</summary>
    public void MassStatusEmpty(int sessionId, in LongRequest request, in CommandContext context) =>
        MassStatusRefused(sessionId, in request, new Refusal(ReasonCode.NoOrderMatches), in context);

    /// <summary>A mass status that is refused: one report, 39=8, 911=0.</summary>
    public void MassStatusRefused(int sessionId, in LongRequest request, Refusal refusal, in CommandContext context)
    {
        int instrumentId = InstrumentIdOf(in request.Symbol);
        bool hasSymbol = instrumentId < 0 && !request.Symbol.IsEmpty;
        int tailBytes = MassStatusTail.SizeBytes + (hasSymbol ? Text40.SizeBytes : 0);
        ref ExecutionReportEvent report = ref Begin(sessionId, tailBytes, in context);
        report.OrderQtyE8 = FixedPoint.Absent;
        report.PriceE8 = FixedPoint.Absent;
        report.Value = refusal.Value;
        report.Limit = refusal.Limit;
        report.InstrumentId = instrumentId;
        report.Text = refusal.Reason;
        report.OrdRejReason = refusal.OrdRejReason;
        report.ExecType = ExecType.OrderStatus;
        report.OrdStatus = OrdStatus.Rejected;
        report.Side = request.Side == Side.None ? NoSide : request.Side;
        WriteMassStatus(ref report, outbox.LastTail(MassStatusTail.SizeBytes), in request);
        if (hasSymbol)
        {
            report.Tail |= ReportTail.SymbolOrStatusReqId;
            _ = Text40.TryCreate(request.Symbol.AsSpan(), out Text40 symbol);
            MemoryMarshal.Write(outbox.LastTail(tailBytes), in symbol);
        }
    }

    /// <summary>OrderMassCancelReport (r) behind the reports of the orders that were cancelled.</summary>
    public void MassCancelDone(int sessionId, in LongRequest request, in CommandContext context)
    {
        ref MassCancelReportEvent report = ref MassCancelReport(sessionId, in request, in context);
        report.OrderId = request.Number;
        report.TotalAffected = request.Done;
        report.Response = (byte)request.Scope;
        report.RejectReason = MassCancelReportEvent.NoReason;
    }

    /// <summary>OrderMassCancelReport (r) of a request that is refused; nothing was cancelled.</summary>
    public void MassCancelRefused(int sessionId, in LongRequest request, Refusal refusal, in CommandContext context)
    {
        ref MassCancelReportEvent report = ref MassCancelReport(sessionId, in request, in context);
        report.Response = (byte)'0';
        report.RejectReason = refusal.MassCancelRejectReason;
        report.Text = refusal.Reason;
        report.Limit = refusal.Limit;
    }

    /// <summary>OrderMassActionReport (BZ) of a request that has been carried out.</summary>
    public void MassActionDone(int sessionId, in LongRequest request, in CommandContext context)
    {
        ref MassActionReportEvent report = ref MassActionReport(sessionId, in request, in context);
        report.TotalAffected = request.Done;
        report.Response = MassActionCompleted;
        report.RejectReason = MassActionReportEvent.NoReason;
    }

    /// <summary>OrderMassActionReport (BZ) of a request that is refused; nothing was cancelled.</summary>
    public void MassActionRefused(int sessionId, in LongRequest request, int actionType, Refusal refusal, in CommandContext context)
    {
        ref MassActionReportEvent report = ref MassActionReport(sessionId, in request, in context);
        report.ActionType = actionType;
        report.RejectReason = refusal.MassActionRejectReason;
        report.Text = refusal.Reason;
        report.Limit = refusal.Limit;
    }

    /// <summary>Order status of an order that is not known: 39=8, 37=NONE.</summary>
    public void StatusUnknown(int sessionId, in OrderStatusCommand command, in CommandContext context)
    {
        Refusal refusal = new(ReasonCode.UnknownOrder);
        ref ExecutionReportEvent report = ref Begin(sessionId, command.OrdStatusReqId.IsEmpty ? 0 : Text40.SizeBytes, in context);
        report.ClOrdId = command.ClOrdId;
        report.OrderQtyE8 = FixedPoint.Absent;
        report.PriceE8 = FixedPoint.Absent;
        report.InstrumentId = InstrumentIdOf(in command.Symbol);
        report.Text = refusal.Reason;
        report.OrdRejReason = refusal.OrdRejReason;
        report.ExecType = ExecType.OrderStatus;
        report.OrdStatus = OrdStatus.Rejected;
        report.Side = command.Side;
        WriteStatusReqId(ref report, in command.OrdStatusReqId);
    }

    /// <summary>Rejected: the new order is refused, with its fields as they were sent.</summary>
    public void RejectNew(int sessionId, in NewOrderCommand command, Refusal refusal, long orderId, in CommandContext context)
    {
        int instrumentId = InstrumentIdOf(in command.Symbol);
        ref ExecutionReportEvent report = ref Begin(sessionId, instrumentId < 0 ? Text40.SizeBytes : 0, in context);
        report.OrderId = orderId;
        report.ClOrdId = command.ClOrdId;
        report.Account = command.Account;
        report.OrderQtyE8 = FixedPoint.IsNumber(command.QuantityE8) ? command.QuantityE8 : FixedPoint.Absent;
        report.PriceE8 = FixedPoint.IsNumber(command.PriceE8) ? command.PriceE8 : FixedPoint.Absent;
        report.Value = refusal.Value;
        report.Limit = refusal.Limit;
        report.InstrumentId = instrumentId;
        report.Text = refusal.Reason;
        report.ExecType = ExecType.Rejected;
        report.OrdStatus = OrdStatus.Rejected;
        report.Side = command.Side;
        report.OrdType = command.OrdType;
        report.TimeInForce = command.TimeInForce;
        report.OrdRejReason = refusal.OrdRejReason;
        if (instrumentId < 0)
        {
            report.Tail = ReportTail.SymbolOrStatusReqId;
            _ = Text40.TryCreate(command.Symbol.AsSpan(), out Text40 symbol);
            MemoryMarshal.Write(outbox.LastTail(Text40.SizeBytes), in symbol);
        }
    }

    /// <summary>OrderCancelReject of a cancel.</summary>
    public void RejectCancel(int sessionId, in CancelOrderCommand command, Refusal refusal, OrderReference order, in CommandContext context) =>
        RejectRequest(sessionId, in command.ClOrdId, in command.OrigClOrdId, in command.Symbol, refusal, order, in context).ResponseTo = ResponseToCancel;

    /// <summary>OrderCancelReject of a replacement.</summary>
    public void RejectReplace(int sessionId, in ReplaceOrderCommand command, Refusal refusal, OrderReference order, in CommandContext context) =>
        RejectRequest(sessionId, in command.ClOrdId, in command.OrigClOrdId, in command.Symbol, refusal, order, in context).ResponseTo = ResponseToReplace;

    private ref CancelRejectEvent RejectRequest(
        int sessionId, in Text40 clOrdId, in Text40 origClOrdId, in Text24 symbol, Refusal refusal, OrderReference order, in CommandContext context)
    {
        ref CancelRejectEvent reject = ref outbox.Append<CancelRejectEvent>(EventType.CancelReject, sessionId);
        reject.OrderId = order.OrderId;
        reject.ClOrdId = clOrdId;
        reject.OrigClOrdId = origClOrdId;
        reject.TransactTimeNs = context.LogTimeNs;
        reject.Value = refusal.Value;
        reject.Limit = refusal.Limit;
        reject.InstrumentId = order.InstrumentId >= 0 ? order.InstrumentId : InstrumentIdOf(in symbol);
        reject.Text = refusal.Reason;
        reject.OrdStatus = order.Status;
        reject.CxlRejReason = refusal.CxlRejReason;
        return ref reject;
    }

    private ref ExecutionReportEvent Report(int slot, ExecType type, OrdStatus status, int textBytes, in CommandContext context)
    {
        ref readonly OrderDetail order = ref open[slot];
        Instrument instrument = instruments[order.InstrumentId];
        bool hasExtras = order.HasExtras;
        ref ExecutionReportEvent report = ref Begin(order.SessionId, hasExtras ? textBytes + OrderExtrasTail.SizeBytes : textBytes, in context);
        report.OrderId = open.OrderIdOf(slot);
        report.ClOrdId = order.ClOrdId;
        report.Account = order.Account;
        report.OrderQtyE8 = instrument.ToQuantityE8(order.QuantityLots);
        report.PriceE8 = order.HasNoPrice ? FixedPoint.Absent : instrument.ToPriceE8(order.PriceTicks);
        report.LeavesQtyE8 = instrument.ToQuantityE8(order.LeavesLots);
        report.CumQtyE8 = instrument.ToQuantityE8(order.CumLots);
        report.AvgPxE8 = AveragePrice.ToE8(order.TicksLots, order.CumLots, instrument.PriceTickE8);
        report.InstrumentId = order.InstrumentId;
        report.ExecType = type;
        report.OrdStatus = status;
        report.Side = order.Side;
        report.OrdType = order.OrdType;
        report.TimeInForce = order.TimeInForce;
        if (hasExtras)
        {
            WriteExtras(ref report, instrument, in open.ExtrasOf(slot));
        }

        return ref report;
    }

    // Behind all texts, so at the very end of the report appended last.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteExtras(ref ExecutionReportEvent report, Instrument instrument, in OrderExtras extras)
    {
        OrderExtrasTail tail = new()
        {
            StopPriceE8 = instrument.ToPriceE8(extras.StopTicks),
            DisplayQuantityE8 = instrument.ToQuantityE8(extras.DisplayLots),
            MinQuantityE8 = instrument.ToQuantityE8(extras.MinLots),
            ExpireNs = extras.ExpireNs,
            SelfTradeId = extras.SelfTradeId,
            QuoteId = extras.QuoteId,
            QuoteEntryId = extras.QuoteEntryId,
            Flags = extras.Flags,
            SelfTradeMode = extras.SelfTradeMode,
        };
        report.Tail |= ReportTail.Extras;
        MemoryMarshal.Write(outbox.LastTail(OrderExtrasTail.SizeBytes), in tail);
    }

    // The part of the tail before the extras, in the report appended last.
    private Span<byte> Texts(int slot, int textBytes) =>
        open[slot].HasExtras ? outbox.LastTail(textBytes + OrderExtrasTail.SizeBytes)[..textBytes] : outbox.LastTail(textBytes);

    private ref ExecutionReportEvent Report(int sessionId, in ClosedOrder order, int tailBytes, in CommandContext context)
    {
        ref ExecutionReportEvent report = ref Begin(sessionId, tailBytes, in context);
        Instrument instrument = instruments[order.InstrumentId];
        report.OrderId = order.OrderId;
        report.ClOrdId = order.ClOrdId;
        report.Account = order.Account;
        report.OrderQtyE8 = instrument.ToQuantityE8(order.QuantityLots);
        report.PriceE8 = order.OrdType is OrdType.Market or OrdType.Stop or OrdType.MarketToLimit ? FixedPoint.Absent : instrument.ToPriceE8(order.PriceTicks);
        report.CumQtyE8 = instrument.ToQuantityE8(order.CumLots);
        report.AvgPxE8 = order.AvgPxE8;
        report.InstrumentId = order.InstrumentId;
        report.ExecType = ExecType.OrderStatus;
        report.OrdStatus = order.Status;
        report.Side = order.Side;
        report.OrdType = order.OrdType;
        report.TimeInForce = order.TimeInForce;
        return ref report;
    }

    private ref MassActionReportEvent MassActionReport(int sessionId, in LongRequest request, in CommandContext context)
    {
        ref MassActionReportEvent report = ref outbox.Append<MassActionReportEvent>(EventType.MassActionReport, sessionId);
        report.ReportId = request.Number;
        report.ClOrdId = request.RequestId;
        report.Symbol = request.Symbol;
        report.GroupName = request.GroupName;
        report.Account = request.Account;
        report.TransactTimeNs = context.LogTimeNs;
        report.ActionType = MassRequests.CancelAction;
        report.ActionScope = (int)request.Scope;
        report.Side = request.Side;
        return ref report;
    }

    private ref MassCancelReportEvent MassCancelReport(int sessionId, in LongRequest request, in CommandContext context)
    {
        ref MassCancelReportEvent report = ref outbox.Append<MassCancelReportEvent>(EventType.MassCancelReport, sessionId);
        report.ClOrdId = request.RequestId;
        report.Symbol = request.Symbol;
        report.TransactTimeNs = context.LogTimeNs;
        report.Scope = request.Scope;
        report.Side = request.Side;
        return ref report;
    }

    private static void WriteMassStatus(ref ExecutionReportEvent report, Span<byte> target, in LongRequest request)
    {
        MassStatusTail tail = new()
        {
            MassStatusReqId = request.RequestId,
            TotalReports = request.Total,
            IsLast = request.Done == request.Total ? 1 : 0,
        };
        report.Tail |= ReportTail.MassStatus;
        MemoryMarshal.Write(target, in tail);
    }

    private ref ExecutionReportEvent Begin(int sessionId, int tailBytes, in CommandContext context)
    {
        ref ExecutionReportEvent report = ref outbox.Append<ExecutionReportEvent>(EventType.ExecutionReport, sessionId, tailBytes);
        report.ExecId = ++counters.ExecId;
        report.TransactTimeNs = context.LogTimeNs;
        report.OrdRejReason = ExecutionReportEvent.NoReason;
        return ref report;
    }

    private void WriteStatusReqId(ref ExecutionReportEvent report, in Text40 statusReqId)
    {
        if (!statusReqId.IsEmpty)
        {
            report.Tail = ReportTail.SymbolOrStatusReqId;
            MemoryMarshal.Write(outbox.LastTail(Text40.SizeBytes), in statusReqId);
        }
    }

    private int InstrumentIdOf(in Text24 symbol) => instruments.TryFind(in symbol, out Instrument? instrument) ? instrument.Id : -1;
}
