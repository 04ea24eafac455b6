using System.Runtime.InteropServices;
using Exchange.Fix.Client;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Exchange.Fuzz;

/// <summary>What is written and read again is what it was, in each version: orders on their way in, reports on their way out.</summary>
public sealed class RoundTripTests
{
    private const long NowNs = 1_795_178_096_789_000_000;
    private static readonly Config _config = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void An_order_becomes_the_command_that_it_was()
    {
        InboundTranslator translator = new();
        byte[] text = new byte[1024];
        byte[] target = new byte[InboundTranslator.CommandLengthMax];
        foreach (FixDictionary version in FixDictionaries.All)
        {
            ClientEncoder encoder = new("HFT1", "EXCH", version, timestampDecimals: 9);
            SessionProfile profile = Profile(version);
            Prop.ForAll<DoNotSize<ulong>, DoNotSize<long>, DoNotSize<long>>((number, quantity, price) =>
            {
                (uint id, uint kind) = ((uint)number.Item, (uint)(number.Item >> 32));
                (long quantityE8, long priceE8) = (Math.Abs(quantity.Item / 2), price.Item / 2);
                ClientOrder order = new()
                {
                    ClOrdId = System.Text.Encoding.ASCII.GetBytes($"R{id}"),
                    Symbol = "AAPL"u8,
                    Account = (kind & 1) != 0 ? "ACC1"u8 : default,
                    Side = (kind & 2) != 0 ? Side.Buy : Side.Sell,
                    OrdType = OrdType.Limit,
                    TimeInForce = (kind & 4) != 0 ? TimeInForce.ImmediateOrCancel : TimeInForce.Day,
                    QuantityE8 = quantityE8,
                    PriceE8 = priceE8,
                };
                int length = encoder.NewOrderSingle(text, 1 + id, NowNs, in order);
                int size = translator.Translate(text.AsSpan(0, length), profile, NowNs, target);
                NewOrderCommand command = MemoryMarshal.Read<NewOrderCommand>(target);
                return size == NewOrderCommand.SizeBytes
                    && command.Header.MsgSeqNum == 1L + id && command.Header.SendingTimeNs == NowNs
                    && command.ClOrdId == Text40.From($"R{id}") && command.Symbol == Text24.From("AAPL") && command.Account == Text16.From((kind & 1) != 0 ? "ACC1" : "")
                    && command.QuantityE8 == quantityE8 && command.PriceE8 == priceE8
                    && command.Side == order.Side && command.TimeInForce == ((kind & 4) != 0 ? TimeInForce.ImmediateOrCancel : TimeInForce.Day);
            }).Check(_config);
        }
    }

    [Fact]
    public void A_report_says_what_the_event_says()
    {
        EventEncoder encoder = new();
        InstrumentNames names = new();
        names.Set(0, new DefineInstrumentCommand { Symbol = Text24.From("AAPL") });
        byte[] text = new byte[EventEncoder.MessageLengthMax];
        foreach (FixDictionary version in FixDictionaries.All)
        {
            FixParser parser = new(version);
            SessionProfile profile = Profile(version);
            Prop.ForAll<DoNotSize<ulong>, DoNotSize<long>, DoNotSize<long>>((number, quantity, price) =>
            {
                ExecutionReportEvent report = Report((long)(number.Item >> 1), Math.Abs(quantity.Item / 2), price.Item / 2, NowNs + (long)(number.Item >> 12));
                int length = encoder.Encode(MemoryMarshal.AsBytes(new ReadOnlySpan<ExecutionReportEvent>(in report)), profile, names, text);
                FixMessage message = parser.Parse(text.AsSpan(0, length));
                return Exchange.Fix.Validation.FixValidator.ValidateAsClient(message).IsValid
                    && message.Int64(FixTag.MsgSeqNum) == report.Header.MsgSeqNum
                    && message.Int64(FixTag.OrderID) == report.OrderId && message.Int64(FixTag.ExecID) == report.ExecId
                    && message.Text(FixTag.ClOrdID).SequenceEqual(report.ClOrdId.AsSpan()) && message.Text(FixTag.Symbol).SequenceEqual("AAPL"u8)
                    && message.Number(FixTag.OrderQty, 0) == report.OrderQtyE8 && message.Number(FixTag.Price, 0) == report.PriceE8
                    && message.Number(FixTag.LastQty, 0) == report.LastQtyE8 && message.Number(FixTag.LastPx, 0) == report.LastPxE8
                    && message.Number(FixTag.LeavesQty, 0) == report.LeavesQtyE8 && message.Number(FixTag.CumQty, 0) == report.CumQtyE8 && message.Number(FixTag.AvgPx, 0) == report.AvgPxE8
                    && message.TimestampNs(FixTag.TransactTime) == report.TransactTimeNs && message.TimestampNs(FixTag.SendingTime) == report.Header.SendingTimeNs;
            }).Check(_config);
        }
    }

    [Fact]
    public void A_made_message_is_read_as_the_fields_that_it_was_made_of()
    {
        FuzzMessage message = new();
        byte[] text = new byte[1 << 16];
        foreach (FixDictionary version in FixDictionaries.All)
        {
            FixParser parser = new(version);
            MessageMaker maker = new(version, new Dice(4, 2));
            for (int i = 0; i < 5_000; i++)
            {
                maker.Make(message, new SessionView("HFT1", "EXCH", 1, 1, "20261121-12:34:56"));
                int length = message.Write(version.BeginStringBytes.Span, text);
                FixMessage parsed = parser.Parse(text.AsSpan(0, length));
                Assert.Equal(message.Fields.Count + 3, parsed.Count);
                for (int f = 0; f < message.Fields.Count; f++)
                {
                    FixField field = parsed[f + 2];
                    Assert.Equal(message.Fields[f].Tag, field.Tag);
                    Assert.True(parsed.Value(field).SequenceEqual(message.Value(f)));
                }
            }
        }
    }

    private static ExecutionReportEvent Report(long number, long quantityE8, long priceE8, long timeNs) => new()
    {
        Header = new EventHeader { Type = EventType.ExecutionReport, Length = ExecutionReportEvent.SizeBytes, MsgSeqNum = Math.Max(1, number), SendingTimeNs = timeNs },
        OrderId = Math.Max(1, number / 3),
        ExecId = Math.Max(1, number),
        ClOrdId = Text40.From($"O{number}"),
        OrderQtyE8 = quantityE8,
        PriceE8 = priceE8,
        LastQtyE8 = quantityE8 / 2,
        LastPxE8 = priceE8 / 3,
        LeavesQtyE8 = quantityE8 - (quantityE8 / 2),
        CumQtyE8 = quantityE8 / 2,
        AvgPxE8 = priceE8 / 3,
        TransactTimeNs = timeNs,
        MatchId = 1 + (number / 2),
        OrdRejReason = ExecutionReportEvent.NoReason,
        ExecType = ExecType.Trade,
        OrdStatus = OrdStatus.PartiallyFilled,
        Side = Side.Buy,
        OrdType = OrdType.Limit,
        TimeInForce = TimeInForce.Day,
    };

    private static SessionProfile Profile(FixDictionary version)
    {
        DefineParticipantCommand definition = new() { SenderCompId = Text40.From("HFT1"), TargetCompId = Text40.From("EXCH"), TimestampDecimals = 9 };
        Assert.True(SessionProfile.TryCreate(version, in definition, out SessionProfile? profile));
        return profile;
    }
}
