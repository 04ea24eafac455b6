using System.Text.Json;
using System.Text.Json.Nodes;

namespace Exchange.Host.Load;

/// <summary>The result of a load run and its judgement.</summary>
internal sealed class LoadSummary
{
    private static readonly double[] s_percentiles = [50, 90, 99, 99.9, 99.99];
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>Creates the summary.</summary>
    public LoadSummary(LoadOptions options, LoadTotals totals)
    {
        Options = options;
        Totals = totals;
    }

    /// <summary>What was asked for.</summary>
    public LoadOptions Options { get; }

    /// <summary>What was counted.</summary>
    public LoadTotals Totals { get; }

    /// <summary>Orders answered per second of the measured part.</summary>
    public double Achieved { get; init; }

    /// <summary>Length of the measured part.</summary>
    public double MeasuredSeconds { get; init; }

    /// <summary>Orders that were never answered.</summary>
    public long LostOrders { get; init; }

    /// <summary>Cancels that were never answered.</summary>
    public long LostCancels { get; init; }

    /// <summary>Orders due and unanswered as the schedule ended.</summary>
    public long BacklogAtEnd { get; init; }

    /// <summary>The largest backlog seen at a full second.</summary>
    public long BacklogMax { get; init; }

    /// <summary>Sessions that ended before their time, with the reason.</summary>
    public IReadOnlyList<string> EndedSessions { get; init; } = [];

    /// <summary>What clients saw of failovers, in the order of their time.</summary>
    public IReadOnlyList<Failover> Failovers { get; init; } = [];

    /// <summary>The percentiles that are reported.</summary>
    public static IReadOnlyList<double> Percentiles => s_percentiles;

    /// <summary>Why the run failed; empty when it succeeded.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            List<string> failures = [.. EndedSessions];
            if (LostOrders + LostCancels > 0)
            {
                failures.Add($"{LostOrders} orders and {LostCancels} cancels were never answered");
            }

            if (Totals.Duplicates > 0)
            {
                failures.Add($"{Totals.Duplicates} answers came twice or do not add up");
            }

            if (Totals.SequenceErrors > 0)
            {
                failures.Add($"{Totals.SequenceErrors} messages broke the sequence of their session");
            }

            if (Totals.MessageRejects > 0)
            {
                failures.Add($"{Totals.MessageRejects} messages were rejected, the first: {Totals.FirstReject}");
            }

            if (Options.RatePerSec > 0 && BacklogAtEnd > BacklogAllowed)
            {
                failures.Add($"the backlog was not bounded: {BacklogAtEnd} orders due and unanswered at the end, {BacklogAllowed} allowed");
            }

            if (Options.RatePerSec > 0 && Achieved < Options.RatePerSec * Options.AnsweredShareMin)
            {
                failures.Add($"only {Achieved:F0} of {Options.RatePerSec:F0} orders a second were answered");
            }

            return failures;
        }
    }

    /// <summary>The backlog up to which it counts as bounded.</summary>
    public long BacklogAllowed => (long)Math.Clamp(Options.RatePerSec * Options.BacklogSecondsMax, 100, long.MaxValue / 2);

    /// <summary>The result for programs; durations in nanoseconds.</summary>
    public string ToJson()
    {
        JsonObject json = new()
        {
            ["mix"] = Options.Mix.Name,
            ["sessions"] = Options.Sessions,
            ["rate_per_s"] = Options.RatePerSec,
            ["seconds"] = Options.Seconds,
            ["warmup_seconds"] = Options.WarmupSeconds,
            ["spin"] = Options.Spin,
            ["achieved_per_s"] = Math.Round(Achieved, 1),
            ["orders_sent"] = Totals.OrdersSent,
            ["orders_answered"] = Totals.OrdersAnswered,
            ["measured_answered"] = Totals.MeasuredAnswered,
            ["cancels_sent"] = Totals.CancelsSent,
            ["cancels_answered"] = Totals.CancelsAnswered,
            ["cancels_refused"] = Totals.CancelsRefused,
            ["rejected"] = Totals.Rejected,
            ["filled"] = Totals.Filled,
            ["trades"] = Totals.Trades,
            ["cancelled"] = Totals.Cancelled,
            ["lost_orders"] = LostOrders,
            ["lost_cancels"] = LostCancels,
            ["duplicates"] = Totals.Duplicates,
            ["sequence_errors"] = Totals.SequenceErrors,
            ["message_rejects"] = Totals.MessageRejects,
            ["messages_received"] = Totals.MessagesReceived,
            ["resent"] = Totals.Resent,
            ["recovered"] = Totals.Recovered,
            ["not_received"] = Totals.NotReceived,
            ["failovers"] = new JsonArray([.. Failovers.Select(FailoverJson)]),
            ["backlog_at_end"] = BacklogAtEnd,
            ["backlog_max"] = BacklogMax,
            ["order_latency_ns"] = Latency(Totals.OrderLatency),
            ["before_outage_latency_ns"] = Latency(Totals.BeforeOutage),
            ["second_after_outage_latency_ns"] = Latency(Totals.AfterOutage),
            ["cancel_latency_ns"] = Latency(Totals.CancelLatency),
            ["failures"] = new JsonArray([.. Failures.Select(f => (JsonNode)JsonValue.Create(f))]),
        };
        return json.ToJsonString(s_indented);
    }

    private static JsonNode FailoverJson(Failover failover) => new JsonObject
    {
        ["cause"] = failover.Cause,
        ["sessions"] = failover.Outages.Count,
        ["to"] = failover.Outages[0].To,
        ["gap_p50_ns"] = failover.MedianGapNs,
        ["gap_max_ns"] = failover.MaxGapNs,
    };

    private static JsonObject Latency(LatencyHistogram histogram)
    {
        JsonObject json = new() { ["count"] = histogram.Count };
        foreach (double percent in s_percentiles)
        {
            json[string.Create(System.Globalization.CultureInfo.InvariantCulture, $"p{percent}")] = histogram.PercentileNs(percent);
        }

        json["max"] = histogram.MaxNs;
        return json;
    }
}
