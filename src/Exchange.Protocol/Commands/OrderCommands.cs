using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Commands;

/// <summary>
/// NewOrderSingle (D). Identifiers are texts as the client sent them; the core resolves them. Logs of older builds hold a shorter record,
/// which ends before <see cref="StopPriceE8"/>; <see cref="Read"/> takes both.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct NewOrderCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 256;

    /// <summary>Size of the record of older builds.</summary>
    public const int FormerSizeBytes = 208;

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

    /// <summary>What else the order asks for.</summary>
    [FieldOffset(203)]
    public OrderFlags Flags;

    /// <summary>SelfMatchPreventionInstruction (2964); None when absent.</summary>
    [FieldOffset(204)]
    public SelfTradeMode SelfTradeMode;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(205)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(206)]
    public ushort Padding1;

    /// <summary>StopPx (99) in 10^-8; 0 when absent, and <see cref="FixedPoint.Unrepresentable"/> when a zero was sent.</summary>
    [FieldOffset(208)]
    public long StopPriceE8;

    /// <summary>DisplayQty (1138), before FIX 5.0 MaxFloor (111), in 10^-8; 0 when absent, and <see cref="FixedPoint.Unrepresentable"/> when a zero was sent.</summary>
    [FieldOffset(216)]
    public long DisplayQuantityE8;

    /// <summary>MinQty (110) in 10^-8; 0 when absent, and <see cref="FixedPoint.Unrepresentable"/> when a zero was sent.</summary>
    [FieldOffset(224)]
    public long MinQuantityE8;

    /// <summary>
    /// ExpireTime (126), nanoseconds since 1970; with <see cref="OrderFlags.ExpiresOnDate"/> the start (UTC) of the day of ExpireDate (432), at the
    /// end of which trading day the order expires; 0 when neither was sent.
    /// </summary>
    [FieldOffset(232)]
    public long ExpireNs;

    /// <summary>SelfMatchPreventionID (2362), 1 to 8 visible ASCII characters, the first in the highest byte; 0 when absent.</summary>
    [FieldOffset(240)]
    public ulong SelfTradeId;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(248)]
    public long Padding2;

    /// <summary>Reads a record of this build or of an older one.</summary>
    public static NewOrderCommand Read(ReadOnlySpan<byte> bytes)
    {
        NewOrderCommand command = default;
        bytes.CopyTo(MemoryMarshal.AsBytes(new Span<NewOrderCommand>(ref command)));
        command.Header.Command.Length = SizeBytes;
        return command;
    }
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

/// <summary>
/// OrderCancelReplaceRequest (G). Logs of older builds hold a shorter record, which ends before <see cref="StopPriceE8"/>; <see cref="Read"/> takes both.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ReplaceOrderCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 288;

    /// <summary>Size of the record of older builds.</summary>
    public const int FormerSizeBytes = 256;

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

    /// <summary>What else the order asks for; <see cref="OrderFlags.PostOnly"/> holds for this replacement only.</summary>
    [FieldOffset(251)]
    public OrderFlags Flags;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(252)]
    public int Padding0;

    /// <summary>StopPx (99) in 10^-8; 0 (absent) leaves it as it is.</summary>
    [FieldOffset(256)]
    public long StopPriceE8;

    /// <summary>DisplayQty (1138) or MaxFloor (111) in 10^-8; 0 (absent) leaves it as it is.</summary>
    [FieldOffset(264)]
    public long DisplayQuantityE8;

    /// <summary>MinQty (110) in 10^-8, of this replacement's own execution.</summary>
    [FieldOffset(272)]
    public long MinQuantityE8;

    /// <summary>See <see cref="NewOrderCommand.ExpireNs"/>; 0 (absent) leaves it as it is unless the time in force changes to GTD.</summary>
    [FieldOffset(280)]
    public long ExpireNs;

    /// <summary>Reads a record of this build or of an older one.</summary>
    public static ReplaceOrderCommand Read(ReadOnlySpan<byte> bytes)
    {
        ReplaceOrderCommand command = default;
        bytes.CopyTo(MemoryMarshal.AsBytes(new Span<ReplaceOrderCommand>(ref command)));
        command.Header.Command.Length = SizeBytes;
        return command;
    }
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
