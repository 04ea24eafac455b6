using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Reference;

/// <summary>Writes reports as the records of the protocol.</summary>
internal sealed class Reports
{
    private EventBuffer _events = null!;
    private long _nowNs;
    private long _execId;
    private int _lastBytes;

    public void Begin(EventBuffer events, long nowNs)
    {
        _events = events;
        _nowNs = nowNs;
    }

    /// <summary>The order as it stands; <paramref name="origClOrdId"/> where a request changed its id.</summary>
    public void Order(ReferenceOrder order, ExecType type, Reason reason, Text40? origClOrdId = null) =>
        Append(order, type, reason, origClOrdId, default, 0);

    public void Trade(ReferenceOrder order, long quantity, long price, long matchId, LastLiquidityInd liquidity)
    {
        Append(order, ExecType.Trade, Reason.None, null, default, 0);
        ref ExecutionReportEvent report = ref Last();
        report.LastQtyE8 = quantity;
        report.LastPxE8 = price;
        report.MatchId = matchId;
        report.Liquidity = liquidity;
    }

    public void Status(ReferenceOrder order, Text40 requestId) =>
        Append(order, ExecType.OrderStatus, Reason.None, null, requestId, 0);

    public void MassStatus(ReferenceOrder order, Text40 requestId, int total, bool isLast)
    {
        Append(order, ExecType.OrderStatus, Reason.None, null, default, MassStatusTail.SizeBytes);
        int behind = ExtrasSize(order);
        MemoryMarshal.Write(LastBytes()[^(MassStatusTail.SizeBytes + behind)..], new MassStatusTail { MassStatusReqId = requestId, TotalReports = total, IsLast = isLast ? 1 : 0 });
    }

    /// <summary>A new order that was refused.</summary>
    public void Rejected(int session, in NewOrderCommand command, ReferenceInstrument? instrument, Reason reason, long orderId, Text16 account)
    {
        int symbolBytes = instrument is null ? Text40.SizeBytes : 0;
        ref ExecutionReportEvent report = ref Add<ExecutionReportEvent>(EventType.ExecutionReport, symbolBytes);
        report.Header.SessionId = session;
        report.OrderId = orderId;
        report.ExecId = ++_execId;
        report.ClOrdId = command.ClOrdId;
        report.Account = account;
        report.OrderQtyE8 = FixedPoint.IsNumber(command.QuantityE8) ? command.QuantityE8 : FixedPoint.Absent;
        report.PriceE8 = FixedPoint.IsNumber(command.PriceE8) ? command.PriceE8 : FixedPoint.Absent;
        report.TransactTimeNs = _nowNs;
        report.Value = reason.Value;
        report.Limit = reason.Limit;
        report.InstrumentId = instrument?.Id ?? -1;
        report.Text = reason.Code;
        report.ExecType = ExecType.Rejected;
        report.OrdStatus = OrdStatus.Rejected;
        report.Side = command.Side;
        report.OrdType = command.OrdType;
        report.TimeInForce = command.TimeInForce;
        report.OrdRejReason = reason.OrdRejReason;
        report.Tail = instrument is null ? ReportTail.SymbolOrStatusReqId : 0;
        if (instrument is null)
        {
            MemoryMarshal.Write(LastBytes()[ExecutionReportEvent.SizeBytes..], Text40.From(command.Symbol.ToString()));
        }
    }

    /// <summary>The answer to a status request about no order.</summary>
    public void NoSuchOrder(int session, in OrderStatusCommand command, ReferenceInstrument? instrument)
    {
        bool hasId = !command.OrdStatusReqId.IsEmpty;
        ref ExecutionReportEvent report = ref Add<ExecutionReportEvent>(EventType.ExecutionReport, hasId ? Text40.SizeBytes : 0);
        report.Header.SessionId = session;
        report.ExecId = ++_execId;
        report.ClOrdId = command.ClOrdId;
        report.OrderQtyE8 = FixedPoint.Absent;
        report.PriceE8 = FixedPoint.Absent;
        report.TransactTimeNs = _nowNs;
        report.InstrumentId = instrument?.Id ?? -1;
        report.Text = ReasonCode.UnknownOrder;
        report.ExecType = ExecType.OrderStatus;
        report.OrdStatus = OrdStatus.Rejected;
        report.Side = command.Side;
        report.OrdRejReason = new Reason(ReasonCode.UnknownOrder).OrdRejReason;
        if (hasId)
        {
            report.Tail = ReportTail.SymbolOrStatusReqId;
            MemoryMarshal.Write(LastBytes()[ExecutionReportEvent.SizeBytes..], command.OrdStatusReqId);
        }
    }

    /// <summary>The answer to a mass status request that is refused or matches nothing.</summary>
    public void NoMassStatus(int session, in MassOrderCommand command, ReferenceInstrument? instrument, Reason reason)
    {
        int symbolBytes = instrument is null && !command.Symbol.IsEmpty ? Text40.SizeBytes : 0;
        ref ExecutionReportEvent report = ref Add<ExecutionReportEvent>(EventType.ExecutionReport, symbolBytes + MassStatusTail.SizeBytes);
        report.Header.SessionId = session;
        report.ExecId = ++_execId;
        report.OrderQtyE8 = FixedPoint.Absent;
        report.PriceE8 = FixedPoint.Absent;
        report.TransactTimeNs = _nowNs;
        report.Value = reason.Value;
        report.Limit = reason.Limit;
        report.InstrumentId = instrument?.Id ?? -1;
        report.Text = reason.Code;
        report.ExecType = ExecType.OrderStatus;
        report.OrdStatus = OrdStatus.Rejected;
        report.Side = command.Side == Side.None ? (Side)'7' : command.Side;
        report.OrdRejReason = reason.OrdRejReason;
        report.Tail = (symbolBytes > 0 ? ReportTail.SymbolOrStatusReqId : 0) | ReportTail.MassStatus;
        if (symbolBytes > 0)
        {
            MemoryMarshal.Write(LastBytes()[ExecutionReportEvent.SizeBytes..], Text40.From(command.Symbol.ToString()));
        }

        MemoryMarshal.Write(LastBytes()[^MassStatusTail.SizeBytes..], new MassStatusTail { MassStatusReqId = command.RequestId, IsLast = 1 });
    }

    public void CancelRefused(int session, ReferenceOrder? order, ReferenceInstrument? named, Text40 clOrdId, Text40 origClOrdId, bool isReplace, Reason reason, OrdStatus? status = null)
    {
        ref CancelRejectEvent reject = ref Add<CancelRejectEvent>(EventType.CancelReject);
        reject.Header.SessionId = session;
        reject.OrderId = order?.Id ?? 0;
        reject.ClOrdId = clOrdId;
        reject.OrigClOrdId = origClOrdId;
        reject.TransactTimeNs = _nowNs;
        reject.Value = reason.Value;
        reject.Limit = reason.Limit;
        reject.InstrumentId = (order is not null && order.Session.KeepsEndOf(order) ? order.Instrument : named)?.Id ?? -1;
        reject.Text = reason.Code;
        reject.OrdStatus = status ?? order?.Status ?? OrdStatus.Rejected;
        reject.ResponseTo = isReplace ? (byte)'2' : (byte)'1';
        reject.CxlRejReason = reason.CxlRejReason;
    }

    public void MassCancelled(int session, in MassOrderCommand command, long requestNumber, long affected, Reason reason, byte rejectReason)
    {
        ref MassCancelReportEvent report = ref Add<MassCancelReportEvent>(EventType.MassCancelReport);
        report.Header.SessionId = session;
        report.OrderId = requestNumber;
        report.ClOrdId = command.RequestId;
        report.Symbol = command.Symbol;
        report.TransactTimeNs = _nowNs;
        report.Limit = reason.Limit;
        report.TotalAffected = affected;
        report.Text = reason.Code;
        report.Scope = command.Scope;
        report.Response = reason.IsNone ? (byte)command.Scope : (byte)'0';
        report.RejectReason = rejectReason;
        report.Side = command.Side;
    }

    public ref T Append<T>(EventType type, int session, int tailBytes = 0)
        where T : unmanaged
    {
        ref T record = ref Add<T>(type, tailBytes);
        MemoryMarshal.AsRef<EventHeader>(MemoryMarshal.AsBytes(new Span<T>(ref record))).SessionId = session;
        return ref record;
    }

    public Span<byte> LastTail(int tailBytes) => _events.LastTail(tailBytes);

    private void Append(ReferenceOrder order, ExecType type, Reason reason, Text40? origClOrdId, Text40 requestId, int massBytes)
    {
        OrderExtrasTail extras = ExtrasOf(order);
        // 4.2: later status reports on closed orders bear none.
        bool hasExtras = HasExtras(in extras) && (order.IsOpen || type != ExecType.OrderStatus);
        bool hasRequest = !requestId.IsEmpty;
        int textBytes = (origClOrdId is null ? 0 : Text40.SizeBytes) + (hasRequest ? Text40.SizeBytes : 0);
        ref ExecutionReportEvent report = ref Add<ExecutionReportEvent>(EventType.ExecutionReport, textBytes + massBytes + (hasExtras ? OrderExtrasTail.SizeBytes : 0));
        report.Header.SessionId = order.Session.Id;
        report.OrderId = order.Id;
        report.ExecId = ++_execId;
        report.ClOrdId = order.ClOrdId;
        report.Account = order.AccountName;
        report.OrderQtyE8 = order.Quantity;
        report.PriceE8 = order.Price;
        report.LeavesQtyE8 = order.Leaves;
        report.CumQtyE8 = order.Executed;
        report.AvgPxE8 = order.AveragePrice;
        report.TransactTimeNs = _nowNs;
        report.Value = reason.Value;
        report.Limit = reason.Limit;
        report.InstrumentId = order.Instrument.Id;
        report.Text = reason.Code;
        report.ExecType = type;
        report.OrdStatus = order.Status;
        report.Side = order.Side;
        report.OrdType = order.Type;
        report.TimeInForce = order.TimeInForce;
        report.OrdRejReason = ExecutionReportEvent.NoReason;
        report.Tail = (origClOrdId is null ? 0 : ReportTail.OrigClOrdId) | (hasRequest ? ReportTail.SymbolOrStatusReqId : 0)
            | (massBytes > 0 ? ReportTail.MassStatus : 0) | (hasExtras ? ReportTail.Extras : 0);
        Span<byte> tail = LastBytes()[ExecutionReportEvent.SizeBytes..];
        if (origClOrdId is { } orig)
        {
            MemoryMarshal.Write(tail, orig);
        }

        if (hasRequest)
        {
            MemoryMarshal.Write(tail[(origClOrdId is null ? 0 : Text40.SizeBytes)..], requestId);
        }

        if (hasExtras)
        {
            MemoryMarshal.Write(tail[^OrderExtrasTail.SizeBytes..], extras);
        }
    }

    private ref ExecutionReportEvent Last() => ref MemoryMarshal.AsRef<ExecutionReportEvent>(LastBytes());

    private Span<byte> LastBytes() => _events.LastTail(_lastBytes);

    // Every record goes through here, so that its bytes can be found again.
    private ref T Add<T>(EventType type, int tailBytes = 0)
        where T : unmanaged
    {
        _lastBytes = Unsafe.SizeOf<T>() + tailBytes;
        return ref _events.Append<T>(type, tailBytes);
    }

    private static int ExtrasSize(ReferenceOrder order)
    {
        OrderExtrasTail extras = ExtrasOf(order);
        return HasExtras(in extras) ? OrderExtrasTail.SizeBytes : 0;
    }

    private static OrderExtrasTail ExtrasOf(ReferenceOrder order) => new()
    {
        StopPriceE8 = order.StopPrice,
        DisplayQuantityE8 = order.Display,
        MinQuantityE8 = order.MinQuantity,
        ExpireNs = order.ExpireNs,
        SelfTradeId = order.SelfTradeId,
        QuoteId = order.QuoteId,
        QuoteEntryId = order.QuoteEntryId,
        Flags = order.Flags,
        SelfTradeMode = order.SelfTradeMode,
    };

    private static bool HasExtras(in OrderExtrasTail extras) => MemoryMarshal.AsBytes(new ReadOnlySpan<OrderExtrasTail>(in extras)).ContainsAnyExcept((byte)0);
}
