using System.Diagnostics;
using System.Globalization;

namespace Exchange.Benchmarks.Core;

/// <summary><c>order-entry [NAME…]</c>: the streams as FIX requests through the whole of order management, nanoseconds per command.</summary>
internal static class OrderEntryCommand
{
    private const int SliceLength = 512;
    private const int Passes = 5;

    /// <summary>Runs the command.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        string[] names = arguments.Length == 0 ? ["mix10k"] : arguments.ToArray();
        foreach (string name in names)
        {
            BookStreamCase? stream = BookStreamCase.All.FirstOrDefault(one => one.Name == name);
            if (stream is null)
            {
                Console.Error.WriteLine($"order-entry: '{name}' is not one of {string.Join(", ", BookStreamCase.All.Select(one => one.Name))}");
                return 2;
            }

            BookOperation[] operations = stream.Generate();
            List<double> nsPerCommand = [];
            long allocated = 0;
            long events = 0;
            long bytes = 0;
            for (int pass = 0; pass <= Passes; pass++)
            {
                using OrderEntryRunner runner = new(operations);
                long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
                long start = Stopwatch.GetTimestamp();
                for (int at = 0; at < operations.Length; at += SliceLength)
                {
                    runner.Apply(operations.AsSpan(at, Math.Min(SliceLength, operations.Length - at)));
                }

                double elapsedNs = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
                allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
                events = runner.EventCount;
                bytes = runner.EventBytes;
                if (pass > 0)
                {
                    nsPerCommand.Add(elapsedNs / operations.Length);
                }
            }

            nsPerCommand.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {nsPerCommand[Passes / 2]:F0} ns/command (median of {Passes}, best {nsPerCommand[0]:F0}, worst {nsPerCommand[^1]:F0}), {(double)events / operations.Length:F2} events and {bytes / operations.Length} bytes a command, {allocated} bytes allocated"));
        }

        return 0;
    }
}
