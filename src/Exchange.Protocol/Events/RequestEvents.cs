using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Events;

/// <summary>
/// SecurityList (y), or one fragment of it: a run of instruments that the gateway writes out from its own table. Only what
/// never changes about an instrument is in it, so a resend gives the same bytes.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SecurityListEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 128;

    /// <summary>Most instruments of a fragment.</summary>
    public const int InstrumentsMax = 12;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>SecurityReqID (320).</summary>
    [FieldOffset(64)]
    public Text40 RequestId;

    /// <summary>SecurityResponseID (322): the same in all fragments of an answer, never used twice.</summary>
    [FieldOffset(104)]
    public long ResponseId;

    /// <summary>First instrument of the fragment; -1 when there is none.</summary>
    [FieldOffset(112)]
    public int FirstInstrumentId;

    /// <summary>Number of instruments in the fragment.</summary>
    [FieldOffset(116)]
    public int Count;

    /// <summary>TotNoRelatedSym (393): instruments in the whole answer.</summary>
    [FieldOffset(120)]
    public int Total;

    /// <summary>SecurityRequestResult (560) as the character on the wire.</summary>
    [FieldOffset(124)]
    public byte Result;

    /// <summary>LastFragment (893): 1 for the last one.</summary>
    [FieldOffset(125)]
    public byte IsLast;

    /// <summary>Why there are none, for whoever reads the history; the message has no field for it.</summary>
    [FieldOffset(126)]
    public ReasonCode Text;
}

/// <summary>
/// SecurityDefinition (d). Behind the fixed part stands the <see cref="Commands.DefineInstrumentCommand"/> as it was then, if there is an
/// instrument; events of older builds have none.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SecurityDefinitionEvent
{
    /// <summary>Size of the fixed part in bytes.</summary>
    public const int SizeBytes = 152;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>SecurityReqID (320).</summary>
    [FieldOffset(64)]
    public Text40 RequestId;

    /// <summary>SecurityResponseID (322).</summary>
    [FieldOffset(104)]
    public long ResponseId;

    /// <summary>Symbol (55) as it was asked for, when there is no instrument; empty otherwise.</summary>
    [FieldOffset(112)]
    public Text24 Symbol;

    /// <summary>Instrument; -1 when there is none.</summary>
    [FieldOffset(136)]
    public int InstrumentId;

    /// <summary>Instruments in the whole answer.</summary>
    [FieldOffset(140)]
    public int Total;

    /// <summary>SecurityResponseType (323) as the character on the wire.</summary>
    [FieldOffset(144)]
    public byte ResponseType;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(145)]
    public byte Padding0;

    /// <summary>The words of Text (58).</summary>
    [FieldOffset(146)]
    public ReasonCode Text;

    /// <summary>The limit, where the text names one.</summary>
    [FieldOffset(148)]
    public int Limit;
}

/// <summary>SecurityStatus (f). <see cref="IndicationTail"/> follows the fixed part when there is an indicative price.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SecurityStatusEvent
{
    /// <summary>Size of the fixed part in bytes.</summary>
    public const int SizeBytes = 136;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>SecurityStatusReqID (324).</summary>
    [FieldOffset(64)]
    public Text40 RequestId;

    /// <summary>Symbol (55).</summary>
    [FieldOffset(104)]
    public Text24 Symbol;

    /// <summary>SecurityTradingStatus (326).</summary>
    [FieldOffset(128)]
    public byte TradingStatus;

    /// <summary>UnsolicitedIndicator (325): 1 when it was not asked for.</summary>
    [FieldOffset(129)]
    public byte IsUnsolicited;

    /// <summary>The words of Text (58).</summary>
    [FieldOffset(130)]
    public ReasonCode Text;

    /// <summary>The phase; Group when it is not known, as in events of older builds.</summary>
    [FieldOffset(132)]
    public MarketPhase Phase;

    /// <summary>1 when <see cref="IndicationTail"/> follows.</summary>
    [FieldOffset(133)]
    public byte HasIndication;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(134)]
    public ushort Padding;
}

/// <summary>What an auction would trade if it ended now.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct IndicationTail
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>Price in 10^-8.</summary>
    [FieldOffset(0)]
    public long PriceE8;

    /// <summary>Executable quantity in 10^-8.</summary>
    [FieldOffset(8)]
    public long QuantityE8;
}

/// <summary>TradingSessionStatus (h).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct TradingSessionStatusEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 144;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>TradSesReqID (335).</summary>
    [FieldOffset(64)]
    public Text40 RequestId;

    /// <summary>TradingSessionID (336).</summary>
    [FieldOffset(104)]
    public Text24 TradingSessionId;

    /// <summary>TradSesEndTime (345), nanoseconds since 1970: when Day orders expire; 0 when it is not set.</summary>
    [FieldOffset(128)]
    public long EndTimeNs;

    /// <summary>TradSesStatus (340) as the character on the wire.</summary>
    [FieldOffset(136)]
    public byte Status;

    /// <summary>UnsolicitedIndicator (325): 1 when it was not asked for.</summary>
    [FieldOffset(137)]
    public byte IsUnsolicited;

    /// <summary>The words of Text (58).</summary>
    [FieldOffset(138)]
    public ReasonCode Text;

    /// <summary>The phase of the market group; Group when it is not known, as in events of older builds.</summary>
    [FieldOffset(140)]
    public MarketPhase Phase;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(141)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(142)]
    public ushort Padding1;
}

/// <summary>News (B). Headline and text follow the fixed part, zero up to a multiple of 8.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct NewsEvent
{
    /// <summary>Size of the fixed part in bytes.</summary>
    public const int SizeBytes = 80;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>NewsID (1472): the same for all sessions, never used twice.</summary>
    [FieldOffset(64)]
    public long NewsId;

    /// <summary>Length of the headline in bytes.</summary>
    [FieldOffset(72)]
    public ushort HeadlineLength;

    /// <summary>Length of the text in bytes; its lines are parted by line feeds.</summary>
    [FieldOffset(74)]
    public ushort TextLength;

    /// <summary>Urgency (61) as the character on the wire.</summary>
    [FieldOffset(76)]
    public byte Urgency;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(77)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(78)]
    public ushort Padding1;
}
