using System.Runtime.InteropServices;
using System.Text;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;
using static Exchange.Gateway.Tests.Translation.EventRecords;

namespace Exchange.Gateway.Tests.Translation;

/// <summary>Each event in its exact bytes; each message must also pass the framer and the validation that clients would apply.</summary>
public sealed class EventEncoderTests
{
    private const string Start = "34=12|49=EXCH|52=20261120-12:34:56.789|56=HFT1|";

    private readonly EventEncoder _encoder = new();

    [Fact]
    public void A_fill_is_a_report_with_both_ids_and_all_quantities()
    {
        ExecutionReportEvent fill = Report();
        fill.ExecType = ExecType.Trade;
        fill.OrdStatus = OrdStatus.PartiallyFilled;
        fill.LastQtyE8 = 4_000_000_000;
        fill.LastPxE8 = 10_124_000_000;
        fill.LeavesQtyE8 = 6_000_000_000;
        fill.CumQtyE8 = 4_000_000_000;
        fill.AvgPxE8 = 10_124_000_000;
        fill.MatchId = 77;
        fill.Liquidity = LastLiquidityInd.RemovedLiquidity;
        AssertEncodes(
            "35=8|" + Start + "37=42|17=1001|150=F|39=1|11=ORD1|55=AAPL|54=1|1=ACC|38=100|40=2|44=101.25|59=0|32=40|31=101.24|527=77|851=2|151=60|14=40|6=101.24|60=20261120-12:34:56.789|",
            Bytes(fill));
    }

    [Fact]
    public void A_rejected_order_says_why_with_value_and_limit()
    {
        ExecutionReportEvent reject = Report();
        reject.OrderId = 0;
        reject.ExecType = ExecType.Rejected;
        reject.OrdStatus = OrdStatus.Rejected;
        reject.OrdRejReason = 99;
        reject.Text = ReasonCode.PriceNotOnTick;
        reject.Value = 10_125_500_000;
        reject.Limit = 1_000_000;
        reject.Account = default;
        reject.LeavesQtyE8 = 0;
        AssertEncodes(
            "35=8|" + Start + "37=NONE|17=1001|150=8|39=8|11=ORD1|55=AAPL|54=1|38=100|40=2|44=101.25|59=0|151=0|14=0|6=0|60=20261120-12:34:56.789|103=99|58=Price 101.255 is not a multiple of the tick 0.01|",
            Bytes(reject));
    }

    [Fact]
    public void A_replaced_order_names_the_id_before()
    {
        ExecutionReportEvent replaced = Report();
        replaced.ExecType = ExecType.Replaced;
        replaced.Tail = ReportTail.OrigClOrdId;
        Assert.Contains("|39=0|11=ORD1|41=ORD0|55=AAPL|", Encode(Bytes(replaced, "ORD0")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_symbol_is_repeated_as_it_came()
    {
        ExecutionReportEvent reject = Report();
        reject.ExecType = ExecType.Rejected;
        reject.InstrumentId = -1;
        reject.Tail = ReportTail.SymbolOrStatusReqId;
        reject.OrderQtyE8 = FixedPoint.Unrepresentable;
        reject.PriceE8 = FixedPoint.Absent;
        reject.TimeInForce = 0;
        reject.OrdType = 0;
        string message = Encode(Bytes(reject, "NOPE"));
        Assert.Contains("|55=NOPE|54=1|1=ACC|151=", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "|41=ORD0|790=REQ|55=AAPL|")]
    [InlineData(9, "|41=ORD0|790=REQ|55=[N/A]|")]
    [InlineData(-1, "|41=ORD0|790=REQ|55=[N/A]|")]
    public void A_status_report_repeats_the_request_id(int instrumentId, string expected)
    {
        ExecutionReportEvent status = Report();
        status.ExecType = ExecType.OrderStatus;
        status.InstrumentId = instrumentId;
        status.Tail = ReportTail.OrigClOrdId | ReportTail.SymbolOrStatusReqId;
        Assert.Contains(expected, Encode(Bytes(status, "ORD0", "REQ")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_resend_differs_in_43_52_122_and_the_frame_only()
    {
        ExecutionReportEvent report = Report();
        string first = Encode(Bytes(report));
        report.Header.Flags = EventFlags.PossDup;
        report.Header.OrigSendingTimeNs = report.Header.SendingTimeNs;
        report.Header.SendingTimeNs += 5_000_000_000;
        string again = Encode(Bytes(report));
        Assert.Contains("|34=12|43=Y|49=EXCH|52=20261120-12:35:01.789|56=HFT1|122=20261120-12:34:56.789|37=", again, StringComparison.Ordinal);
        Assert.Equal(first[first.IndexOf("|37=", StringComparison.Ordinal)..first.IndexOf("|10=", StringComparison.Ordinal)],
            again[again.IndexOf("|37=", StringComparison.Ordinal)..again.IndexOf("|10=", StringComparison.Ordinal)]);
    }

    [Fact]
    public void A_restated_order_says_that_it_is_a_restatement()
    {
        ExecutionReportEvent report = Report();
        report.ExecType = ExecType.Restated;
        Assert.Contains("|59=0|378=1|151=100|", Encode(Bytes(report)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_restated_fill_is_a_possible_resend()
    {
        ExecutionReportEvent report = Report();
        report.Header.Flags = EventFlags.PossResend;
        Assert.Contains("52=20261120-12:34:56.789|56=HFT1|97=Y|37=42|", Encode(Bytes(report)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "20261120-12:34:56")]
    [InlineData(3, "20261120-12:34:56.789")]
    [InlineData(6, "20261120-12:34:56.789012")]
    [InlineData(9, "20261120-12:34:56.789012345")]
    public void Timestamps_have_the_decimals_of_the_session(int decimals, string expected)
    {
        ExecutionReportEvent report = Report();
        report.Header.SendingTimeNs += 12_345;
        byte[] target = new byte[EventEncoder.MessageLengthMax];
        int length = _encoder.Encode(Bytes(report), Sample.Profile(timestampDecimals: decimals), Sample.Names(), target);
        Assert.Contains($"\u000152={expected}\u0001", Encoding.Latin1.GetString(target, 0, length), StringComparison.Ordinal);
    }

    [Fact]
    public void Session_messages_are_exact()
    {
        AssertEncodes("35=A|" + Start + "98=0|108=30|", Bytes(new LogonEvent { Header = Header<LogonEvent>(EventType.Logon), HeartBtIntSec = 30 }));
        AssertEncodes(
            "35=A|" + Start + "98=0|108=30|141=Y|789=3|",
            Bytes(new LogonEvent { Header = Header<LogonEvent>(EventType.Logon), HeartBtIntSec = 30, ResetSeqNum = 1, NextExpectedMsgSeqNum = 3 }));
        AssertEncodes("35=0|" + Start, Bytes(new TestReqEvent { Header = Header<TestReqEvent>(EventType.Heartbeat) }));
        AssertEncodes(
            "35=1|" + Start + "112=T1|", Bytes(new TestReqEvent { Header = Header<TestReqEvent>(EventType.TestRequest), TestReqId = Text64.From("T1") }));
        AssertEncodes("35=2|" + Start + "7=5|16=0|", Bytes(new RangeEvent { Header = Header<RangeEvent>(EventType.ResendRequest), BeginSeqNo = 5 }));
        AssertEncodes("35=5|" + Start, Bytes(new LogoutEvent { Header = Header<LogoutEvent>(EventType.Logout) }));
        AssertEncodes(
            "35=5|" + Start + "58=MsgSeqNum too low, expecting 9 but received 4|",
            Bytes(new LogoutEvent { Header = Header<LogoutEvent>(EventType.Logout), Text = ReasonCode.MsgSeqNumTooLow, Value = 4, Limit = 9 }));
    }

    [Fact]
    public void A_gap_fill_is_a_possible_duplicate_with_the_next_number()
    {
        EventHeader header = Header<RangeEvent>(EventType.GapFill);
        AssertEncodes(
            "35=4|34=12|43=Y|49=EXCH|52=20261120-12:34:56.789|56=HFT1|122=20261120-12:34:56.789|36=20|123=Y|", Bytes(new RangeEvent { Header = header, BeginSeqNo = 12, EndSeqNo = 20 }));
    }

    [Fact]
    public void Rejects_name_message_tag_and_reason()
    {
        RejectEvent reject = new()
        {
            Header = Header<RejectEvent>(EventType.Reject),
            RefSeqNum = 7,
            RefMsgType = Text16.From("D"),
            RefTagId = 11,
            Reason = 1,
            Text = ReasonCode.InvalidMessage,
        };
        AssertEncodes("35=3|" + Start + "45=7|58=Required tag missing|371=11|372=D|373=1|", Bytes(reject));
        reject.RefTagId = 0;
        reject.Reason = 5;
        reject.Text = ReasonCode.SequenceResetLowers;
        reject.Value = 3;
        reject.Limit = 9;
        AssertEncodes("35=3|" + Start + "45=7|58=Value is incorrect (out of range) for this tag|372=D|373=5|", Bytes(reject));
        reject.Header.Type = EventType.BusinessReject;
        reject.Reason = 3;
        reject.Text = ReasonCode.UnsupportedMessageType;
        reject.BusinessRejectRefId = Text40.From("ORD1");
        AssertEncodes("35=j|" + Start + "45=7|58=Unsupported Message Type|372=D|379=ORD1|380=3|", Bytes(reject));
    }

    [Fact]
    public void A_refused_cancel_says_what_it_answers()
    {
        CancelRejectEvent reject = new()
        {
            Header = Header<CancelRejectEvent>(EventType.CancelReject),
            ClOrdId = Text40.From("ORD2"),
            OrigClOrdId = Text40.From("ORD1"),
            TransactTimeNs = Sample.NowNs,
            InstrumentId = -1,
            OrdStatus = OrdStatus.Rejected,
            ResponseTo = (byte)'1',
            CxlRejReason = 1,
            Text = ReasonCode.UnknownOrder,
        };
        AssertEncodes("35=9|" + Start + "37=NONE|11=ORD2|41=ORD1|39=8|60=20261120-12:34:56.789|434=1|102=1|58=Order not found|", Bytes(reject));
    }

    [Theory]
    [InlineData(EventType.ResendRange)]
    [InlineData(EventType.HistoryReset)]
    [InlineData(EventType.CloseConnection)]
    [InlineData(EventType.GatewayReady)]
    [InlineData(EventType.Participant)]
    [InlineData(EventType.Instrument)]
    public void An_event_that_is_no_message_gives_no_bytes(EventType type)
    {
        EventHeader header = new() { Type = type, Length = EventHeader.SizeBytes };
        Assert.Equal(0, _encoder.Encode(Bytes(header), Sample.Profile(), Sample.Names(), new byte[EventEncoder.MessageLengthMax]));
    }

    [Fact]
    public void The_longest_report_fits_the_stated_size()
    {
        ExecutionReportEvent report = Report();
        string id = new('x', Text40.LengthMax);
        report.Header.Flags = EventFlags.PossDup | EventFlags.PossResend;
        report.Header.MsgSeqNum = long.MaxValue;
        report.OrderId = report.ExecId = report.MatchId = long.MaxValue;
        report.ClOrdId = Text40.From(id);
        report.Account = Text16.From(new string('a', Text16.LengthMax));
        report.ExecType = ExecType.Trade;
        report.InstrumentId = -1;
        report.OrderQtyE8 = report.PriceE8 = report.LastPxE8 = report.LastQtyE8 = report.LeavesQtyE8 = report.CumQtyE8 = report.AvgPxE8 = -long.MaxValue;
        report.OrdRejReason = 99;
        report.Text = ReasonCode.PriceOutOfRange;
        report.Value = report.Limit = -long.MaxValue;
        report.Tail = ReportTail.OrigClOrdId | ReportTail.SymbolOrStatusReqId;
        string message = Encode(Bytes(report, id, id));
        Assert.True(message.Length < EventEncoder.MessageLengthMax);
        Assert.Contains("|6=-92233720368.54775807|", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encoding_allocates_nothing()
    {
        byte[] record = Bytes(Report());
        byte[] target = new byte[EventEncoder.MessageLengthMax];
        SessionProfile profile = Sample.Profile();
        InstrumentNames names = Sample.Names();
        long before = 0;
        for (int i = 0; i < 20_000; i++)
        {
            if (i == 10_000)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            MemoryMarshal.AsRef<EventHeader>(record.AsSpan()).SendingTimeNs += 1_000_000;
            _encoder.Encode(record, profile, names, target);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void AssertEncodes(string body, byte[] record)
    {
        string message = Encode(record);
        Assert.Equal($"8=FIX.4.4|9={body.Length}|{body}", message[..^7]);
    }
}
