using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Commands;

/// <summary>NewOrderSingle (D). Identifiers are texts as the client sent them; the core resolves them.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct NewOrderCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 208;

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>ClOrdID (11), 1 to 36 bytes.</summary>
    [FieldOffset(96)]
    public Text40 ClOrdId;

    /// <summary>Symbol (55).</summary>
    [FieldOffset(136)]
    public Text24 Symbol;

    /// <summary>Account (1); empty when absent.</summary>
    [FieldOffset(160)]
    public Text16 Account;

    /// <summary>Price (44) in 10^-8; see <see cref="FixedPoint"/>.</summary>
    [FieldOffset(176)]
    public long PriceE8;

    /// <summary>OrderQty (38) in 10^-8; see <see cref="FixedPoint"/>.</summary>
    [FieldOffset(184)]
    public long QuantityE8;

    /// <summary>TransactTime (60), nanoseconds since 1970.</summary>
    [FieldOffset(192)]
    public long TransactTimeNs;

    /// <summary>Side (54); any character of the dictionary, not only the supported ones.</summary>
    [FieldOffset(200)]
    public Side Side;

    /// <summary>OrdType (40); any character of the dictionary.</summary>
    [FieldOffset(201)]
    public OrdType OrdType;

    /// <summary>TimeInForce (59), Day when absent; any character of the dictionary.</summary>
    [FieldOffset(202)]
    public TimeInForce TimeInForce;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(203)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(204)]
    public int Padding1;
}

/// <summary>OrderCancelRequest (F).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct CancelOrderCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 224;

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>ClOrdID (11) of this request.</summary>
    [FieldOffset(96)]
    public Text40 ClOrdId;

    /// <summary>OrigClOrdID (41).</summary>
    [FieldOffset(136)]
    public Text40 OrigClOrdId;

    /// <summary>Symbol (55).</summary>
    [FieldOffset(176)]
    public Text24 Symbol;

    /// <summary>OrderID (37): 0 when absent, -1 when it is not one of ours.</summary>
    [FieldOffset(200)]
    public long OrderId;

    /// <summary>TransactTime (60), nanoseconds since 1970.</summary>
    [FieldOffset(208)]
    public long TransactTimeNs;

    /// <summary>Side (54).</summary>
    [FieldOffset(216)]
    public Side Side;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(217)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(218)]
    public ushort Padding1;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(220)]
    public int Padding2;
}

/// <summary>OrderCancelReplaceRequest (G).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ReplaceOrderCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 256;

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>ClOrdID (11) of this request.</summary>
    [FieldOffset(96)]
    public Text40 ClOrdId;

    /// <summary>OrigClOrdID (41).</summary>
    [FieldOffset(136)]
    public Text40 OrigClOrdId;

    /// <summary>Symbol (55).</summary>
    [FieldOffset(176)]
    public Text24 Symbol;

    /// <summary>Account (1); empty when absent.</summary>
    [FieldOffset(200)]
    public Text16 Account;

    /// <summary>OrderID (37): 0 when absent, -1 when it is not one of ours.</summary>
    [FieldOffset(216)]
    public long OrderId;

    /// <summary>Price (44) in 10^-8; see <see cref="FixedPoint"/>.</summary>
    [FieldOffset(224)]
    public long PriceE8;

    /// <summary>OrderQty (38), the new total including what is already executed, in 10^-8.</summary>
    [FieldOffset(232)]
    public long QuantityE8;

    /// <summary>TransactTime (60), nanoseconds since 1970.</summary>
    [FieldOffset(240)]
    public long TransactTimeNs;

    /// <summary>Side (54).</summary>
    [FieldOffset(248)]
    public Side Side;

    /// <summary>OrdType (40).</summary>
    [FieldOffset(249)]
    public OrdType OrdType;

    /// <summary>TimeInForce (59); 0 when absent, and then unchanged.</summary>
    [FieldOffset(250)]
    public TimeInForce TimeInForce;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(251)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(252)]
    public int Padding1;
}

/// <summary>OrderStatusRequest (H).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct OrderStatusCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 216;

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>ClOrdID (11) of the order asked for.</summary>
    [FieldOffset(96)]
    public Text40 ClOrdId;

    /// <summary>OrdStatusReqID (790); empty when absent. At most 39 bytes.</summary>
    [FieldOffset(136)]
    public Text40 OrdStatusReqId;

    /// <summary>Symbol (55).</summary>
    [FieldOffset(176)]
    public Text24 Symbol;

    /// <summary>OrderID (37): 0 when absent, -1 when it is not one of ours.</summary>
    [FieldOffset(200)]
    public long OrderId;

    /// <summary>Side (54).</summary>
    [FieldOffset(208)]
    public Side Side;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(209)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(210)]
    public ushort Padding1;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(212)]
    public int Padding2;
}
