using System.Text;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Writing;
using Exchange.Protocol;

namespace Exchange.Fix.Client;

/// <summary>
/// Builds the messages that a client sends, for the load generator, the terminal and tests. Each method writes one whole message
/// into the target and returns its length; the caller owns the sequence numbers and the clock. Nothing is allocated, and one
/// instance serves one thread.
/// <para>A message that is sent again is built with <see cref="PossDupOriginalNs"/> set.</para>
/// </summary>
public sealed class ClientEncoder
{
    /// <summary>A target of this size holds any message whose texts are within the exchange's limits.</summary>
    public const int MessageLengthMax = 1024;

    private readonly FixDictionary _version;
    private readonly byte[] _beginString;
    private readonly byte[] _logonTail;
    private readonly byte[] _handlingInstruction;
    private readonly byte[] _identity;
    private readonly int _timestampDecimals;
    private readonly TimestampText _times = new();

    /// <summary>Creates an encoder for one session.</summary>
    /// <param name="senderCompId">SenderCompID (49), the client.</param>
    /// <param name="targetCompId">TargetCompID (56), the exchange.</param>
    /// <param name="version">The version of FIX; FIX 4.4 when null.</param>
    /// <param name="timestampDecimals">Decimals of the seconds in timestamps: 0, 3, 6 or 9.</param>
    public ClientEncoder(string senderCompId, string targetCompId, FixDictionary? version = null, int timestampDecimals = 3)
    {
        _version = version ?? FixDictionaries.Fix44;
        _beginString = _version.BeginStringBytes.ToArray();
        _logonTail = _version.ApplVerId.Length == 0 ? [] : Encoding.ASCII.GetBytes($"1137={_version.ApplVerId}\u0001");
        _handlingInstruction = _version.Requires(FixMessageKind.NewOrderSingle, FixTag.HandlInst) ? "21=1\u0001"u8.ToArray() : [];
        _identity = Encoding.ASCII.GetBytes($"\u000149={senderCompId}\u000156={targetCompId}\u0001");
        _timestampDecimals = timestampDecimals;
    }

    /// <summary>When not 0, messages carry PossDupFlag (43) = Y and this OrigSendingTime (122), nanoseconds since 1970.</summary>
    public long PossDupOriginalNs { get; set; }

    /// <summary>Logon (A).</summary>
    public int Logon(Span<byte> target, long msgSeqNum, long nowNs, in ClientLogon logon)
    {
        FixWriter writer = Begin(target, "35=A"u8, msgSeqNum, nowNs);
        writer.Raw("98=0\u0001"u8);
        writer.Int64("108="u8, logon.HeartBtIntSec);
        if (logon.ResetSeqNum)
        {
            writer.Raw("141=Y\u0001"u8);
        }

        if (logon.NextExpectedMsgSeqNum != 0 && _version.Has(FixMessageKind.Logon, FixTag.NextExpectedMsgSeqNum))
        {
            writer.Int64("789="u8, logon.NextExpectedMsgSeqNum);
        }

        Optional(ref writer, "553="u8, logon.Username);
        Optional(ref writer, "554="u8, logon.Password);
        writer.Raw(_logonTail);
        return writer.Finish();
    }

    /// <summary>Heartbeat (0); with a TestReqID (112) it answers a TestRequest.</summary>
    public int Heartbeat(Span<byte> target, long msgSeqNum, long nowNs, ReadOnlySpan<byte> testReqId = default)
    {
        FixWriter writer = Begin(target, "35=0"u8, msgSeqNum, nowNs);
        Optional(ref writer, "112="u8, testReqId);
        return writer.Finish();
    }

    /// <summary>TestRequest (1).</summary>
    public int TestRequest(Span<byte> target, long msgSeqNum, long nowNs, ReadOnlySpan<byte> testReqId)
    {
        FixWriter writer = Begin(target, "35=1"u8, msgSeqNum, nowNs);
        writer.Text("112="u8, testReqId);
        return writer.Finish();
    }

    /// <summary>ResendRequest (2); an end of 0 asks for all up to the last.</summary>
    public int ResendRequest(Span<byte> target, long msgSeqNum, long nowNs, long beginSeqNo, long endSeqNo)
    {
        FixWriter writer = Begin(target, "35=2"u8, msgSeqNum, nowNs);
        writer.Int64("7="u8, beginSeqNo);
        writer.Int64("16="u8, endSeqNo);
        return writer.Finish();
    }

    /// <summary>SequenceReset (4); as gap fill it is sent with the first number of the gap and usually as PossDup.</summary>
    public int SequenceReset(Span<byte> target, long msgSeqNum, long nowNs, long newSeqNo, bool isGapFill)
    {
        FixWriter writer = Begin(target, "35=4"u8, msgSeqNum, nowNs);
        if (isGapFill)
        {
            writer.Raw("123=Y\u0001"u8);
        }

        writer.Int64("36="u8, newSeqNo);
        return writer.Finish();
    }

    /// <summary>Logout (5).</summary>
    public int Logout(Span<byte> target, long msgSeqNum, long nowNs, ReadOnlySpan<byte> text = default)
    {
        FixWriter writer = Begin(target, "35=5"u8, msgSeqNum, nowNs);
        Optional(ref writer, "58="u8, text);
        return writer.Finish();
    }

    /// <summary>NewOrderSingle (D).</summary>
    public int NewOrderSingle(Span<byte> target, long msgSeqNum, long nowNs, in ClientOrder order)
    {
        FixWriter writer = Begin(target, "35=D"u8, msgSeqNum, nowNs, order.IsPossResend);
        writer.Text("11="u8, order.ClOrdId);
        Terms(ref writer, order, nowNs);
        return writer.Finish();
    }

    /// <summary>OrderCancelRequest (F).</summary>
    public int OrderCancelRequest(Span<byte> target, long msgSeqNum, long nowNs, in ClientOrder order)
    {
        FixWriter writer = Begin(target, "35=F"u8, msgSeqNum, nowNs, order.IsPossResend);
        writer.Text("41="u8, order.OrigClOrdId);
        writer.Text("11="u8, order.ClOrdId);
        writer.Text("55="u8, order.Symbol);
        writer.Char("54="u8, (byte)order.Side);
        writer.Timestamp("60="u8, nowNs, _timestampDecimals, _times);
        return writer.Finish();
    }

    /// <summary>OrderCancelReplaceRequest (G); the quantity is the new total.</summary>
    public int OrderCancelReplaceRequest(Span<byte> target, long msgSeqNum, long nowNs, in ClientOrder order)
    {
        FixWriter writer = Begin(target, "35=G"u8, msgSeqNum, nowNs, order.IsPossResend);
        writer.Text("41="u8, order.OrigClOrdId);
        writer.Text("11="u8, order.ClOrdId);
        Terms(ref writer, order, nowNs);
        return writer.Finish();
    }

    /// <summary>OrderStatusRequest (H).</summary>
    public int OrderStatusRequest(Span<byte> target, long msgSeqNum, long nowNs, in ClientOrder order)
    {
        FixWriter writer = Begin(target, "35=H"u8, msgSeqNum, nowNs);
        writer.Text("11="u8, order.ClOrdId);
        if (_version.Has(FixMessageKind.OrderStatusRequest, FixTag.OrdStatusReqID))
        {
            Optional(ref writer, "790="u8, order.OrdStatusReqId);
        }

        writer.Text("55="u8, order.Symbol);
        writer.Char("54="u8, (byte)order.Side);
        return writer.Finish();
    }

    private FixWriter Begin(Span<byte> target, ReadOnlySpan<byte> msgType, long msgSeqNum, long nowNs, bool isPossResend = false)
    {
        FixWriter writer = new(target, _beginString);
        writer.Raw(msgType);
        writer.Raw(_identity);
        writer.Int64("34="u8, msgSeqNum);
        writer.Timestamp("52="u8, nowNs, _timestampDecimals, _times);
        if (PossDupOriginalNs != 0)
        {
            writer.Raw("43=Y\u0001"u8);
            writer.Timestamp("122="u8, PossDupOriginalNs, _timestampDecimals, _times);
        }

        if (isPossResend)
        {
            writer.Raw("97=Y\u0001"u8);
        }

        return writer;
    }

    private void Terms(ref FixWriter writer, in ClientOrder order, long nowNs)
    {
        Optional(ref writer, "1="u8, order.Account);
        writer.Raw(_handlingInstruction);
        writer.Text("55="u8, order.Symbol);
        writer.Char("54="u8, (byte)order.Side);
        writer.Timestamp("60="u8, nowNs, _timestampDecimals, _times);
        if (order.QuantityE8 != FixedPoint.Absent)
        {
            writer.E8("38="u8, order.QuantityE8);
        }

        writer.Char("40="u8, (byte)order.OrdType);
        if (order.PriceE8 != FixedPoint.Absent)
        {
            writer.E8("44="u8, order.PriceE8);
        }

        if (order.TimeInForce != 0)
        {
            writer.Char("59="u8, (byte)order.TimeInForce);
        }
    }

    private static void Optional(ref FixWriter writer, scoped ReadOnlySpan<byte> tag, scoped ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            writer.Text(tag, value);
        }
    }
}
