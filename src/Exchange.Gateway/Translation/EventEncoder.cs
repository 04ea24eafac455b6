using System.Runtime.InteropServices;
using Exchange.Fix.Validation;
using Exchange.Fix.Writing;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Translation;

/// <summary>
/// Turns event records into FIX messages. The same record always gives the same bytes, except for what a resend changes (43, 52,
/// 122, and with them 9 and 10), so the history can hold records instead of texts. Nothing is allocated. One encoder serves one thread.
/// </summary>
public sealed partial class EventEncoder
{
    /// <summary>A target of this size holds any message: the longest texts of the records and the slack of the writer together are shorter.</summary>
    public const int MessageLengthMax = 8192;

    // All messages but acknowledgements of many quotes, whose records are longer than this, fit in so much.
    private const int CommonLengthMax = 4096;
    private const int CommonRecordMax = 2048;

    private readonly TimestampText _times = new();

    /// <summary>A target of this size holds the message of a record.</summary>
    public static int LengthMaxOf(ReadOnlySpan<byte> eventRecord) => eventRecord.Length <= CommonRecordMax ? CommonLengthMax : MessageLengthMax;

    /// <summary>Encodes one event.</summary>
    /// <param name="eventRecord">The whole record.</param>
    /// <param name="profile">The session that receives it.</param>
    /// <param name="names">Symbols of the instruments.</param>
    /// <param name="target">At least as many bytes as <see cref="LengthMaxOf"/> says.</param>
    /// <returns>Length of the message; 0 for an event that is no FIX message.</returns>
    public int Encode(ReadOnlySpan<byte> eventRecord, SessionProfile profile, InstrumentNames names, Span<byte> target)
    {
        ref readonly EventHeader header = ref As<EventHeader>(eventRecord);
        Invariant.Require(header.Length <= eventRecord.Length);
        switch (header.Type)
        {
            case EventType.ExecutionReport:
                return ExecutionReport(eventRecord, profile, names, target);
            case EventType.CancelReject:
                return CancelReject(As<CancelRejectEvent>(eventRecord), profile, target);
            case EventType.Logon:
                return Logon(As<LogonEvent>(eventRecord), profile, target);
            case EventType.Heartbeat:
                return TestReq(As<TestReqEvent>(eventRecord), (byte)'0', profile, target);
            case EventType.TestRequest:
                return TestReq(As<TestReqEvent>(eventRecord), (byte)'1', profile, target);
            case EventType.ResendRequest:
                return ResendRequest(As<RangeEvent>(eventRecord), profile, target);
            case EventType.Reject:
                return Reject(As<RejectEvent>(eventRecord), profile, target);
            case EventType.BusinessReject:
                return BusinessReject(As<RejectEvent>(eventRecord), profile, target);
            case EventType.Logout:
                return Logout(As<LogoutEvent>(eventRecord), profile, target);
            case EventType.UserResponse:
                return UserResponse(As<UserResponseEvent>(eventRecord), profile, target);
            case EventType.GapFill:
                return GapFill(As<RangeEvent>(eventRecord), profile, target);
            default:
                return Answer(eventRecord, profile, names, target);
        }
    }

    private int ExecutionReport(ReadOnlySpan<byte> record, SessionProfile profile, InstrumentNames names, Span<byte> target)
    {
        ref readonly ExecutionReportEvent report = ref As<ExecutionReportEvent>(record);
        FixWriter writer = Begin(target, profile, (byte)'8', report.Header);
        OrderId(ref writer, report.OrderId);
        writer.Int64("17="u8, report.ExecId);
        if (profile.Rules.HasExecTransType)
        {
            StatusWithExecTransType(ref writer, report);
        }
        else
        {
            writer.Char("150="u8, (byte)(report.ExecType == ExecType.Triggered && !profile.Rules.HasTriggered ? ExecType.Restated : report.ExecType));
            writer.Char("39="u8, (byte)report.OrdStatus);
        }

        Optional(ref writer, "11="u8, report.ClOrdId.AsSpan());
        ReadOnlySpan<byte> symbolField = names.Field(report.InstrumentId);
        if (report.Tail == ReportTail.None)
        {
            writer.Raw(symbolField);
        }
        else
        {
            Tail(ref writer, profile, report, record[ExecutionReportEvent.SizeBytes..], symbolField);
        }

        writer.Char("54="u8, (byte)report.Side);
        Optional(ref writer, "1="u8, report.Account.AsSpan());
        OptionalE8(ref writer, "38="u8, report.OrderQtyE8);
        OptionalChar(ref writer, "40="u8, profile.Rules.OrdType((byte)report.OrdType));
        OptionalE8(ref writer, "44="u8, report.PriceE8);
        OptionalChar(ref writer, "59="u8, profile.Rules.TimeInForce((byte)report.TimeInForce));
        if ((report.Tail & ReportTail.Extras) != 0)
        {
            Extras(ref writer, profile, As<OrderExtrasTail>(record[^OrderExtrasTail.SizeBytes..]));
        }

        if (report.ExecType == ExecType.Trade)
        {
            writer.E8("32="u8, report.LastQtyE8);
            writer.E8("31="u8, report.LastPxE8);
            ReadOnlySpan<byte> matchIdTag = profile.Rules.MatchIdTag;
            if (report.MatchId != 0 && !matchIdTag.IsEmpty)
            {
                writer.Int64(matchIdTag, report.MatchId);
            }

            if (profile.Rules.HasLastLiquidityInd)
            {
                OptionalChar(ref writer, "851="u8, (byte)report.Liquidity);
            }
        }
        else if (report.ExecType == ExecType.Restated)
        {
            // "Restatement" is the only one of all versions' reasons that says what this is.
            writer.Raw("378=1\u0001"u8);
        }

        writer.E8("151="u8, report.LeavesQtyE8);
        writer.E8("14="u8, report.CumQtyE8);
        writer.E8("6="u8, report.AvgPxE8);
        writer.Timestamp("60="u8, report.TransactTimeNs, profile.TimestampDecimals, _times);
        if (report.OrdRejReason != ExecutionReportEvent.NoReason)
        {
            writer.Int64("103="u8, profile.Rules.OrdRejReason(report.OrdRejReason));
        }

        Words(ref writer, report.Text, report.Value, report.Limit);
        return writer.Finish();
    }

    /// <summary>
    /// 20, 150 and 39 of the versions before FIX 4.4: ExecTransType tells a status from news, ExecType has no value of its own for a
    /// status or a trade, and an order that was replaced and not traded yet has the status Replaced.
    /// </summary>
    private static void StatusWithExecTransType(ref FixWriter writer, in ExecutionReportEvent report)
    {
        const byte Replaced = (byte)'5';
        byte status = report.ExecType == ExecType.Replaced && report.OrdStatus == OrdStatus.New ? Replaced : (byte)report.OrdStatus;
        byte type = report.ExecType switch
        {
            ExecType.OrderStatus => status,
            ExecType.Trade => report.LeavesQtyE8 == 0 ? (byte)'2' : (byte)'1',
            ExecType.Triggered => (byte)ExecType.Restated,
            _ => (byte)report.ExecType,
        };
        writer.Char("20="u8, report.ExecType == ExecType.OrderStatus ? (byte)'3' : (byte)'0');
        writer.Char("150="u8, type);
        writer.Char("39="u8, status);
    }

    private static void Tail(ref FixWriter writer, SessionProfile profile, in ExecutionReportEvent report, ReadOnlySpan<byte> tail, ReadOnlySpan<byte> symbolField)
    {
        if ((report.Tail & ReportTail.MassStatus) != 0)
        {
            int extras = (report.Tail & ReportTail.Extras) != 0 ? OrderExtrasTail.SizeBytes : 0;
            MassStatus(ref writer, profile, report, tail[..^extras], symbolField);
            return;
        }

        if ((report.Tail & ReportTail.OrigClOrdId) != 0)
        {
            writer.Text("41="u8, As<Text40>(tail).AsSpan());
            tail = tail[Text40.SizeBytes..];
        }

        bool hasText = (report.Tail & ReportTail.SymbolOrStatusReqId) != 0;
        if (hasText && report.ExecType == ExecType.OrderStatus)
        {
            if (profile.Rules.HasOrdStatusReqId)
            {
                writer.Text("790="u8, As<Text40>(tail).AsSpan());
            }

            writer.Raw(symbolField);
        }
        else if (hasText && !As<Text40>(tail).IsEmpty)
        {
            writer.Text("55="u8, As<Text40>(tail).AsSpan());
        }
        else
        {
            writer.Raw(symbolField);
        }
    }

    private int CancelReject(in CancelRejectEvent reject, SessionProfile profile, Span<byte> target)
    {
        FixWriter writer = Begin(target, profile, (byte)'9', reject.Header);
        OrderId(ref writer, reject.OrderId);
        writer.Text("11="u8, reject.ClOrdId.AsSpan());
        writer.Text("41="u8, reject.OrigClOrdId.AsSpan());
        writer.Char("39="u8, (byte)reject.OrdStatus);
        writer.Timestamp("60="u8, reject.TransactTimeNs, profile.TimestampDecimals, _times);
        writer.Char("434="u8, reject.ResponseTo);
        writer.Int64("102="u8, profile.Rules.CxlRejReason(reject.CxlRejReason));
        Words(ref writer, reject.Text, reject.Value, reject.Limit);
        return writer.Finish();
    }

    private int Logon(in LogonEvent logon, SessionProfile profile, Span<byte> target)
    {
        FixWriter writer = Begin(target, profile, (byte)'A', logon.Header);
        writer.Raw("98=0\u0001"u8);
        writer.Int64("108="u8, logon.HeartBtIntSec);
        if (logon.ResetSeqNum != 0)
        {
            writer.Raw("141=Y\u0001"u8);
        }

        if (logon.NextExpectedMsgSeqNum != 0 && profile.Rules.HasNextExpected)
        {
            writer.Int64("789="u8, logon.NextExpectedMsgSeqNum);
        }

        writer.Raw(profile.Rules.LogonTail);

        return writer.Finish();
    }

    private int TestReq(in TestReqEvent test, byte msgType, SessionProfile profile, Span<byte> target)
    {
        FixWriter writer = Begin(target, profile, msgType, test.Header);
        Optional(ref writer, "112="u8, test.TestReqId.AsSpan());
        return writer.Finish();
    }

    private int ResendRequest(in RangeEvent range, SessionProfile profile, Span<byte> target)
    {
        FixWriter writer = Begin(target, profile, (byte)'2', range.Header);
        writer.Int64("7="u8, range.BeginSeqNo);
        writer.Int64("16="u8, range.EndSeqNo);
        return writer.Finish();
    }

    private int Reject(in RejectEvent reject, SessionProfile profile, Span<byte> target)
    {
        FixWriter writer = Begin(target, profile, (byte)'3', reject.Header);
        writer.Int64("45="u8, reject.RefSeqNum);
        if (reject.Text == ReasonCode.InvalidMessage)
        {
            writer.Text("58="u8, ReasonText.RejectWords((SessionRejectReason)reject.Reason));
        }
        else
        {
            Words(ref writer, reject.Text, reject.Value, reject.Limit);
        }

        if (reject.RefTagId != 0)
        {
            writer.Int64("371="u8, reject.RefTagId == FixCommandHeader.RefTagZero ? 0 : reject.RefTagId);
        }

        Optional(ref writer, "372="u8, reject.RefMsgType.AsSpan());
        if (profile.Rules.HasSessionRejectReason(reject.Reason))
        {
            writer.Int64("373="u8, reject.Reason);
        }

        return writer.Finish();
    }

    private int BusinessReject(in RejectEvent reject, SessionProfile profile, Span<byte> target)
    {
        FixWriter writer = Begin(target, profile, (byte)'j', reject.Header);
        writer.Int64("45="u8, reject.RefSeqNum);
        Words(ref writer, reject.Text, reject.Value, reject.Limit);
        writer.Text("372="u8, reject.RefMsgType.AsSpan());
        Optional(ref writer, "379="u8, reject.BusinessRejectRefId.AsSpan());
        writer.Int64("380="u8, profile.Rules.BusinessRejectReason(reject.Reason));
        return writer.Finish();
    }

    private int Logout(in LogoutEvent logout, SessionProfile profile, Span<byte> target)
    {
        FixWriter writer = Begin(target, profile, (byte)'5', logout.Header);
        Words(ref writer, logout.Text, logout.Value, logout.Limit);
        return writer.Finish();
    }

    private int UserResponse(in UserResponseEvent response, SessionProfile profile, Span<byte> target)
    {
        if (!profile.Dictionary.IsKnownMsgType("BF"u8))
        {
            // Asked for in a version that has it, resent in one that has not: its number is filled.
            RangeEvent number = new() { Header = response.Header, BeginSeqNo = response.Header.MsgSeqNum, EndSeqNo = response.Header.MsgSeqNum + 1 };
            return GapFill(in number, profile, target);
        }

        FixWriter writer = new(target, profile.UserResponsePrefix, profile.UserResponseBodyStart);
        Header(ref writer, profile, in response.Header);
        writer.Text("923="u8, response.UserRequestId.AsSpan());
        writer.Text("553="u8, response.Username.AsSpan());
        writer.Int64("926="u8, response.UserStatus);
        if (response.Text != ReasonCode.None)
        {
            Span<byte> words = stackalloc byte[ReasonText.LengthMax];
            Optional(ref writer, "927="u8, words[..ReasonText.Write(response.Text, value: 0, limit: 0, words)]);
        }

        return writer.Finish();
    }

    /// <summary>A gap fill stands for messages that were sent before, so it is a possible duplicate whatever the record says.</summary>
    private int GapFill(in RangeEvent range, SessionProfile profile, Span<byte> target)
    {
        EventHeader header = range.Header;
        header.Flags |= EventFlags.PossDup;
        FixWriter writer = Begin(target, profile, (byte)'4', header);
        writer.Int64("36="u8, range.EndSeqNo);
        writer.Raw("123=Y\u0001"u8);
        return writer.Finish();
    }

    private FixWriter Begin(Span<byte> target, SessionProfile profile, byte msgType, in EventHeader header)
    {
        FixWriter writer = new(target, profile.Prefix, profile.BodyStart);
        writer.Patch(profile.MsgTypeAt, msgType);
        Header(ref writer, profile, in header);
        return writer;
    }

    private void Header(ref FixWriter writer, SessionProfile profile, in EventHeader header)
    {
        writer.RawInt64(header.MsgSeqNum);
        if ((header.Flags & EventFlags.PossDup) != 0)
        {
            writer.Raw("43=Y\u0001"u8);
        }

        writer.Timestamp(profile.SenderUpToTime, header.SendingTimeNs, profile.TimestampDecimals, _times);
        writer.Raw(profile.TargetField);
        if (header.Flags != EventFlags.None)
        {
            Flags(ref writer, profile, header);
        }
    }

    private void Flags(ref FixWriter writer, SessionProfile profile, in EventHeader header)
    {
        if ((header.Flags & EventFlags.PossResend) != 0)
        {
            writer.Raw("97=Y\u0001"u8);
        }

        if ((header.Flags & EventFlags.PossDup) != 0)
        {
            // FIX wants 122 equal to 52 where the original time is not known.
            long originalNs = header.OrigSendingTimeNs == 0 ? header.SendingTimeNs : header.OrigSendingTimeNs;
            writer.Timestamp("122="u8, originalNs, profile.TimestampDecimals, _times);
        }
    }

    private static void Words(ref FixWriter writer, ReasonCode code, long value, long limit)
    {
        if (code == ReasonCode.None)
        {
            return;
        }

        Span<byte> words = stackalloc byte[ReasonText.LengthMax];
        Optional(ref writer, "58="u8, words[..ReasonText.Write(code, value, limit, words)]);
    }

    private static void OrderId(ref FixWriter writer, long orderId)
    {
        if (orderId == 0)
        {
            writer.Raw("37=NONE\u0001"u8);
        }
        else
        {
            writer.Int64("37="u8, orderId);
        }
    }

    private static void Optional(ref FixWriter writer, scoped ReadOnlySpan<byte> tag, scoped ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            writer.Text(tag, value);
        }
    }

    private static void OptionalChar(ref FixWriter writer, scoped ReadOnlySpan<byte> tag, byte value)
    {
        if (value != 0)
        {
            writer.Char(tag, value);
        }
    }

    private static void OptionalE8(ref FixWriter writer, scoped ReadOnlySpan<byte> tag, long valueE8)
    {
        if (FixedPoint.IsNumber(valueE8))
        {
            writer.E8(tag, valueE8);
        }
    }

    private static ref readonly T As<T>(ReadOnlySpan<byte> record)
        where T : unmanaged => ref MemoryMarshal.AsRef<T>(record);
}
