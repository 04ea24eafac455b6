using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Events;

/// <summary>
/// ExecutionReport (8). The fixed part ends at <see cref="SizeBytes"/>; the parts named in <see cref="Tail"/> follow in the
/// order of their bits: the texts as <see cref="Text40"/>, then <see cref="MassStatusTail"/> and <see cref="OrderExtrasTail"/>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ExecutionReportEvent
{
    /// <summary>Size of the fixed part in bytes.</summary>
    public const int SizeBytes = 240;

    /// <summary>The largest size of a report about a trade or a request: fixed part, a text and the extras of its order.</summary>
    public const int SizeMaxBytes = SizeBytes + Text40.SizeBytes + OrderExtrasTail.SizeBytes;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>OrderID (37); 0 is sent as NONE.</summary>
    [FieldOffset(64)]
    public long OrderId;

    /// <summary>ExecID (17): unique over the life of the venue.</summary>
    [FieldOffset(72)]
    public long ExecId;

    /// <summary>ClOrdID (11).</summary>
    [FieldOffset(80)]
    public Text40 ClOrdId;

    /// <summary>Account (1); empty when absent.</summary>
    [FieldOffset(120)]
    public Text16 Account;

    /// <summary>OrderQty (38) in 10^-8; <see cref="FixedPoint.Absent"/> when unknown.</summary>
    [FieldOffset(136)]
    public long OrderQtyE8;

    /// <summary>Price (44) in 10^-8; <see cref="FixedPoint.Absent"/> for a market order.</summary>
    [FieldOffset(144)]
    public long PriceE8;

    /// <summary>LastQty (32) in 10^-8; 0 unless a trade.</summary>
    [FieldOffset(152)]
    public long LastQtyE8;

    /// <summary>LastPx (31) in 10^-8; 0 unless a trade.</summary>
    [FieldOffset(160)]
    public long LastPxE8;

    /// <summary>LeavesQty (151) in 10^-8.</summary>
    [FieldOffset(168)]
    public long LeavesQtyE8;

    /// <summary>CumQty (14) in 10^-8.</summary>
    [FieldOffset(176)]
    public long CumQtyE8;

    /// <summary>AvgPx (6) in 10^-8, rounded half up.</summary>
    [FieldOffset(184)]
    public long AvgPxE8;

    /// <summary>TransactTime (60), nanoseconds since 1970: when the exchange did it.</summary>
    [FieldOffset(192)]
    public long TransactTimeNs;

    /// <summary>The offending value, where the text names one.</summary>
    [FieldOffset(200)]
    public long Value;

    /// <summary>The limit, where the text names one.</summary>
    [FieldOffset(208)]
    public long Limit;

    /// <summary>TrdMatchID (880; SecondaryExecID, 527, in FIX 4.4): the same on both sides of a trade; 0 unless a trade.</summary>
    [FieldOffset(216)]
    public long MatchId;

    /// <summary>Instrument, for its Symbol (55); -1 when unknown, and then the tail holds the symbol.</summary>
    [FieldOffset(224)]
    public int InstrumentId;

    /// <summary>The words of Text (58).</summary>
    [FieldOffset(228)]
    public ReasonCode Text;

    /// <summary>ExecType (150).</summary>
    [FieldOffset(230)]
    public ExecType ExecType;

    /// <summary>OrdStatus (39).</summary>
    [FieldOffset(231)]
    public OrdStatus OrdStatus;

    /// <summary>Side (54).</summary>
    [FieldOffset(232)]
    public Side Side;

    /// <summary>OrdType (40); 0 when unknown.</summary>
    [FieldOffset(233)]
    public OrdType OrdType;

    /// <summary>TimeInForce (59).</summary>
    [FieldOffset(234)]
    public TimeInForce TimeInForce;

    /// <summary>OrdRejReason (103); <see cref="NoReason"/> when absent.</summary>
    [FieldOffset(235)]
    public byte OrdRejReason;

    /// <summary>Which texts follow the fixed part.</summary>
    [FieldOffset(236)]
    public ReportTail Tail;

    /// <summary>LastLiquidityInd (851); None unless a trade.</summary>
    [FieldOffset(237)]
    public LastLiquidityInd Liquidity;

    /// <summary>OrdRejReason is absent.</summary>
    public const byte NoReason = 255;
}

/// <summary>The texts behind the fixed part of an <see cref="ExecutionReportEvent"/>, in the order of their bits.</summary>
[Flags]
public enum ReportTail : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>OrigClOrdID (41).</summary>
    OrigClOrdId = 1,

    /// <summary>Symbol (55) of an instrument that does not exist; or OrdStatusReqID (790) when ExecType is OrderStatus and there is no <see cref="MassStatus"/>.</summary>
    SymbolOrStatusReqId = 2,

    /// <summary><see cref="MassStatusTail"/>: the report answers an OrderMassStatusRequest (AF).</summary>
    MassStatus = 4,

    /// <summary><see cref="OrderExtrasTail"/>: the order is more than a plain limit or market order.</summary>
    Extras = 8,
}

/// <summary>What an ExecutionReport has besides when its order is more than a plain limit or market order.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct OrderExtrasTail
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 104;

    /// <summary>StopPx (99) in 10^-8; 0 when there is none.</summary>
    [FieldOffset(0)]
    public long StopPriceE8;

    /// <summary>DisplayQty (1138) or MaxFloor (111) in 10^-8; 0 when there is none.</summary>
    [FieldOffset(8)]
    public long DisplayQuantityE8;

    /// <summary>MinQty (110) in 10^-8; 0 when there is none.</summary>
    [FieldOffset(16)]
    public long MinQuantityE8;

    /// <summary>ExpireTime (126), or ExpireDate (432) with <see cref="OrderFlags.ExpiresOnDate"/>; 0 when there is none.</summary>
    [FieldOffset(24)]
    public long ExpireNs;

    /// <summary>SelfMatchPreventionID (2362), see <see cref="Commands.NewOrderCommand.SelfTradeId"/>; 0 when absent.</summary>
    [FieldOffset(32)]
    public ulong SelfTradeId;

    /// <summary>QuoteID (117); empty unless the order is a side of a quote.</summary>
    [FieldOffset(40)]
    public Text40 QuoteId;

    /// <summary>QuoteEntryID (299); empty unless the order is a side of a quote.</summary>
    [FieldOffset(80)]
    public Text16 QuoteEntryId;

    /// <summary>ExecInst (18).</summary>
    [FieldOffset(96)]
    public OrderFlags Flags;

    /// <summary>SelfMatchPreventionInstruction (2964); None when absent.</summary>
    [FieldOffset(97)]
    public SelfTradeMode SelfTradeMode;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(98)]
    public ushort Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(100)]
    public int Padding1;
}

/// <summary>What an ExecutionReport that answers an OrderMassStatusRequest (AF) has besides.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct MassStatusTail
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 48;

    /// <summary>MassStatusReqID (584).</summary>
    [FieldOffset(0)]
    public Text40 MassStatusReqId;

    /// <summary>TotNumReports (911).</summary>
    [FieldOffset(40)]
    public int TotalReports;

    /// <summary>LastRptRequested (912): 1 for the last report of the answer.</summary>
    [FieldOffset(44)]
    public int IsLast;
}

/// <summary>OrderCancelReject (9).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct CancelRejectEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 192;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>OrderID (37); 0 is sent as NONE.</summary>
    [FieldOffset(64)]
    public long OrderId;

    /// <summary>ClOrdID (11) of the refused request.</summary>
    [FieldOffset(72)]
    public Text40 ClOrdId;

    /// <summary>OrigClOrdID (41) of the refused request.</summary>
    [FieldOffset(112)]
    public Text40 OrigClOrdId;

    /// <summary>TransactTime (60), nanoseconds since 1970.</summary>
    [FieldOffset(152)]
    public long TransactTimeNs;

    /// <summary>The offending value, where the text names one.</summary>
    [FieldOffset(160)]
    public long Value;

    /// <summary>The limit, where the text names one.</summary>
    [FieldOffset(168)]
    public long Limit;

    /// <summary>Instrument of the order; -1 when unknown.</summary>
    [FieldOffset(176)]
    public int InstrumentId;

    /// <summary>The words of Text (58).</summary>
    [FieldOffset(180)]
    public ReasonCode Text;

    /// <summary>OrdStatus (39) of the order; Rejected when there is none.</summary>
    [FieldOffset(182)]
    public OrdStatus OrdStatus;

    /// <summary>CxlRejResponseTo (434): '1' cancel, '2' replace.</summary>
    [FieldOffset(183)]
    public byte ResponseTo;

    /// <summary>CxlRejReason (102).</summary>
    [FieldOffset(184)]
    public byte CxlRejReason;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(185)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(186)]
    public ushort Padding1;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(188)]
    public int Padding2;
}

/// <summary>OrderMassCancelReport (r): behind the reports of the orders that it cancelled, or why nothing was cancelled.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct MassCancelReportEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 176;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>OrderID (37): the number given to the request; 0 is sent as NONE.</summary>
    [FieldOffset(64)]
    public long OrderId;

    /// <summary>ClOrdID (11) of the request.</summary>
    [FieldOffset(72)]
    public Text40 ClOrdId;

    /// <summary>Symbol (55) of the request; empty when absent.</summary>
    [FieldOffset(112)]
    public Text24 Symbol;

    /// <summary>TransactTime (60), nanoseconds since 1970.</summary>
    [FieldOffset(136)]
    public long TransactTimeNs;

    /// <summary>The limit, where the text names one.</summary>
    [FieldOffset(144)]
    public long Limit;

    /// <summary>TotalAffectedOrders (533): orders that the request cancelled.</summary>
    [FieldOffset(152)]
    public long TotalAffected;

    /// <summary>The words of Text (58).</summary>
    [FieldOffset(160)]
    public ReasonCode Text;

    /// <summary>MassCancelRequestType (530) of the request.</summary>
    [FieldOffset(162)]
    public MassScope Scope;

    /// <summary>MassCancelResponse (531): '0' refused, otherwise the same as the request type.</summary>
    [FieldOffset(163)]
    public byte Response;

    /// <summary>MassCancelRejectReason (532); <see cref="NoReason"/> when absent.</summary>
    [FieldOffset(164)]
    public byte RejectReason;

    /// <summary>Side (54) of the request; None when absent.</summary>
    [FieldOffset(165)]
    public Side Side;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(166)]
    public ushort Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(168)]
    public long Padding1;

    /// <summary>MassCancelRejectReason is absent.</summary>
    public const byte NoReason = 255;
}
