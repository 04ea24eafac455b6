using System.Runtime.InteropServices;
using Exchange.Fix.Writing;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Translation;

// Answers about quotes, and about mass actions.
public sealed partial class EventEncoder
{
    private const int QuoteWordsMax = 1024;

    private int MassQuoteAck(ReadOnlySpan<byte> record, SessionProfile profile, Span<byte> target)
    {
        ref readonly MassQuoteAckEvent ack = ref As<MassQuoteAckEvent>(record);
        ReadOnlySpan<QuoteEntryResult> results =
            MemoryMarshal.Cast<byte, QuoteEntryResult>(record.Slice(MassQuoteAckEvent.SizeBytes, ack.EntryCount * QuoteEntryResult.SizeBytes));
        RequestRules rules = RequestRules.Of(profile.Dictionary);
        FixWriter writer = Begin(target, profile, (byte)'b', ack.Header);
        Optional(ref writer, "117="u8, ack.QuoteId.AsSpan());
        writer.Int64("297="u8, ack.QuoteStatus);
        if (ack.RejectReason != MassQuoteAckEvent.NoReason && rules.QuoteRejectReason(ack.RejectReason) is byte reason and not RequestRules.NoCode)
        {
            writer.Int64("300="u8, reason);
        }

        OptionalChar(ref writer, "301="u8, ack.ResponseLevel);
        if (rules.HasQuoteAccount)
        {
            Optional(ref writer, "1="u8, ack.Account.AsSpan());
        }

        if (ack.Text != ReasonCode.None)
        {
            Words(ref writer, ack.Text, 0, ack.Limit);
        }
        else
        {
            EntryWords(ref writer, results);
        }

        Sets(ref writer, rules, results);
        return writer.Finish();
    }

    /// <summary>The entries, neighbours of one set together.</summary>
    private static void Sets(ref FixWriter writer, RequestRules rules, ReadOnlySpan<QuoteEntryResult> results)
    {
        if (results.IsEmpty)
        {
            return;
        }

        int sets = 0;
        for (int i = 0; i < results.Length; i += SetLength(results[i..]))
        {
            sets++;
        }

        writer.Int64("296="u8, sets);
        while (!results.IsEmpty)
        {
            int length = SetLength(results);
            writer.Text("302="u8, results[0].Entry.QuoteSetId.AsSpan());
            writer.Int64("304="u8, length);
            writer.Int64("295="u8, length);
            foreach (ref readonly QuoteEntryResult result in results[..length])
            {
                Entry(ref writer, rules, in result);
            }

            results = results[length..];
        }
    }

    private static int SetLength(ReadOnlySpan<QuoteEntryResult> results)
    {
        int length = 1;
        while (length < results.Length && results[length].Entry.QuoteSetId == results[0].Entry.QuoteSetId)
        {
            length++;
        }

        return length;
    }

    private static void Entry(ref FixWriter writer, RequestRules rules, in QuoteEntryResult result)
    {
        const int Accepted = 0;
        const int Rejected = 5;
        writer.Text("299="u8, result.Entry.QuoteEntryId.AsSpan());
        Optional(ref writer, "55="u8, result.Entry.Symbol.AsSpan());
        if (rules.HasQuoteEntryStatus)
        {
            writer.Int64("1167="u8, result.Text == ReasonCode.None ? Accepted : Rejected);
        }

        if (result.RejectReason != MassQuoteAckEvent.NoReason && rules.QuoteRejectReason(result.RejectReason) is byte reason and not RequestRules.NoCode)
        {
            writer.Int64("368="u8, reason);
        }
    }

    /// <summary>Text (58) of an acknowledgement: each refused entry's id and words, as many as there is room for.</summary>
    private static void EntryWords(ref FixWriter writer, ReadOnlySpan<QuoteEntryResult> results)
    {
        Span<byte> words = stackalloc byte[QuoteWordsMax];
        int length = 0;
        foreach (ref readonly QuoteEntryResult result in results)
        {
            if (result.Text == ReasonCode.None)
            {
                continue;
            }

            if (length + ReasonText.LengthMax + Text16.SizeBytes + 4 > QuoteWordsMax)
            {
                break;
            }

            length = Append(length == 0 ? default : "; "u8, words, length);
            length = Append(result.Entry.QuoteEntryId.AsSpan(), words, length);
            length = Append(": "u8, words, length);
            length += ReasonText.Write(result.Text, result.Value, result.Limit, words[length..]);
        }

        Optional(ref writer, "58="u8, words[..length]);
    }

    private static int Append(ReadOnlySpan<byte> text, Span<byte> target, int length)
    {
        text.CopyTo(target[length..]);
        return length + text.Length;
    }

    private int MassActionReport(in MassActionReportEvent report, SessionProfile profile, Span<byte> target)
    {
        FixWriter writer = new(target, profile.MassActionReportPrefix, profile.MassActionReportBodyStart);
        Header(ref writer, profile, in report.Header);
        writer.Text("11="u8, report.ClOrdId.AsSpan());
        writer.Int64("1369="u8, report.ReportId == 0 ? report.Header.LogPosition : report.ReportId);
        writer.Int64("1373="u8, report.ActionType);
        writer.Int64("1374="u8, report.ActionScope);
        writer.Int64("1375="u8, report.Response);
        if (report.RejectReason != MassActionReportEvent.NoReason)
        {
            writer.Int64("1376="u8, report.RejectReason);
        }

        writer.Int64("533="u8, report.TotalAffected);
        Optional(ref writer, "1="u8, report.Account.AsSpan());
        Optional(ref writer, "336="u8, report.GroupName.AsSpan());
        Optional(ref writer, "55="u8, report.Symbol.AsSpan());
        OptionalChar(ref writer, "54="u8, (byte)report.Side);
        writer.Timestamp("60="u8, report.TransactTimeNs, profile.TimestampDecimals, _times);
        Words(ref writer, report.Text, 0, report.Limit);
        return writer.Finish();
    }
}
