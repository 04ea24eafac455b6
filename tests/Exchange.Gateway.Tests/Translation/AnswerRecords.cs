using System.Runtime.InteropServices;
using System.Text;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;
using static Exchange.Gateway.Tests.Translation.EventRecords;

namespace Exchange.Gateway.Tests.Translation;

/// <summary>Records of answers to requests about orders and instruments, and of news, as the core makes them.</summary>
internal static class AnswerRecords
{
    public static IEnumerable<byte[]> Of(EventType type)
    {
        switch (type)
        {
            case EventType.MassCancelReport:
                return [Bytes(MassCancel()), Bytes(MassCancelRefused()), Bytes(MassCancelOfAll())];
            case EventType.SecurityList:
                return [Bytes(List(0, 2, 2)), Bytes(NoList((byte)'1')), Bytes(NoList((byte)'2'))];
            case EventType.SecurityDefinition:
                return [.. "14"u8.ToArray().Select(response => Bytes(Definition(response))), .. "56"u8.ToArray().Select(response => Bytes(NoDefinition(response)))];
            case EventType.SecurityStatus:
                return [Bytes(Status(17, ReasonCode.None)), Bytes(Status(20, ReasonCode.UnknownSymbol))];
            case EventType.TradingSessionStatus:
                return [Bytes(Session((byte)'2', "1", ReasonCode.None)), Bytes(Session((byte)'6', "NIGHT", ReasonCode.UnknownTradingSession))];
            case EventType.MassQuoteAck:
                return [.. QuoteRecords.Acks()];
            case EventType.MassActionReport:
                return [.. QuoteRecords.Actions()];
            default:
                return [News("Trading halt", "AAPL is halted.\nOrders stay.", (byte)'1'), News(new string('h', 128), string.Join('\n', Enumerable.Repeat(new string('t', 31), 16)), (byte)'0')];
        }
    }

    public static MassCancelReportEvent MassCancel() => new()
    {
        Header = Header<MassCancelReportEvent>(EventType.MassCancelReport),
        OrderId = 77,
        ClOrdId = Text40.From("MC1"),
        Symbol = Text24.From("AAPL"),
        TransactTimeNs = Sample.NowNs,
        TotalAffected = 3,
        Scope = MassScope.Security,
        Response = (byte)'1',
        RejectReason = MassCancelReportEvent.NoReason,
        Side = Side.Buy,
    };

    public static MassCancelReportEvent MassCancelRefused()
    {
        MassCancelReportEvent report = MassCancel();
        report.OrderId = 0;
        report.Symbol = default;
        report.TotalAffected = 0;
        report.Scope = (MassScope)'3';
        report.Response = (byte)'0';
        report.RejectReason = 0;
        report.Side = Side.None;
        report.Text = ReasonCode.UnsupportedMassScope;
        return report;
    }

    public static MassCancelReportEvent MassCancelOfAll()
    {
        MassCancelReportEvent report = MassCancel();
        report.Symbol = default;
        report.Scope = MassScope.All;
        report.Response = (byte)'7';
        report.Side = Side.None;
        return report;
    }

    public static SecurityListEvent List(int first, int count, int total) => new()
    {
        Header = Header<SecurityListEvent>(EventType.SecurityList),
        RequestId = Text40.From("SL1"),
        ResponseId = 4096,
        FirstInstrumentId = first,
        Count = count,
        Total = total,
        Result = (byte)'0',
        IsLast = (byte)(first + count == total ? 1 : 0),
    };

    public static SecurityListEvent NoList(byte result)
    {
        SecurityListEvent list = List(-1, 0, 0);
        list.Result = result;
        list.IsLast = 1;
        return list;
    }

    public static SecurityDefinitionEvent Definition(byte response) => new()
    {
        Header = Header<SecurityDefinitionEvent>(EventType.SecurityDefinition),
        RequestId = Text40.From("SD1"),
        ResponseId = 4096,
        InstrumentId = 1,
        Total = 1,
        ResponseType = response,
    };

    public static SecurityDefinitionEvent NoDefinition(byte response)
    {
        SecurityDefinitionEvent definition = Definition(response);
        definition.InstrumentId = -1;
        definition.Total = 0;
        definition.Symbol = Text24.From("NOPE");
        definition.Text = ReasonCode.UnknownSymbol;
        return definition;
    }

    public static SecurityStatusEvent Status(byte status, ReasonCode text) => new()
    {
        Header = Header<SecurityStatusEvent>(EventType.SecurityStatus),
        RequestId = Text40.From("SS1"),
        Symbol = Text24.From("AAPL"),
        TradingStatus = status,
        Text = text,
    };

    public static TradingSessionStatusEvent Session(byte status, string id, ReasonCode text) => new()
    {
        Header = Header<TradingSessionStatusEvent>(EventType.TradingSessionStatus),
        RequestId = Text40.From("TS1"),
        TradingSessionId = Text24.From(id),
        EndTimeNs = text == ReasonCode.None ? Sample.NowNs : 0,
        Status = status,
        Text = text,
    };

    public static byte[] News(string headline, string text, byte urgency)
    {
        byte[] content = Encoding.ASCII.GetBytes(headline + text);
        NewsEvent news = new()
        {
            Header = Header<NewsEvent>(EventType.News),
            NewsId = 8192,
            HeadlineLength = (ushort)headline.Length,
            TextLength = (ushort)text.Length,
            Urgency = urgency,
        };
        byte[] record = [.. Bytes(news), .. content, .. new byte[-content.Length & 7]];
        MemoryMarshal.AsRef<EventHeader>(record.AsSpan()).Length = record.Length;
        return record;
    }
}
