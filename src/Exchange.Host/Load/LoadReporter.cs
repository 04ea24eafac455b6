// Prints the progress of a load run, from a thread of its own so that the terminal never delays an order, and the table at the end.
using System.Globalization;
using Exchange.Host.Client;

namespace Exchange.Host.Load;

/// <summary>Words and tables about a load run.</summary>
internal sealed class LoadReporter : IDisposable
{
    private readonly LoadProgressBoard _board;
    private readonly Action<string> _print;
    private readonly Thread _thread;
    private volatile bool _isStopping;

    /// <summary>Starts printing what appears on the board.</summary>
    public LoadReporter(LoadProgressBoard board, Action<string> print)
    {
        _board = board;
        _print = print;
        _thread = new Thread(Print) { IsBackground = true, Name = "load-progress" };
        _thread.Start();
    }

    /// <summary>Stops after the last line.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
    }

    /// <summary>A duration with a unit that leaves three or four digits.</summary>
    public static string Duration(long ns) => ns switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{ns / 1e3:F2} µs"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{ns / 1e3:F1} µs"),
        < FixTime.NsPerSec => string.Create(CultureInfo.InvariantCulture, $"{ns / 1e6:F2} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{ns / 1e9:F2} s"),
    };

    /// <summary>One line about a failover.</summary>
    public static string Words(Failover failover) =>
        $"gap p50 {Duration(failover.MedianGapNs)}, max {Duration(failover.MaxGapNs)} over {failover.Outages.Count} sessions, "
        + $"{failover.Outages[0].From} to {failover.Outages[0].To} ({failover.Cause})";

    /// <summary>The table at the end.</summary>
    public static void WriteSummary(LoadSummary summary, TextWriter output)
    {
        LoadTotals totals = summary.Totals;
        Row(output, "orders sent", totals.OrdersSent);
        Row(output, "  acknowledged", totals.OrdersAnswered - totals.Rejected);
        Row(output, "  rejected", totals.Rejected, totals.Rejected > 0 ? totals.FirstReject : string.Empty);
        Row(output, "  filled", totals.Filled);
        Row(output, "  cancelled", totals.Cancelled);
        Row(output, "  lost", summary.LostOrders);
        Row(output, "cancels sent", totals.CancelsSent);
        Row(output, "  refused", totals.CancelsRefused);
        Row(output, "  lost", summary.LostCancels);
        Row(output, "duplicates", totals.Duplicates);
        Row(output, "sequence errors", totals.SequenceErrors);
        if (summary.Options.Reconnects)
        {
            Row(output, "requests sent again", totals.Resent);
            Row(output, "messages recovered", totals.Recovered);
            if (summary.Options.ResetsOnFailover)
            {
                Row(output, "never received", totals.NotReceived);
            }

            Row(output, "failovers", summary.Failovers.Count);
            foreach (Failover failover in summary.Failovers)
            {
                output.WriteLine($"  {Words(failover)}");
            }
        }

        string wanted = summary.Options.RatePerSec > 0
            ? string.Create(CultureInfo.InvariantCulture, $"wanted {summary.Options.RatePerSec:N0}")
            : string.Create(CultureInfo.InvariantCulture, $"closed loop, {summary.Options.OutstandingMax} outstanding");
        Row(output, "achieved orders/s", (long)summary.Achieved, wanted);
        Row(output, "backlog at the end", summary.BacklogAtEnd, string.Create(CultureInfo.InvariantCulture, $"largest {summary.BacklogMax:N0}"));
        WriteLatency(output, "order to report", totals.OrderLatency);
        if (totals.CancelLatency.Count > 0)
        {
            WriteLatency(output, "cancel to report", totals.CancelLatency);
        }
    }

    private static void WriteLatency(TextWriter output, string name, LatencyHistogram histogram)
    {
        string values = string.Join("  ", LoadSummary.Percentiles.Select(p =>
            string.Create(CultureInfo.InvariantCulture, $"p{p} {Duration(histogram.PercentileNs(p))}")));
        output.WriteLine($"{name,-20} {values}  max {Duration(histogram.MaxNs)}");
    }

    private static void Row(TextWriter output, string name, long value, string remark = "")
    {
        string tail = remark.Length > 0 ? $"   ({remark})" : string.Empty;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} {value,14:N0}{tail}"));
    }

    private void Print()
    {
        long seen = 0;
        while (true)
        {
            bool isLast = _isStopping;
            LoadProgress? progress = _board.TryRead(ref seen);
            if (progress is not null)
            {
                _print(Line(progress));
            }
            else if (isLast)
            {
                return;
            }
            else
            {
                Thread.Sleep(50);
            }
        }
    }

    private static string Line(LoadProgress progress)
    {
        LatencyHistogram latency = progress.Latency;
        string phase = progress.IsWarmup ? "warm-up" : "measured";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Second,3} s {phase,-8} sent {progress.Sent,10:N0} acked {progress.Answered,10:N0} {progress.AnsweredInSecond,7:N0}/s p50 {Duration(latency.PercentileNs(50)),8} p99 {Duration(latency.PercentileNs(99)),8} backlog {progress.Backlog,6:N0}");
    }
}
