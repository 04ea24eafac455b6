namespace Exchange.Host.Client.Terminal;

/// <summary>One line of words for each message that a trader cares about.</summary>
internal static class ReportLines
{
    /// <summary>An ExecutionReport (8) on an order that the blotter has just updated.</summary>
    public static (string Line, TextTone Tone) Execution(FixMessageView report, BlotterOrder order)
    {
        char type = report.ExecType();
        string what = FixWords.Execution(type);
        string tail = type switch
        {
            'F' => Fill(report, order),
            '0' => $"  ({order.ClOrdId}, order {order.OrderId})",
            '5' => $"  (now {order.ClOrdId})",
            'I' or 'D' => $"  ({FixWords.Status(order.Status)}, {FixWords.Number(order.CumQty)} filled, {FixWords.Number(order.LeavesQty)} left)",
            _ => string.Empty,
        };
        string text = order.Text.Length > 0 ? $": {order.Text}" : string.Empty;
        string again = report.IsYes(97) || report.IsYes(43) ? " [repeated]" : string.Empty;
        TextTone tone = type switch { 'F' => TextTone.Good, '8' => TextTone.Bad, '4' or 'C' => TextTone.Warning, _ => TextTone.Normal };
        return ($"{Time(report)} {what,-9} {order.Describe()}{tail}{text}{again}", tone);
    }

    /// <summary>An OrderCancelReject (9).</summary>
    public static string CancelReject(FixMessageView reject, BlotterOrder? order)
    {
        string request = reject.Char(434) == '2' ? "replace" : "cancel";
        string subject = order?.Describe() ?? reject.Text(41);
        return $"{Time(reject)} {request} REFUSED {subject}: {Reason(reject, 102)}";
    }

    /// <summary>A session-level Reject (3) or a BusinessMessageReject (j).</summary>
    public static string MessageReject(FixMessageView reject)
    {
        string tag = reject.TryGet(371, out _) ? $", tag {reject.Text(371)}" : string.Empty;
        int reasonTag = reject.MsgType is [(byte)'3'] ? 373 : 380;
        return $"{Time(reject)} message {reject.Text(45)} REJECTED{tag}: {Reason(reject, reasonTag)}";
    }

    /// <summary>A MassQuoteAcknowledgement (b).</summary>
    public static string Quotes(FixMessageView answer)
    {
        string what = answer.Text(297) switch { "0" => "accepted", "1" => "withdrawn for the symbol", "4" => "withdrawn", "5" => "REFUSED", _ => $"status {answer.Text(297)}" };
        string text = answer.Text(58).Length > 0 ? $": {answer.Text(58)}" : string.Empty;
        return $"{Time(answer)} quotes {answer.Text(117)} {what}{text}";
    }

    /// <summary>News (B): headline, then its lines.</summary>
    public static string News(FixMessageView news)
    {
        System.Text.StringBuilder line = new($"{Time(news)} NEWS {news.Text(148)}:");
        foreach (FixField field in news)
        {
            if (field.Tag == 58)
            {
                line.Append(' ').Append(System.Text.Encoding.ASCII.GetString(field.Value));
            }
        }

        return line.ToString();
    }

    private static string Fill(FixMessageView report, BlotterOrder order)
    {
        string quantity = report.TryGetDecimal(32, out decimal q) ? FixWords.Number(q) : "?";
        string price = report.TryGetDecimal(31, out decimal p) ? FixWords.Number(p) : "?";
        string left = order.LeavesQty > 0 ? $"{FixWords.Number(order.LeavesQty)} left" : "done";
        return $"  → {quantity} at {price}, {left}, average {FixWords.Number(order.AvgPx)}";
    }

    private static string Reason(FixMessageView message, int codeTag)
    {
        string text = message.Text(58);
        return text.Length > 0 ? text : $"reason {message.Text(codeTag)}";
    }

    private static string Time(FixMessageView message) => FixWords.TimeOfDay(message.Text(52));
}
