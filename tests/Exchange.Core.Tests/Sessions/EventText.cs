using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Exchange.Protocol;
using Exchange.Protocol.Events;

namespace Exchange.Core.Tests.Sessions;

/// <summary>
/// Renders events as short lines in the words of FIX, so that a story can say what it expects and a failure can be read:
/// <c>Logout 34=3 58=MsgSeqNumTooLow(2,5)</c>. Unsequenced events have no 34; <c>kept</c> marks a message that only the history gets.
/// </summary>
internal static class EventText
{
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        ref readonly EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(bytes);
        StringBuilder text = new();
        text.Append(header.Type.ToString());
        if (header.MsgSeqNum != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" 34={header.MsgSeqNum}");
        }

        switch (header.Type)
        {
            case EventType.Logon:
                AppendLogon(text, in MemoryMarshal.AsRef<LogonEvent>(bytes));
                break;
            case EventType.Heartbeat or EventType.TestRequest:
                ref readonly TestReqEvent test = ref MemoryMarshal.AsRef<TestReqEvent>(bytes);

                // Our own ids come from log positions, which no story should have to know.
                Append(text, 112, header.Type == EventType.TestRequest ? "ours" : test.TestReqId.ToString());
                text.Append(test.Probe == 1 ? " probe" : "");
                break;
            case EventType.ResendRequest or EventType.ResendRange:
                ref readonly RangeEvent range = ref MemoryMarshal.AsRef<RangeEvent>(bytes);
                text.Append(CultureInfo.InvariantCulture, $" {range.BeginSeqNo}-{range.EndSeqNo}");
                break;
            case EventType.Reject or EventType.BusinessReject:
                AppendReject(text, in MemoryMarshal.AsRef<RejectEvent>(bytes));
                break;
            case EventType.Logout:
                ref readonly LogoutEvent logout = ref MemoryMarshal.AsRef<LogoutEvent>(bytes);
                AppendReason(text, logout.Text, logout.Value, logout.Limit);
                break;
            case EventType.CloseConnection:
                text.Append(CultureInfo.InvariantCulture, $" {MemoryMarshal.AsRef<CloseConnectionEvent>(bytes).Reason} connection={header.ConnectionId}");
                break;
            case EventType.GatewayReady:
                text.Append(CultureInfo.InvariantCulture, $" term={MemoryMarshal.AsRef<GatewayReadyEvent>(bytes).LeadershipTerm}");
                break;
            case EventType.Participant:
                text.Append(' ').Append(MemoryMarshal.AsRef<ParticipantEvent>(bytes).Definition.SenderCompId.ToString());
                break;
            case EventType.Instrument:
                text.Append(' ').Append(MemoryMarshal.AsRef<InstrumentEvent>(bytes).Definition.Symbol.ToString());
                break;
            case EventType.UserResponse:
                ref readonly UserResponseEvent user = ref MemoryMarshal.AsRef<UserResponseEvent>(bytes);
                text.Append(CultureInfo.InvariantCulture, $" 926={user.UserStatus}");
                text.Append(user.Text == ReasonCode.None ? "" : $" 927={user.Text}");
                break;
            case EventType.ExecutionReport:
                AppendReport(text, in MemoryMarshal.AsRef<ExecutionReportEvent>(bytes));
                AppendMassStatus(text, bytes);
                break;
            case EventType.CancelReject:
                ref readonly CancelRejectEvent cancelReject = ref MemoryMarshal.AsRef<CancelRejectEvent>(bytes);
                text.Append(CultureInfo.InvariantCulture, $" 11={cancelReject.ClOrdId} {cancelReject.Text}");
                break;
            default:
                text.Append(RequestText.Of(bytes));
                break;
        }

        text.Append(header.Flags.HasFlag(EventFlags.PossResend) ? " 97=Y" : "");
        text.Append(header.MsgSeqNum != 0 && header.ConnectionId == 0 ? " kept" : "");
        text.Append(header.SessionId > 0 ? $" session={header.SessionId}" : "");
        return text.ToString();
    }

    private static void AppendLogon(StringBuilder text, in LogonEvent logon)
    {
        text.Append(CultureInfo.InvariantCulture, $" 108={logon.HeartBtIntSec}");
        text.Append(logon.ResetSeqNum == 1 ? " 141=Y" : "");
        text.Append(logon.NextExpectedMsgSeqNum != 0 ? $" 789={logon.NextExpectedMsgSeqNum}" : "");
    }

    private static void AppendReject(StringBuilder text, in RejectEvent reject)
    {
        bool isBusiness = reject.Header.Type == EventType.BusinessReject;
        text.Append(CultureInfo.InvariantCulture, $" 45={reject.RefSeqNum} 372={reject.RefMsgType}");
        text.Append(reject.RefTagId != 0 ? $" 371={reject.RefTagId}" : "");
        text.Append(isBusiness ? " 380=" : " 373=").Append(reject.Reason);
        AppendReason(text, reject.Text, reject.Value, reject.Limit);
    }

    private static void AppendReport(StringBuilder text, in ExecutionReportEvent report)
    {
        text.Append(CultureInfo.InvariantCulture, $" 11={report.ClOrdId} 150={(char)report.ExecType} 39={(char)report.OrdStatus}");
        text.Append(report.ExecType == ExecType.Trade ? string.Create(CultureInfo.InvariantCulture, $" 17={report.ExecId} 32={report.LastQtyE8 / FixedPoint.Scale}") : "");
        text.Append(report.Text != ReasonCode.None ? $" {report.Text}" : "");
    }

    private static void AppendMassStatus(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        if ((MemoryMarshal.AsRef<ExecutionReportEvent>(bytes).Tail & ReportTail.MassStatus) != 0)
        {
            MassStatusTail tail = MemoryMarshal.Read<MassStatusTail>(bytes[^(MassStatusTail.SizeBytes + ((MemoryMarshal.AsRef<ExecutionReportEvent>(bytes).Tail & ReportTail.Extras) != 0 ? OrderExtrasTail.SizeBytes : 0))..]);
            text.Append(CultureInfo.InvariantCulture, $" 584={tail.MassStatusReqId} 911={tail.TotalReports}{(tail.IsLast == 1 ? " last" : "")}");
        }
    }

    private static void AppendReason(StringBuilder text, ReasonCode reason, long value, long limit)
    {
        text.Append(" 58=").Append(reason.ToString());
        if (value != 0 || limit != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"({value},{limit})");
        }
    }

    private static void Append(StringBuilder text, int tag, string value)
    {
        if (value.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" {tag}={value}");
        }
    }
}
