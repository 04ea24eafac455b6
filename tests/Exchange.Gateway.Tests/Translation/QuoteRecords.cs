using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Tests.Translation;

/// <summary>Records of answers about quotes and mass actions as the core makes them.</summary>
internal static class QuoteRecords
{
    /// <summary>All kinds of acknowledgements, among them the longest.</summary>
    public static IEnumerable<byte[]> Acks()
    {
        yield return Ack(0, ReasonCode.None);
        yield return Ack(4, ReasonCode.None);
        yield return Ack(5, ReasonCode.TooManyQuoteEntries);
        yield return Ack(0, ReasonCode.None, Result("S1", "E1", ReasonCode.None), Result("S1", "E2", ReasonCode.UnknownSymbol), Result("S2", "E3", ReasonCode.QuoteCrossed));
        yield return Ack(0, ReasonCode.None, [.. Enumerable.Range(0, MassQuoteCommand.EntryCountMax).Select(LongResult)]);
        for (int reason = 0; reason < 100; reason++)
        {
            QuoteEntryResult result = Result("S1", "E1", ReasonCode.PriceNotOnTick);
            result.RejectReason = (byte)reason;
            yield return Ack(0, ReasonCode.None, result);
        }
    }

    /// <summary>All kinds of reports of mass actions.</summary>
    public static IEnumerable<byte[]> Actions()
    {
        yield return Bytes(Action());
        MassActionReportEvent refused = Action();
        refused.Response = 0;
        refused.ReportId = 0;
        refused.RejectReason = 99;
        refused.Text = ReasonCode.TooManyRequests;
        refused.Limit = 8;
        refused.Symbol = default;
        refused.Side = Side.None;
        yield return Bytes(refused);
    }

    /// <summary>The report of a mass action that cancelled three orders.</summary>
    public static MassActionReportEvent Action() => new()
    {
        Header = Header<MassActionReportEvent>(EventType.MassActionReport),
        ReportId = 77,
        ClOrdId = Text40.From("MA1"),
        Symbol = Text24.From("AAPL"),
        GroupName = Text16.From("MAIN"),
        Account = Text16.From("ACC"),
        TransactTimeNs = Sample.NowNs,
        TotalAffected = 3,
        ActionType = 3,
        ActionScope = 1,
        Response = 2,
        RejectReason = MassActionReportEvent.NoReason,
        Side = Side.Sell,
    };

    /// <summary>An acknowledgement with entries.</summary>
    public static byte[] Ack(byte status, ReasonCode text, params QuoteEntryResult[] results)
    {
        MassQuoteAckEvent ack = new()
        {
            Header = Header<MassQuoteAckEvent>(EventType.MassQuoteAck),
            QuoteId = Text40.From("Q1"),
            Account = Text16.From("ACC"),
            Limit = 64,
            EntryCount = results.Length,
            Text = text,
            QuoteStatus = status,
            RejectReason = text == ReasonCode.None ? MassQuoteAckEvent.NoReason : (byte)99,
            ResponseLevel = (byte)'2',
        };
        byte[] bytes = [.. Bytes(ack), .. results.SelectMany(Bytes)];
        MemoryMarshal.AsRef<EventHeader>(bytes.AsSpan()).Length = bytes.Length;
        return bytes;
    }

    /// <summary>What became of an entry.</summary>
    public static QuoteEntryResult Result(string set, string id, ReasonCode reason) => new()
    {
        Entry = new QuoteEntry { QuoteSetId = Text16.From(set), QuoteEntryId = Text16.From(id), Symbol = Text24.From("AAPL") },
        Value = 10_200_000_000,
        Limit = 10_100_000_000,
        Text = reason,
        RejectReason = reason == ReasonCode.None ? MassQuoteAckEvent.NoReason : (byte)8,
    };

    private static QuoteEntryResult LongResult(int number) => new()
    {
        Entry = new QuoteEntry
        {
            QuoteSetId = Text16.From($"SET-{number:D11}"),
            QuoteEntryId = Text16.From($"ENTRY{number:D10}"),
            Symbol = Text24.From(new string('S', 23)),
        },
        Value = long.MaxValue,
        Limit = long.MinValue + 2,
        Text = ReasonCode.DisplayOutOfRange,
        RejectReason = 99,
    };

    private static EventHeader Header<T>(EventType type)
        where T : unmanaged => new() { Type = type, Length = Unsafe.SizeOf<T>(), MsgSeqNum = 12, SendingTimeNs = Sample.NowNs };

    private static byte[] Bytes<T>(T record)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in record)).ToArray();
}
