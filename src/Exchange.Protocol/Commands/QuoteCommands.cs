using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Commands;

/// <summary>
/// MassQuote (i). The fixed part ends at <see cref="SizeBytes"/>; <see cref="EntryCount"/> records of <see cref="QuoteEntry"/> follow, and
/// nothing else.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct MassQuoteCommand
{
    /// <summary>Size of the fixed part in bytes.</summary>
    public const int SizeBytes = 160;

    /// <summary>Most entries.</summary>
    public const int EntryCountMax = 64;

    /// <summary>The largest size.</summary>
    public const int SizeMaxBytes = SizeBytes + (EntryCountMax * QuoteEntry.SizeBytes);

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>QuoteID (117), 1 to 36 bytes.</summary>
    [FieldOffset(96)]
    public Text40 QuoteId;

    /// <summary>Account (1); empty when absent.</summary>
    [FieldOffset(136)]
    public Text16 Account;

    /// <summary>Entries that follow, 0 to <see cref="EntryCountMax"/>.</summary>
    [FieldOffset(152)]
    public int EntryCount;

    /// <summary>QuoteResponseLevel (301): '0' none, '1' only refusals, '2' each; '2' when absent.</summary>
    [FieldOffset(156)]
    public byte ResponseLevel;

    /// <summary>1 when the message asks to reset a tripped market-maker protection first.</summary>
    [FieldOffset(157)]
    public byte ResetsProtection;

    /// <summary>1 when the message had more entries than <see cref="EntryCountMax"/> or was otherwise more than is carried out; it must be refused.</summary>
    [FieldOffset(158)]
    public byte IsExcessive;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(159)]
    public byte Padding0;
}

/// <summary>One entry of a MassQuote (i).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct QuoteEntry
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 88;

    /// <summary>QuoteEntryID (299).</summary>
    [FieldOffset(0)]
    public Text16 QuoteEntryId;

    /// <summary>Symbol (55).</summary>
    [FieldOffset(16)]
    public Text24 Symbol;

    /// <summary>QuoteSetID (302).</summary>
    [FieldOffset(40)]
    public Text16 QuoteSetId;

    /// <summary>BidPx (132) in 10^-8; absent leaves the side as it is, 0 withdraws it.</summary>
    [FieldOffset(56)]
    public long BidPriceE8;

    /// <summary>BidSize (134) in 10^-8.</summary>
    [FieldOffset(64)]
    public long BidQuantityE8;

    /// <summary>OfferPx (133) in 10^-8; absent leaves the side as it is, 0 withdraws it.</summary>
    [FieldOffset(72)]
    public long OfferPriceE8;

    /// <summary>OfferSize (135) in 10^-8.</summary>
    [FieldOffset(80)]
    public long OfferQuantityE8;
}

/// <summary>QuoteCancel (Z).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct QuoteCancelCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 192;

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>QuoteID (117).</summary>
    [FieldOffset(96)]
    public Text40 QuoteId;

    /// <summary>Symbol (55); empty when absent.</summary>
    [FieldOffset(136)]
    public Text24 Symbol;

    /// <summary>Market group, from TradingSessionID (336); empty when absent.</summary>
    [FieldOffset(160)]
    public Text16 GroupName;

    /// <summary>QuoteCancelType (298) as the number on the wire: 1 for one symbol, 4 for all; others of the dictionary are refused.</summary>
    [FieldOffset(176)]
    public int CancelType;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(180)]
    public int Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(184)]
    public long Padding1;
}

/// <summary>OrderMassActionRequest (CA): cancels many of a session's own orders.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct MassActionCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 208;

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>ClOrdID (11), 1 to 36 bytes.</summary>
    [FieldOffset(96)]
    public Text40 ClOrdId;

    /// <summary>Symbol (55); empty when absent.</summary>
    [FieldOffset(136)]
    public Text24 Symbol;

    /// <summary>Market group, from TradingSessionID (336); empty when absent.</summary>
    [FieldOffset(160)]
    public Text16 GroupName;

    /// <summary>Account (1); empty when absent.</summary>
    [FieldOffset(176)]
    public Text16 Account;

    /// <summary>MassActionType (1373) as the number on the wire; 3 (cancel) is carried out.</summary>
    [FieldOffset(192)]
    public int ActionType;

    /// <summary>MassActionScope (1374) as the number on the wire: 1 one security, 6 one market group, 7 all.</summary>
    [FieldOffset(196)]
    public int ActionScope;

    /// <summary>Side (54) that the request is limited to; None for both.</summary>
    [FieldOffset(200)]
    public Side Side;

    /// <summary>1 when the message narrows the request by something that is not carried out, so that it must be refused.</summary>
    [FieldOffset(201)]
    public byte IsNarrowed;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(202)]
    public ushort Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(204)]
    public int Padding1;
}
