using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Exchange.Core.Instruments;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Orders;

/// <summary>Reports as one line each, for people.</summary>
internal static class ReportText
{
    /// <summary>MassQuoteAcknowledgement (b).</summary>
    public const EventType MassQuoteAck = (EventType)28;

    /// <summary>OrderMassActionReport (BZ).</summary>
    public const EventType MassActionReport = (EventType)29;

    public static string Write(ReadOnlySpan<byte> bytes, InstrumentTable instruments, Func<int, string> sessionName)
    {
        EventHeader header = MemoryMarshal.Read<EventHeader>(bytes);
        string who = sessionName(header.SessionId);
        return header.Type switch
        {
            EventType.ExecutionReport => $"{who} {WriteReport(bytes, instruments)}",
            EventType.CancelReject => $"{who} {WriteReject(MemoryMarshal.Read<CancelRejectEvent>(bytes))}",
            EventType.MassCancelReport => $"{who} {WriteMassCancel(MemoryMarshal.Read<MassCancelReportEvent>(bytes))}",
            MassQuoteAck => $"{who} {WriteQuoteAck(bytes)}",
            MassActionReport => $"{who} {WriteMassAction(MemoryMarshal.Read<MassActionReportEvent>(bytes))}",
            EventType.SecurityStatus => $"{who} {WriteStatus(bytes)}",
            EventType.TradingSessionStatus => MemoryMarshal.Read<TradingSessionStatusEvent>(bytes) is var status ? $"{who} TradingSessionStatus {status.TradingSessionId} {status.Phase} 340={(char)status.Status}{Words(status.Text)}" : "",
            _ => throw new InvalidOperationException($"order management sent a {header.Type}"),
        };
    }

    private static string WriteStatus(ReadOnlySpan<byte> bytes)
    {
        SecurityStatusEvent status = MemoryMarshal.Read<SecurityStatusEvent>(bytes);
        string indication = "";
        if (status.HasIndication != 0)
        {
            IndicationTail tail = MemoryMarshal.Read<IndicationTail>(bytes[SecurityStatusEvent.SizeBytes..]);
            indication = $" | would trade {Decimal(tail.QuantityE8)} at {Decimal(tail.PriceE8)}";
        }

        return $"SecurityStatus {status.Symbol} {status.Phase} 326={status.TradingStatus}{indication}{Words(status.Text)}";
    }

    public static string Decimal(long valueE8) => valueE8 switch
    {
        FixedPoint.Absent => "-",
        FixedPoint.Unrepresentable => "?",
        _ => ((decimal)valueE8 / FixedPoint.Scale).ToString("0.########", CultureInfo.InvariantCulture),
    };

    public static Text40? Tail(ReadOnlySpan<byte> bytes, ReportTail which)
    {
        ExecutionReportEvent report = MemoryMarshal.Read<ExecutionReportEvent>(bytes);
        if ((report.Tail & which) == 0)
        {
            return null;
        }

        int before = which == ReportTail.SymbolOrStatusReqId && (report.Tail & ReportTail.OrigClOrdId) != 0 ? Text40.SizeBytes : 0;
        return MemoryMarshal.Read<Text40>(bytes[(ExecutionReportEvent.SizeBytes + before)..]);
    }

    private static string WriteReport(ReadOnlySpan<byte> bytes, InstrumentTable instruments)
    {
        ExecutionReportEvent report = MemoryMarshal.Read<ExecutionReportEvent>(bytes);
        Text40? behind = Tail(bytes, ReportTail.SymbolOrStatusReqId);
        StringBuilder line = new();
        line.Append(CultureInfo.InvariantCulture, $"{report.ExecType} {report.ClOrdId}");
        if (Tail(bytes, ReportTail.OrigClOrdId) is { } orig)
        {
            line.Append(CultureInfo.InvariantCulture, $" of {orig}");
        }

        string symbol = report.InstrumentId >= 0 ? instruments[report.InstrumentId].Symbol.ToString()
            : report.ExecType == ExecType.OrderStatus && behind is null ? "?" : $"{behind}?";
        line.Append(report.OrderId == 0 ? " #NONE" : $" #{report.OrderId}");
        line.Append(CultureInfo.InvariantCulture, $" {report.Side} {Decimal(report.OrderQtyE8)} {symbol}");
        line.Append(report.OrdType switch
        {
            OrdType.Market => " market",
            OrdType.Stop => report.PriceE8 == FixedPoint.Absent ? "" : $" @ {Decimal(report.PriceE8)}",
            OrdType.MarketToLimit => report.PriceE8 == FixedPoint.Absent ? " mtl" : $" mtl @ {Decimal(report.PriceE8)}",
            _ => $" @ {Decimal(report.PriceE8)}",
        });
        if ((report.Tail & ReportTail.Extras) != 0)
        {
            AppendExtras(line, MemoryMarshal.Read<OrderExtrasTail>(bytes[^OrderExtrasTail.SizeBytes..]));
        }

        if (report.ExecType == ExecType.Trade)
        {
            line.Append(CultureInfo.InvariantCulture, $" | {Decimal(report.LastQtyE8)} at {Decimal(report.LastPxE8)} match {report.MatchId}");
        }

        line.Append(CultureInfo.InvariantCulture, $" | {report.OrdStatus} leaves {Decimal(report.LeavesQtyE8)} cum {Decimal(report.CumQtyE8)} avg {Decimal(report.AvgPxE8)}");
        if (!report.Account.IsEmpty)
        {
            line.Append(CultureInfo.InvariantCulture, $" account {report.Account}");
        }

        if (report.OrdRejReason != ExecutionReportEvent.NoReason)
        {
            line.Append(CultureInfo.InvariantCulture, $" | 103={report.OrdRejReason}");
        }

        AppendReason(line, report.Text, report.Value, report.Limit);
        if ((report.Tail & ReportTail.MassStatus) != 0)
        {
            int behindIt = (report.Tail & ReportTail.Extras) != 0 ? OrderExtrasTail.SizeBytes : 0;
            MassStatusTail tail = MemoryMarshal.Read<MassStatusTail>(bytes[^(MassStatusTail.SizeBytes + behindIt)..]);
            line.Append(CultureInfo.InvariantCulture, $" | 584={tail.MassStatusReqId} 911={tail.TotalReports} 912={(tail.IsLast == 1 ? 'Y' : 'N')}");
        }
        else if (report.ExecType == ExecType.OrderStatus && behind is { } requestId)
        {
            line.Append(CultureInfo.InvariantCulture, $" | 790={requestId}");
        }

        return line.ToString();
    }

    private static void AppendExtras(StringBuilder line, in OrderExtrasTail extras)
    {
        string Word(string name, long valueE8) => valueE8 == 0 ? "" : $" {name} {Decimal(valueE8)}";
        line.Append(Word("stop", extras.StopPriceE8)).Append(Word("display", extras.DisplayQuantityE8)).Append(Word("min", extras.MinQuantityE8));
        if (extras.ExpireNs != 0)
        {
            DateTime time = DateTime.UnixEpoch.AddTicks(extras.ExpireNs / 100);
            string format = (extras.Flags & OrderFlags.ExpiresOnDate) != 0 ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFF";
            line.Append(CultureInfo.InvariantCulture, $" until {time.ToString(format, CultureInfo.InvariantCulture)}");
        }

        line.Append((extras.Flags & OrderFlags.PostOnly) != 0 ? " postonly" : "");
        if (extras.SelfTradeId != 0)
        {
            Span<byte> id = stackalloc byte[8];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(id, extras.SelfTradeId);
            line.Append(CultureInfo.InvariantCulture, $" stpid {Encoding.ASCII.GetString(id).TrimEnd('\0')}");
        }

        line.Append(extras.SelfTradeMode == SelfTradeMode.None ? "" : $" stp {extras.SelfTradeMode}");
        line.Append(extras.QuoteId.IsEmpty ? "" : $" quote {extras.QuoteId}/{extras.QuoteEntryId}");
    }

    private static string Words(ReasonCode reason) => reason == ReasonCode.None ? "" : $" | {reason}";

    private static string WriteQuoteAck(ReadOnlySpan<byte> bytes)
    {
        MassQuoteAckEvent ack = MemoryMarshal.Read<MassQuoteAckEvent>(bytes);
        StringBuilder line = new();
        line.Append(CultureInfo.InvariantCulture, $"QuoteAck {ack.QuoteId} 297={ack.QuoteStatus} withdrawn {ack.WithdrawnCount}");
        line.Append(ack.Account.IsEmpty ? "" : $" account {ack.Account}");
        line.Append(ack.RejectReason == MassQuoteAckEvent.NoReason ? "" : $" | 300={ack.RejectReason}");
        AppendReason(line, ack.Text, 0, ack.Limit);
        for (int i = 0; i < ack.EntryCount; i++)
        {
            QuoteEntryResult result = MemoryMarshal.Read<QuoteEntryResult>(bytes[(MassQuoteAckEvent.SizeBytes + (i * QuoteEntryResult.SizeBytes))..]);
            line.Append(CultureInfo.InvariantCulture, $" | {result.Entry.QuoteEntryId} {result.Entry.Symbol}");
            line.Append(CultureInfo.InvariantCulture, $" {Decimal(result.Entry.BidQuantityE8)}@{Decimal(result.Entry.BidPriceE8)}");
            line.Append(CultureInfo.InvariantCulture, $" x {Decimal(result.Entry.OfferQuantityE8)}@{Decimal(result.Entry.OfferPriceE8)}");
            line.Append(result.RejectReason == MassQuoteAckEvent.NoReason ? " ok" : $" 368={result.RejectReason}");
            AppendReason(line, result.Text, result.Value, result.Limit);
        }

        return line.ToString();
    }

    private static string WriteMassAction(MassActionReportEvent report)
    {
        StringBuilder line = new();
        line.Append(report.Response == 0 ? "MassActionRefused" : "MassActionDone");
        line.Append(CultureInfo.InvariantCulture, $" {report.ClOrdId}");
        line.Append(report.ReportId == 0 ? " #NONE" : $" #{report.ReportId}");
        line.Append(CultureInfo.InvariantCulture, $" 1373={report.ActionType} 1374={report.ActionScope} 533={report.TotalAffected}");
        if (report.RejectReason != MassActionReportEvent.NoReason)
        {
            line.Append(CultureInfo.InvariantCulture, $" | 1376={report.RejectReason}");
        }

        AppendReason(line, report.Text, 0, report.Limit);
        return line.ToString();
    }

    private static string WriteReject(CancelRejectEvent reject)
    {
        StringBuilder line = new();
        line.Append(reject.ResponseTo == (byte)'1' ? "CancelRefused" : "ReplaceRefused");
        line.Append(CultureInfo.InvariantCulture, $" {reject.ClOrdId} of {reject.OrigClOrdId}");
        line.Append(reject.OrderId == 0 ? " #NONE" : $" #{reject.OrderId}");
        line.Append(CultureInfo.InvariantCulture, $" | {reject.OrdStatus} | 102={reject.CxlRejReason}");
        AppendReason(line, reject.Text, reject.Value, reject.Limit);
        return line.ToString();
    }

    private static string WriteMassCancel(MassCancelReportEvent report)
    {
        StringBuilder line = new();
        line.Append(report.Response == (byte)'0' ? "MassCancelRefused" : "MassCancelDone");
        line.Append(CultureInfo.InvariantCulture, $" {report.ClOrdId}");
        line.Append(report.OrderId == 0 ? " #NONE" : $" #{report.OrderId}");
        line.Append(CultureInfo.InvariantCulture, $" 530={(char)report.Scope} 531={(char)report.Response} 533={report.TotalAffected}");
        if (report.RejectReason != MassCancelReportEvent.NoReason)
        {
            line.Append(CultureInfo.InvariantCulture, $" | 532={report.RejectReason}");
        }

        AppendReason(line, report.Text, 0, report.Limit);
        return line.ToString();
    }

    private static void AppendReason(StringBuilder line, ReasonCode reason, long value, long limit)
    {
        if (reason == ReasonCode.None)
        {
            return;
        }

        line.Append(CultureInfo.InvariantCulture, $" | {reason}");
        bool isPlain = reason is ReasonCode.TooManyOpenOrders or ReasonCode.TooManyRequests or ReasonCode.UnsupportedSide or ReasonCode.UnsupportedOrdType
            or ReasonCode.UnsupportedTimeInForce or ReasonCode.TooManyFills or ReasonCode.OrderRate or ReasonCode.RepeatedOrder or ReasonCode.TooManyQuoteEntries;
        if (value != 0 || limit != 0)
        {
            line.Append(isPlain ? $" {value} limit {limit}" : $" {Decimal(value)} limit {Decimal(limit)}");
        }
    }
}
