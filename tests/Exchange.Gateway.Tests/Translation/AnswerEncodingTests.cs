using System.Runtime.InteropServices;
using Exchange.Fix.Dictionary;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;
using static Exchange.Gateway.Tests.Translation.EventRecords;

namespace Exchange.Gateway.Tests.Translation;

/// <summary>Answers to requests about orders and instruments, and news, field by field in each version of FIX.</summary>
public sealed class AnswerEncodingTests
{
    private const string Words = "58=tick 0.01, lot 1, at most 1000, price 0.01 to 5000|";
    private const string ListWords = "58=tick 0.01, lot 1, price 0.01 to 5000|";

    private readonly EventEncoder _encoder = new();

    [Theory]
    [InlineData("FIX.4.4", "|11=MC1|37=77|530=1|531=1|533=3|55=AAPL|54=1|60=20261120-12:34:56.789|10=")]
    [InlineData("FIX.5.0SP2", "|11=MC1|37=77|1369=77|530=1|531=1|533=3|55=AAPL|54=1|60=20261120-12:34:56.789|10=")]
    [InlineData("FIX.4.2", "|35=4|34=12|43=Y|49=EXCH|52=20261120-12:34:56.789|56=HFT1|122=20261120-12:34:56.789|36=13|123=Y|10=")]
    public void The_report_on_a_mass_cancel(string version, string expected) =>
        Assert.Contains(expected, Encode(Bytes(AnswerRecords.MassCancel()), version), StringComparison.Ordinal);

    [Fact]
    public void A_refused_mass_cancel_says_why() => Assert.Contains(
        "|11=MC1|37=NONE|530=3|531=0|532=0|533=0|60=20261120-12:34:56.789|58=Only the orders of one security (1) or all orders (7), of one side or both, can be asked for|",
        Encode(Bytes(AnswerRecords.MassCancelRefused()), "FIX.4.4"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("FIX.4.2", "|20=3|150=0|39=0|11=ORD1|55=MSFT|54=1|")]
    [InlineData("FIX.4.4", "|150=I|39=0|11=ORD1|584=MS1|911=3|912=Y|55=MSFT|54=1|")]
    [InlineData("FIX.5.0SP2", "|150=I|39=0|11=ORD1|584=MS1|911=3|912=Y|55=MSFT|54=1|")]
    public void A_report_that_answers_a_mass_status(string version, string expected) =>
        Assert.Contains(expected, Encode(MassStatus(instrumentId: 1, "ORD1", symbol: null), version), StringComparison.Ordinal);

    [Fact]
    public void A_mass_status_that_finds_nothing_names_no_order_and_repeats_the_symbol() =>
        Assert.Contains("|150=I|39=0|584=MS1|911=3|912=Y|55=NOPE|54=1|", Encode(MassStatus(instrumentId: -1, "", "NOPE"), "FIX.4.4"), StringComparison.Ordinal);

    [Theory]
    [InlineData("FIX.4.4", "")]
    [InlineData("FIX.5.0SP2", "969=0.01|")]
    public void A_list_of_instruments(string version, string tick) => Assert.Contains(
        $"|320=SL1|322=4096|560=0|393=2|893=Y|146=2|55=AAPL|167=CS|{tick}15=USD|561=1|562=1|{ListWords}55=MSFT|167=CS|{tick}15=USD|561=1|562=1|{ListWords}10=",
        Encode(Bytes(AnswerRecords.List(0, 2, 2)), version),
        StringComparison.Ordinal);

    [Fact]
    public void A_fragment_that_is_not_the_last_says_so()
    {
        string message = Encode(Bytes(AnswerRecords.List(1, 1, 3)), "FIX.4.4");
        Assert.Contains("|393=3|893=N|146=1|55=MSFT|", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_list_has_no_group() =>
        Assert.Contains("|560=2|393=0|893=Y|10=", Encode(Bytes(AnswerRecords.NoList((byte)'2')), "FIX.4.4"), StringComparison.Ordinal);

    [Theory]
    [InlineData("FIX.4.2", $"|323=4|393=1|55=MSFT|167=CS|15=USD|{Words}10=")]
    [InlineData("FIX.4.4", $"|323=1|55=MSFT|167=CS|15=USD|{Words}561=1|562=1|10=")]
    [InlineData("FIX.5.0SP2", $"|323=1|55=MSFT|167=CS|969=0.01|15=USD|{Words}1310=1|1301=EXCH|562=1|1140=1000|561=1|10=")]
    public void The_definition_of_one_instrument_of_a_list(string version, string expected) =>
        Assert.Contains("|320=SD1|322=4096" + expected, Encode(Bytes(AnswerRecords.Definition((byte)'4')), version), StringComparison.Ordinal);

    [Fact]
    public void A_definition_that_defines_nothing_says_why() => Assert.Contains(
        "|323=6|55=NOPE|58=Symbol is not listed|10=", Encode(Bytes(AnswerRecords.NoDefinition((byte)'6')), "FIX.4.4"), StringComparison.Ordinal);

    [Theory]
    [InlineData("FIX.4.2", "|326=20|60=20261120-12:34:56.789|10=")]
    [InlineData("FIX.4.4", "|326=20|60=20261120-12:34:56.789|58=Symbol is not listed|10=")]
    public void The_status_of_an_instrument_that_is_not_listed(string version, string expected) => Assert.Contains(
        "|324=SS1|55=AAPL|325=N" + expected, Encode(Bytes(AnswerRecords.Status(20, ReasonCode.UnknownSymbol)), version), StringComparison.Ordinal);

    [Theory]
    [InlineData("FIX.4.2", MarketPhase.OpeningAuction, "326=1")]
    [InlineData("FIX.4.4", MarketPhase.OpeningAuction, "326=22")]
    [InlineData("FIX.4.4", MarketPhase.ClosingAuction, "326=5")]
    [InlineData("FIX.5.0SP2", MarketPhase.ClosingAuction, "326=24")]
    [InlineData("FIX.5.0SP2", MarketPhase.Uncrossing, "326=25")]
    [InlineData("FIX.4.2", MarketPhase.PreOpen, "326=1")]
    [InlineData("FIX.4.4", MarketPhase.Halt, "326=2")]
    [InlineData("FIX.4.4", MarketPhase.Closed, "326=18")]
    public void The_phase_of_an_instrument_in_what_each_version_has(string version, MarketPhase phase, string expected)
    {
        SecurityStatusEvent status = AnswerRecords.Status(17, ReasonCode.None);
        status.Phase = phase;
        Assert.Contains($"|{expected}|60=", Encode(Bytes(status), version), StringComparison.Ordinal);
    }

    [Fact]
    public void An_indicative_price_is_an_indication_with_volumes()
    {
        SecurityStatusEvent status = AnswerRecords.Status(22, ReasonCode.None);
        status.Phase = MarketPhase.OpeningAuction;
        status.HasIndication = 1;
        status.Header.Length += IndicationTail.SizeBytes;
        IndicationTail tail = new() { PriceE8 = 1_030_000_000, QuantityE8 = 5_000_000_000 };
        Assert.Contains("|326=22|330=50|331=50|332=10.3|333=10.3|60=", Encode([.. Bytes(status), .. MemoryMarshal.AsBytes(new ReadOnlySpan<IndicationTail>(in tail))], "FIX.4.4"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FIX.4.2", "|200=202703|205=19|201=1|202=250|231=100|15=USD|")]
    [InlineData("FIX.4.4", "|200=202703|541=20270319|201=1|202=250|231=100|15=USD|")]
    [InlineData("FIX.5.0SP2", "|200=202703|541=20270319|201=1|202=250|231=100|969=0.01|15=USD|")]
    public void A_definition_says_what_a_derivative_is_as_it_was_when_it_was_asked_for(string version, string expected)
    {
        SecurityDefinitionEvent record = AnswerRecords.Definition((byte)'1');
        record.Header.Length += DefineInstrumentCommand.SizeBytes;
        DefineInstrumentCommand definition = new()
        {
            Symbol = Text24.From("AAPL-C250"),
            SecurityType = Text16.From("OPT"),
            Currency = Text16.From("USD"),
            PriceTickE8 = 1_000_000,
            QuantityStepE8 = 100_000_000,
            QuantityMaxE8 = 100_000_000_000,
            PriceMinE8 = 1_000_000,
            PriceMaxE8 = 500_000_000_000,
            Kind = InstrumentKind.Option,
            OptionRight = OptionRight.Call,
            StrikeE8 = 25_000_000_000,
            MultiplierE8 = 10_000_000_000,
            ExpiryNs = (new DateTime(2027, 3, 19, 20, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks * 100,
        };
        string message = Encode([.. Bytes(record), .. MemoryMarshal.AsBytes(new ReadOnlySpan<DefineInstrumentCommand>(in definition))], version);
        Assert.Contains("|55=AAPL-C250|167=OPT" + expected, message, StringComparison.Ordinal);
        Assert.Contains("|58=tick 0.01, lot 1, at most 1000, price 0.01 to 5000, option|", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_status_of_the_trading_day() => Assert.Contains(
        "|335=TS1|336=1|325=N|340=2|345=20261120-12:34:56.789|10=",
        Encode(Bytes(AnswerRecords.Session((byte)'2', "1", ReasonCode.None)), "FIX.4.2"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("FIX.4.2", "|336=NIGHT|325=N|340=3|58=")]
    [InlineData("FIX.4.4", "|336=NIGHT|325=N|340=6|567=1|58=")]
    public void A_trading_session_that_does_not_exist(string version, string expected) => Assert.Contains(
        expected, Encode(Bytes(AnswerRecords.Session((byte)'6', "NIGHT", ReasonCode.UnknownTradingSession)), version), StringComparison.Ordinal);

    [Theory]
    [InlineData("FIX.4.2", "")]
    [InlineData("FIX.5.0SP2", "1472=8192|")]
    public void News_have_a_group_of_lines(string version, string newsId) => Assert.Contains(
        $"|{newsId}42=20261120-12:34:56.789|61=1|148=Trading halt|33=2|58=AAPL is halted.|58=Orders stay.|10=",
        Encode(AnswerRecords.News("Trading halt", "AAPL is halted.\nOrders stay.", (byte)'1'), version),
        StringComparison.Ordinal);

    [Fact]
    public void The_longest_fragment_fits()
    {
        InstrumentNames names = new();
        DefineInstrumentCommand longest = new()
        {
            SecurityType = Text16.From(new string('T', 15)),
            Currency = Text16.From(new string('C', 15)),
            PriceTickE8 = long.MaxValue,
            QuantityStepE8 = long.MaxValue,
            QuantityMaxE8 = long.MaxValue,
            PriceMinE8 = long.MaxValue,
            PriceMaxE8 = long.MaxValue,
        };
        for (int i = 0; i < SecurityListEvent.InstrumentsMax; i++)
        {
            longest.Symbol = Text24.From(new string((char)('A' + i), 23));
            names.Set(i, in longest);
        }

        DefineParticipantCommand definition = new()
        {
            SenderCompId = Text40.From(new string('S', 39)),
            TargetCompId = Text40.From(new string('E', 39)),
            TimestampDecimals = 9,
        };
        Assert.True(SessionProfile.TryCreate(FixDictionaries.All.Single(each => each.Version == "FIX.5.0SP2"), in definition, out SessionProfile? profile));
        SecurityListEvent list = AnswerRecords.List(0, SecurityListEvent.InstrumentsMax, SecurityListEvent.InstrumentsMax);
        list.RequestId = Text40.From(new string('R', 39));
        list.ResponseId = long.MaxValue;
        list.Header.Flags = EventFlags.PossDup;
        Assert.InRange(_encoder.Encode(Bytes(list), profile, names, new byte[EventEncoder.MessageLengthMax]), 3_000, EventEncoder.MessageLengthMax);
    }

    [Fact]
    public void A_resend_differs_only_in_what_a_resend_changes()
    {
        byte[] news = AnswerRecords.News("Trading halt", "AAPL is halted.", (byte)'1');
        string first = Encode(news, "FIX.4.4");
        ref EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(news.AsSpan());
        header.Flags = EventFlags.PossDup;
        header.OrigSendingTimeNs = header.SendingTimeNs;
        header.SendingTimeNs += 1_000_000_000;
        string again = Encode(news, "FIX.4.4");
        Assert.Contains("|34=12|43=Y|49=EXCH|52=20261120-12:34:57.789|56=HFT1|122=20261120-12:34:56.789|", again, StringComparison.Ordinal);
        Assert.Equal(first[first.IndexOf("|42=", StringComparison.Ordinal)..first.IndexOf("|10=", StringComparison.Ordinal)], again[again.IndexOf("|42=", StringComparison.Ordinal)..again.IndexOf("|10=", StringComparison.Ordinal)]);
    }

    [Fact]
    public void Answers_are_encoded_without_allocation()
    {
        byte[][] records = [.. Enum.GetValues<EventType>().Where(type => type is >= EventType.MassCancelReport and <= EventType.MassActionReport).SelectMany(AnswerRecords.Of)];
        byte[] target = new byte[EventEncoder.MessageLengthMax];
        SessionProfile profile = Sample.Profile();
        InstrumentNames names = Sample.Names();
        long before = 0;
        for (int i = 0; i < 2_000; i++)
        {
            if (i == 1_000)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            foreach (byte[] record in records)
            {
                _encoder.Encode(record, profile, names, target);
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] MassStatus(int instrumentId, string clOrdId, string? symbol)
    {
        ExecutionReportEvent report = new()
        {
            Header = Header<ExecutionReportEvent>(EventType.ExecutionReport),
            OrderId = 42,
            ExecId = 1001,
            ClOrdId = Text40.From(clOrdId),
            InstrumentId = instrumentId,
            ExecType = ExecType.OrderStatus,
            OrdStatus = OrdStatus.New,
            Side = Side.Buy,
            OrdRejReason = ExecutionReportEvent.NoReason,
            Tail = ReportTail.MassStatus | (symbol is null ? ReportTail.None : ReportTail.SymbolOrStatusReqId),
        };
        MassStatusTail tail = new() { MassStatusReqId = Text40.From("MS1"), TotalReports = 3, IsLast = 1 };
        byte[] bytes = [.. symbol is null ? Bytes(report) : Bytes(report, symbol), .. MemoryMarshal.AsBytes(new ReadOnlySpan<MassStatusTail>(in tail))];
        MemoryMarshal.AsRef<EventHeader>(bytes.AsSpan()).Length = bytes.Length;
        return bytes;
    }
}
