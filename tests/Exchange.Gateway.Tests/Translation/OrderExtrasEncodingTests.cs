using System.Runtime.InteropServices;
using System.Text;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Tests.Translation;

/// <summary>What an order asks for besides price and quantity, in the reports on it.</summary>
public sealed class OrderExtrasEncodingTests
{
    private const long Day = 1_795_478_400_000_000_000;

    private readonly EventEncoder _encoder = new();

    [Theory]
    [InlineData("FIX.4.2", "|59=6|18=6|99=100.5|110=10|111=20|126=20261124-00:00:00.000|2362=DESK1|2964=4|117=Q1|299=E1|")]
    [InlineData("FIX.4.4", "|59=6|18=6|99=100.5|110=10|111=20|126=20261124-00:00:00.000|2362=DESK1|2964=4|117=Q1|299=E1|")]
    [InlineData("FIX.5.0SP2", "|59=6|18=6|99=100.5|110=10|1138=20|126=20261124-00:00:00.000|2362=DESK1|2964=4|117=Q1|299=E1|")]
    public void A_report_repeats_what_the_order_asked_for(string version, string expected) =>
        Assert.Contains(expected, Encode(Report(TimeInForce.GoodTillDate), Extras(OrderFlags.PostOnly), version), StringComparison.Ordinal);

    [Theory]
    [InlineData("FIX.4.2")]
    [InlineData("FIX.4.4")]
    [InlineData("FIX.5.0SP2")]
    public void A_date_stays_a_date_and_nothing_stays_nothing(string version)
    {
        string message = Encode(Report(TimeInForce.GoodTillDate), new OrderExtrasTail { ExpireNs = Day, Flags = OrderFlags.ExpiresOnDate }, version);
        Assert.Contains("|59=6|432=20261124|151=", message, StringComparison.Ordinal);
        Assert.Contains("|59=0|151=", Encode(Report(TimeInForce.Day), default, version), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FIX.4.2", false, false)]
    [InlineData("FIX.4.4", true, true)]
    [InlineData("FIX.5.0SP2", true, true)]
    public void Types_and_times_that_a_version_lacks_are_left_out(string version, bool hasMarketToLimit, bool hasAtTheClose)
    {
        ExecutionReportEvent report = Report(TimeInForce.AtTheClose);
        report.OrdType = OrdType.MarketToLimit;
        string message = Encode(report, default, version);
        Assert.Equal(hasMarketToLimit, message.Contains("|40=K|", StringComparison.Ordinal));
        Assert.Equal(hasAtTheClose, message.Contains("|59=7|", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("FIX.4.2", "|20=0|150=D|39=0|")]
    [InlineData("FIX.4.4", "|150=D|39=0|")]
    [InlineData("FIX.5.0SP2", "|150=L|39=0|")]
    public void A_stop_that_triggers_says_so_or_is_restated(string version, string expected)
    {
        ExecutionReportEvent report = Report(TimeInForce.Day);
        report.ExecType = ExecType.Triggered;
        Assert.Contains(expected, Encode(report, Extras(OrderFlags.None), version), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FIX.4.2", "|11=ORD1|55=AAPL|54=1|")]
    [InlineData("FIX.4.4", "|11=ORD1|584=MASS|911=2|912=Y|55=AAPL|54=1|")]
    public void The_answer_to_a_mass_status_request_has_them_too(string version, string expected)
    {
        ExecutionReportEvent report = Report(TimeInForce.Day);
        report.ExecType = ExecType.OrderStatus;
        report.Tail = ReportTail.MassStatus | ReportTail.Extras;
        MassStatusTail mass = new() { MassStatusReqId = Text40.From("MASS"), TotalReports = 2, IsLast = 1 };
        byte[] record = [.. Bytes(report), .. Bytes(mass), .. Bytes(Extras(OrderFlags.PostOnly))];
        string message = Encode(record, version);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("|18=6|99=100.5|", message, StringComparison.Ordinal);
    }

    [Fact]
    public void They_stand_behind_the_texts_of_a_replacement()
    {
        ExecutionReportEvent report = Report(TimeInForce.Day);
        report.ExecType = ExecType.Replaced;
        report.Tail = ReportTail.OrigClOrdId | ReportTail.Extras;
        byte[] record = [.. Bytes(report), .. Bytes(Text40.From("ORD0")), .. Bytes(Extras(OrderFlags.None))];
        string message = Encode(record, "FIX.4.4");
        Assert.Contains("|41=ORD0|55=AAPL|", message, StringComparison.Ordinal);
        Assert.Contains("|99=100.5|", message, StringComparison.Ordinal);
    }

    private static ExecutionReportEvent Report(TimeInForce timeInForce) => new()
    {
        Header = new EventHeader { Type = EventType.ExecutionReport, MsgSeqNum = 12, SendingTimeNs = Sample.NowNs },
        OrderId = 42,
        ExecId = 1001,
        ClOrdId = Text40.From("ORD1"),
        OrderQtyE8 = 10_000_000_000,
        PriceE8 = 10_125_000_000,
        LeavesQtyE8 = 10_000_000_000,
        TransactTimeNs = Sample.NowNs,
        ExecType = ExecType.New,
        OrdStatus = OrdStatus.New,
        Side = Side.Buy,
        OrdType = OrdType.Limit,
        TimeInForce = timeInForce,
        OrdRejReason = ExecutionReportEvent.NoReason,
        Tail = ReportTail.Extras,
    };

    private static OrderExtrasTail Extras(OrderFlags flags) => new()
    {
        StopPriceE8 = 10_050_000_000,
        DisplayQuantityE8 = 2_000_000_000,
        MinQuantityE8 = 1_000_000_000,
        ExpireNs = Day,
        SelfTradeId = 0x4445534B31000000UL,
        SelfTradeMode = SelfTradeMode.Decrement,
        QuoteId = Text40.From("Q1"),
        QuoteEntryId = Text16.From("E1"),
        Flags = flags,
    };

    private static byte[] Bytes<T>(T record)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in record)).ToArray();

    private string Encode(ExecutionReportEvent report, OrderExtrasTail extras, string version) => Encode([.. Bytes(report), .. Bytes(extras)], version);

    private string Encode(byte[] record, string version)
    {
        FixDictionary dictionary = FixDictionaries.All.Single(each => each.Version == version);
        MemoryMarshal.AsRef<EventHeader>(record.AsSpan()).Length = record.Length;
        byte[] target = new byte[EventEncoder.MessageLengthMax];
        int length = _encoder.Encode(record, Sample.Profile(dictionary: dictionary), Sample.Names(), target);
        Assert.Equal(FixFault.None, FixValidator.ValidateAsClient(new FixParser(dictionary).Parse(target.AsSpan(0, length))));
        return Encoding.Latin1.GetString(target, 0, length).Replace('\u0001', '|');
    }
}
