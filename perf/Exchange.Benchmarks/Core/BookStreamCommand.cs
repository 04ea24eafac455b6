using System.Diagnostics;
using System.Globalization;

namespace Exchange.Benchmarks.Core;

/// <summary>
/// <c>book-streams [NAME…] [--passes N]</c>: runs the streams through the book and prints nanoseconds per operation (median of the
/// passes after two for warming up), percentiles of single operations, and whether trades and hash are those of the table.
/// </summary>
internal static class BookStreamCommand
{
    private const int WarmUpPasses = 2;
    private const int HistogramBuckets = 1 << 16;

    /// <summary>Runs the command; 0 when each hash is right.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        int passes = 7;
        List<BookStreamCase> cases = [];
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (argument == "--passes" && i + 1 < arguments.Length && int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out passes) && passes > 0)
            {
                i++;
                continue;
            }

            BookStreamCase? known = BookStreamCase.All.FirstOrDefault(one => one.Name == argument);
            if (known is null)
            {
                Console.Error.WriteLine($"book-streams: '{argument}' is not one of {string.Join(", ", BookStreamCase.All.Select(one => one.Name))} or --passes N");
                return 2;
            }

            cases.Add(known);
        }

        bool right = true;
        foreach (BookStreamCase one in cases.Count == 0 ? BookStreamCase.All : cases)
        {
            right &= Run(one, passes);
        }

        return right ? 0 : 1;
    }

    private static bool Run(BookStreamCase stream, int passes)
    {
        BookOperation[] operations = stream.Generate();
        List<double> nsPerOperation = [];
        long allocated = 0;
        TradeHashSink trades = default;
        for (int pass = 0; pass < WarmUpPasses + passes; pass++)
        {
            using BookRunner<TradeHashSink> runner = new(TradeHashSink.Create());
            long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            runner.Apply(operations);
            double elapsedNs = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
            trades = runner.Sink;
            if (pass >= WarmUpPasses)
            {
                nsPerOperation.Add(elapsedNs / operations.Length);
            }
        }

        nsPerOperation.Sort();
        bool right = trades.Trades == stream.Trades && trades.Hash == stream.Hash;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{stream.Name}: {nsPerOperation[nsPerOperation.Count / 2]:F1} ns/op (median of {passes}, best {nsPerOperation[0]:F1}, worst {nsPerOperation[^1]:F1}), {allocated} bytes allocated, trades={trades.Trades} hash={trades.Hash:x16} {(right ? "OK" : "MISMATCH")}"));
        Console.WriteLine($"{stream.Name}: {MeasurePercentiles(operations)}");
        return right;
    }

    private static string MeasurePercentiles(BookOperation[] operations)
    {
        using BookRunner<TradeHashSink> runner = new(TradeHashSink.Create());
        int[] histogram = new int[HistogramBuckets];
        foreach (ref readonly BookOperation operation in operations.AsSpan())
        {
            long start = Stopwatch.GetTimestamp();
            runner.Apply(in operation);
            long ticks = Stopwatch.GetTimestamp() - start;
            histogram[Math.Min(ticks, HistogramBuckets - 1)]++;
        }

        double tickNs = 1e9 / Stopwatch.Frequency;
        string line = "single operations, ns, clock reading (about 20) included:";
        foreach ((string name, double share) in (ReadOnlySpan<(string, double)>)[("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("p99.99", 0.9999)])
        {
            line += string.Create(CultureInfo.InvariantCulture, $" {name}={Percentile(histogram, share * operations.Length) * tickNs:F0}");
        }

        return line;
    }

    private static int Percentile(int[] histogram, double rank)
    {
        long seen = 0;
        for (int bucket = 0; bucket < histogram.Length; bucket++)
        {
            seen += histogram[bucket];
            if (seen >= rank)
            {
                return bucket;
            }
        }

        return histogram.Length - 1;
    }
}
