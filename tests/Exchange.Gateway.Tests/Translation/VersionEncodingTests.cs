using System.Runtime.InteropServices;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Validation;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;
using static Exchange.Gateway.Tests.Translation.EventRecords;

namespace Exchange.Gateway.Tests.Translation;

/// <summary>
/// What we say must be right in the version in which we say it, whatever it was caused by: a history is resent in the version of the
/// connection that asks, so any record may meet any version.
/// </summary>
public sealed class VersionEncodingTests
{
    private static readonly EventType[] NoMessages =
    [
        EventType.None, EventType.ResendRange, EventType.HistoryReset, EventType.CloseConnection, EventType.GatewayReady, EventType.Participant,
        EventType.Instrument, EventType.MemberAlive, EventType.HistoryStart,
    ];

    public static TheoryData<string, EventType> All
    {
        get
        {
            TheoryData<string, EventType> all = [];
            foreach (FixDictionary dictionary in FixDictionaries.All)
            {
                foreach (EventType type in Enum.GetValues<EventType>().Except(NoMessages))
                {
                    all.Add(dictionary.Version, type);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_event_is_a_valid_message_in_every_version(string version, EventType type)
    {
        FixDictionary dictionary = FixDictionaries.All.Single(each => each.Version == version);
        byte[][] records = [.. Records(type)];
        Assert.NotEmpty(records);
        foreach (byte[] record in records)
        {
            foreach (EventFlags flags in new[] { EventFlags.None, EventFlags.PossDup, EventFlags.PossResend })
            {
                MemoryMarshal.AsRef<EventHeader>(record.AsSpan()).Flags = flags;
                string message = Encode(record, dictionary, out FixFault fault);
                Assert.True(fault == FixFault.None, $"{fault} in {message}");
            }
        }
    }

    [Theory]
    [InlineData("FIX.4.2", "|17=1001|20=0|150=1|39=1|11=ORD1|", "|32=40|31=101.24|151=60|")]
    [InlineData("FIX.4.4", "|17=1001|150=F|39=1|11=ORD1|", "|32=40|31=101.24|527=77|851=1|151=60|")]
    [InlineData("FIX.5.0SP2", "|17=1001|150=F|39=1|11=ORD1|", "|32=40|31=101.24|880=77|851=1|151=60|")]
    public void A_partial_fill(string version, string status, string trade)
    {
        string message = Encode(Fill(OrdStatus.PartiallyFilled, 6_000_000_000), version);
        Assert.Contains(status, message, StringComparison.Ordinal);
        Assert.Contains(trade, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FIX.4.2", "|20=0|150=2|39=2|")]
    [InlineData("FIX.4.4", "|150=F|39=2|")]
    [InlineData("FIX.5.0SP2", "|150=F|39=2|")]
    public void The_last_fill(string version, string status) => Assert.Contains(status, Encode(Fill(OrdStatus.Filled, 0), version), StringComparison.Ordinal);

    [Theory]
    [InlineData("FIX.4.2", "|20=3|150=1|39=1|11=ORD1|55=AAPL|")]
    [InlineData("FIX.4.4", "|150=I|39=1|11=ORD1|790=REQ|55=AAPL|")]
    [InlineData("FIX.5.0SP2", "|150=I|39=1|11=ORD1|790=REQ|55=AAPL|")]
    public void The_status_of_an_order(string version, string expected)
    {
        ExecutionReportEvent status = Report(ExecType.OrderStatus, OrdStatus.PartiallyFilled);
        status.Tail = ReportTail.SymbolOrStatusReqId;
        Assert.Contains(expected, Encode(Bytes(status, "REQ"), version), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FIX.4.2", OrdStatus.New, "|20=0|150=5|39=5|")]
    [InlineData("FIX.4.2", OrdStatus.PartiallyFilled, "|20=0|150=5|39=1|")]
    [InlineData("FIX.4.4", OrdStatus.New, "|150=5|39=0|")]
    public void A_replaced_order(string version, OrdStatus status, string expected) =>
        Assert.Contains(expected, Encode(Bytes(Report(ExecType.Replaced, status)), version), StringComparison.Ordinal);

    [Theory]
    [InlineData("FIX.4.2", 16, "|372=D|10=")]
    [InlineData("FIX.4.2", 11, "|372=D|373=11|10=")]
    [InlineData("FIX.4.4", 16, "|372=D|373=16|10=")]
    [InlineData("FIX.4.4", 18, "|372=D|10=")]
    [InlineData("FIX.5.0SP2", 18, "|372=D|373=18|10=")]
    public void A_reason_that_a_version_lacks_is_told_in_words_only(string version, ushort reason, string expected)
    {
        RejectEvent reject = new() { Header = Header<RejectEvent>(EventType.Reject), RefSeqNum = 7, RefMsgType = Text16.From("D"), Reason = reason, Text = ReasonCode.InvalidMessage };
        Assert.Contains(expected, Encode(Bytes(reject), version), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FIX.4.2", 13, "|103=0|")]
    [InlineData("FIX.4.4", 13, "|103=13|")]
    [InlineData("FIX.4.2", 1, "|103=1|")]
    public void A_reason_to_refuse_an_order_that_a_version_lacks_is_the_exchanges_option(string version, byte reason, string expected)
    {
        ExecutionReportEvent reject = Report(ExecType.Rejected, OrdStatus.Rejected);
        reject.OrdRejReason = reason;
        Assert.Contains(expected, Encode(Bytes(reject), version), StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_without_a_symbol_is_refused_with_the_word_for_none()
    {
        ExecutionReportEvent reject = Report(ExecType.Rejected, OrdStatus.Rejected);
        reject.InstrumentId = -1;
        reject.Tail = ReportTail.SymbolOrStatusReqId;
        Assert.Contains("|55=[N/A]|", Encode(Bytes(reject, string.Empty), "FIX.5.0SP2"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_logon_over_FIXT_names_the_application_version()
    {
        byte[] logon = Bytes(new LogonEvent { Header = Header<LogonEvent>(EventType.Logon), HeartBtIntSec = 30, NextExpectedMsgSeqNum = 3 });
        string fixt = Encode(logon, "FIX.5.0SP2");
        Assert.StartsWith("8=FIXT.1.1|9=", fixt, StringComparison.Ordinal);
        Assert.Contains("|98=0|108=30|789=3|1137=9|10=", fixt, StringComparison.Ordinal);
        Assert.Contains("|98=0|108=30|10=", Encode(logon, "FIX.4.2"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FIX.4.2", "|36=13|123=Y|10=")]
    [InlineData("FIX.4.4", "|923=U1|553=HFT1|926=6|927=This session has no password|10=")]
    public void A_UserResponse_in_a_version_that_has_none_is_filled(string version, string expected) =>
        Assert.Contains(expected, Encode(Bytes(UserResponse(ReasonCode.NoPasswordToChange)), version), StringComparison.Ordinal);

    private static UserResponseEvent UserResponse(ReasonCode text) => new()
    {
        Header = Header<UserResponseEvent>(EventType.UserResponse),
        UserRequestId = Text40.From("U1"),
        Username = Text40.From("HFT1"),
        UserStatus = 6,
        Text = text,
    };

    private static IEnumerable<byte[]> Records(EventType type)
    {
        switch (type)
        {
            case EventType.ExecutionReport:
                return Enum.GetValues<ExecType>().Where(each => each != 0).SelectMany(Reports);
            case EventType.CancelReject:
                return Enumerable.Range(0, 100).SelectMany(CancelRejects);
            case EventType.Logon:
                return [Bytes(new LogonEvent { Header = Header<LogonEvent>(type), HeartBtIntSec = 30, ResetSeqNum = 1, NextExpectedMsgSeqNum = 3 })];
            case EventType.Heartbeat or EventType.TestRequest:
                return [Bytes(new TestReqEvent { Header = Header<TestReqEvent>(type), TestReqId = Text64.From("T") })];
            case EventType.ResendRequest or EventType.GapFill:
                return [Bytes(new RangeEvent { Header = Header<RangeEvent>(type), BeginSeqNo = 5, EndSeqNo = 9 })];
            case EventType.Reject:
                return Enumerable.Range(0, 100).SelectMany(reason => Rejects(type, (ushort)reason, ReasonCode.InvalidMessage))
                    .Concat(Enum.GetValues<ReasonCode>().SelectMany(code => Rejects(type, 5, code)));
            case EventType.BusinessReject:
                return Enumerable.Range(0, 100).SelectMany(reason => Rejects(type, (ushort)reason, ReasonCode.UnsupportedMessageType));
            case EventType.UserResponse:
                return Enum.GetValues<ReasonCode>().Select(code => Bytes(UserResponse(code)));
            case EventType.Logout:
                return Enum.GetValues<ReasonCode>().Select(code => Bytes(new LogoutEvent { Header = Header<LogoutEvent>(type), Text = code, Value = 4, Limit = 9 }));
            case >= EventType.MassCancelReport and <= EventType.MassActionReport:
                return AnswerRecords.Of(type);
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "has no record here: a new event needs one");
        }
    }

    private static IEnumerable<byte[]> Reports(ExecType type)
    {
        foreach (OrdStatus status in Enum.GetValues<OrdStatus>().Where(each => each != 0))
        {
            ExecutionReportEvent report = Report(type, status);
            report.OrdRejReason = type == ExecType.Rejected ? (byte)99 : ExecutionReportEvent.NoReason;
            report.Text = type == ExecType.Rejected ? ReasonCode.PriceNotOnTick : ReasonCode.None;
            report.LastQtyE8 = report.LastPxE8 = report.MatchId = type == ExecType.Trade ? 100_000_000 : 0;
            yield return Bytes(report);
            report.Tail = ReportTail.OrigClOrdId | ReportTail.SymbolOrStatusReqId;
            yield return Bytes(report, "ORD0", "REQ");
        }

        for (int reason = 0; reason < 100 && type == ExecType.Rejected; reason++)
        {
            ExecutionReportEvent report = Report(type, OrdStatus.Rejected);
            report.OrdRejReason = (byte)reason;
            report.Account = default;
            yield return Bytes(report);
        }
    }

    private static IEnumerable<byte[]> CancelRejects(int reason)
    {
        foreach (byte responseTo in "12"u8.ToArray())
        {
            yield return Bytes(new CancelRejectEvent
            {
                Header = Header<CancelRejectEvent>(EventType.CancelReject),
                ClOrdId = Text40.From("ORD2"),
                OrigClOrdId = Text40.From("ORD1"),
                TransactTimeNs = Sample.NowNs,
                OrdStatus = OrdStatus.Rejected,
                ResponseTo = responseTo,
                CxlRejReason = (byte)reason,
                Text = ReasonCode.UnknownOrder,
            });
        }
    }

    private static IEnumerable<byte[]> Rejects(EventType type, ushort reason, ReasonCode text)
    {
        RejectEvent reject = new() { Header = Header<RejectEvent>(type), RefSeqNum = 7, RefMsgType = Text16.From("D"), RefTagId = 11, Reason = reason, Text = text };
        yield return Bytes(reject);
        reject.BusinessRejectRefId = Text40.From("ORD1");
        reject.RefTagId = 0;
        yield return Bytes(reject);
    }

    private static byte[] Fill(OrdStatus status, long leavesE8)
    {
        ExecutionReportEvent fill = Report(ExecType.Trade, status);
        fill.LastQtyE8 = 4_000_000_000;
        fill.LastPxE8 = 10_124_000_000;
        fill.LeavesQtyE8 = leavesE8;
        fill.MatchId = 77;
        fill.Liquidity = LastLiquidityInd.AddedLiquidity;
        return Bytes(fill);
    }
}
