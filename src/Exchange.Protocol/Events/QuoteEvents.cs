using System.Runtime.InteropServices;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Events;

/// <summary>
/// MassQuoteAcknowledgement (b). The fixed part ends at <see cref="SizeBytes"/>; <see cref="EntryCount"/> records of <see cref="QuoteEntryResult"/> follow.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct MassQuoteAckEvent
{
    /// <summary>Size of the fixed part in bytes.</summary>
    public const int SizeBytes = 144;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>QuoteID (117).</summary>
    [FieldOffset(64)]
    public Text40 QuoteId;

    /// <summary>Account (1); empty when absent.</summary>
    [FieldOffset(104)]
    public Text16 Account;

    /// <summary>The limit, where the text names one.</summary>
    [FieldOffset(120)]
    public long Limit;

    /// <summary>Entries that follow.</summary>
    [FieldOffset(128)]
    public int EntryCount;

    /// <summary>The words of Text (58): why the whole message was refused.</summary>
    [FieldOffset(132)]
    public ReasonCode Text;

    /// <summary>QuoteStatus (297) as the number on the wire: 0 accepted, 5 rejected, 1 withdrawn for one symbol, 4 withdrawn all.</summary>
    [FieldOffset(134)]
    public byte QuoteStatus;

    /// <summary>QuoteRejectReason (300); <see cref="NoReason"/> when absent.</summary>
    [FieldOffset(135)]
    public byte RejectReason;

    /// <summary>Sides that were taken out by this command; of a withdrawal in slices those of the first.</summary>
    [FieldOffset(136)]
    public int WithdrawnCount;

    /// <summary>QuoteResponseLevel (301) of the request.</summary>
    [FieldOffset(140)]
    public byte ResponseLevel;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(141)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(142)]
    public ushort Padding1;

    /// <summary>QuoteRejectReason is absent.</summary>
    public const byte NoReason = 255;
}

/// <summary>What became of one entry of a MassQuote (i).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct QuoteEntryResult
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 112;

    /// <summary>The entry as it was sent.</summary>
    [FieldOffset(0)]
    public QuoteEntry Entry;

    /// <summary>The offending value, where the text names one.</summary>
    [FieldOffset(88)]
    public long Value;

    /// <summary>The limit, where the text names one.</summary>
    [FieldOffset(96)]
    public long Limit;

    /// <summary>Why it was refused; None when it was accepted.</summary>
    [FieldOffset(104)]
    public ReasonCode Text;

    /// <summary>QuoteEntryRejectReason (368); <see cref="MassQuoteAckEvent.NoReason"/> when absent.</summary>
    [FieldOffset(106)]
    public byte RejectReason;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(107)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(108)]
    public int Padding1;
}

/// <summary>OrderMassActionReport (BZ): behind the reports of the orders that were cancelled, or why nothing was.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct MassActionReportEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 208;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>MassActionReportID (1369): the number given to the request.</summary>
    [FieldOffset(64)]
    public long ReportId;

    /// <summary>ClOrdID (11) of the request.</summary>
    [FieldOffset(72)]
    public Text40 ClOrdId;

    /// <summary>Symbol (55) of the request; empty when absent.</summary>
    [FieldOffset(112)]
    public Text24 Symbol;

    /// <summary>Market group of the request; empty when absent.</summary>
    [FieldOffset(136)]
    public Text16 GroupName;

    /// <summary>Account (1) of the request; empty when absent.</summary>
    [FieldOffset(152)]
    public Text16 Account;

    /// <summary>TransactTime (60), nanoseconds since 1970.</summary>
    [FieldOffset(168)]
    public long TransactTimeNs;

    /// <summary>The limit, where the text names one.</summary>
    [FieldOffset(176)]
    public long Limit;

    /// <summary>TotalAffectedOrders (533): orders that the request cancelled.</summary>
    [FieldOffset(184)]
    public long TotalAffected;

    /// <summary>MassActionType (1373) of the request.</summary>
    [FieldOffset(192)]
    public int ActionType;

    /// <summary>MassActionScope (1374) of the request.</summary>
    [FieldOffset(196)]
    public int ActionScope;

    /// <summary>The words of Text (58).</summary>
    [FieldOffset(200)]
    public ReasonCode Text;

    /// <summary>MassActionResponse (1375): 0 refused, 2 completed.</summary>
    [FieldOffset(202)]
    public byte Response;

    /// <summary>MassActionRejectReason (1376); <see cref="NoReason"/> when absent.</summary>
    [FieldOffset(203)]
    public byte RejectReason;

    /// <summary>Side (54) of the request; None when absent.</summary>
    [FieldOffset(204)]
    public Side Side;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(205)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(206)]
    public ushort Padding1;

    /// <summary>MassActionRejectReason is absent.</summary>
    public const byte NoReason = 255;
}
