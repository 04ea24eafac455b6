// Problem: on a shared machine a latency means nothing without what the machine could do at that moment.
// Idea: the same ping-pong twice in one process and run: over IPC, and over two bare cache lines, which is the floor. Both sides spin.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Exchange.Ipc.Agents;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Benchmarks.Ipc;

/// <summary><c>ipc-rtt [messages] [bytes]</c>: round trips between two spinning threads, percentiles in nanoseconds.</summary>
internal static class IpcRoundTripCommand
{
    private const int CacheLine = 128 / sizeof(long);
    private static readonly double[] Percentiles = [50, 90, 99, 99.9, 99.99];

    internal static int Run(ReadOnlySpan<string> args)
    {
        int messages = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        int length = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 32;
        if (messages < 1 || length is < 8 or > 1024)
        {
            Console.Error.WriteLine("ipc-rtt: messages must be positive and bytes from 8 to 1024");
            return 2;
        }

        for (int run = 1; run <= 3; run++)
        {
            Print($"floor, run {run}", MeasureFloor(messages));
            Print($"ipc {length} B, run {run}", MeasureIpc(messages, length));
        }

        return 0;
    }

    private static long[] MeasureIpc(int messages, int length)
    {
        using IpcPair pair = new();
        bool isDone = false;
        Thread echo = new(() => Echo(pair, ref isDone)) { IsBackground = true };
        echo.Start();
        _ = ThreadAffinity.TryPin(0, out _);
        long[] samples = new long[messages];
        _ = PingPong(pair, new long[Math.Min(messages, 200_000)], length);
        _ = PingPong(pair, samples, length);
        Volatile.Write(ref isDone, true); // partner: Echo
        echo.Join();
        return samples;
    }

    private static long PingPong(IpcPair pair, long[] samples, int length)
    {
        CountingHandler handler = default;
        for (int i = 0; i < samples.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            BufferClaim claim;
            while (pair.Ping.TryClaim(length, out claim) < 0)
            {
                Thread.SpinWait(1);
            }

            MemoryMarshal.Write(claim.Buffer, (long)i);
            claim.Commit();
            while (pair.PongSubscription.Poll(ref handler, 1) == 0)
            {
            }

            samples[i] = Stopwatch.GetTimestamp() - start;
            if ((i & 0xFFF) == 0)
            {
                pair.DoWork();
            }
        }

        return handler.Sum;
    }

    private static void Echo(IpcPair pair, ref bool isDone)
    {
        _ = ThreadAffinity.TryPin(1, out _);
        EchoHandler handler = new(pair.Pong);
        while (!Volatile.Read(ref isDone)) // partner: MeasureIpc
        {
            _ = pair.PingSubscription.Poll(ref handler, 16);
        }
    }

    private static long[] MeasureFloor(int messages)
    {
        long[] lines = new long[CacheLine * 4];
        Thread echo = new(() =>
        {
            _ = ThreadAffinity.TryPin(1, out _);
            for (long i = 1; i <= messages; i++)
            {
                while (Volatile.Read(ref lines[CacheLine]) != i) // partner: the write below
                {
                }

                Volatile.Write(ref lines[CacheLine * 2], i); // partner: the read below
            }
        })
        { IsBackground = true };
        echo.Start();
        _ = ThreadAffinity.TryPin(0, out _);
        long[] samples = new long[messages];
        for (long i = 1; i <= messages; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Volatile.Write(ref lines[CacheLine], i); // partner: the echo's read
            while (Volatile.Read(ref lines[CacheLine * 2]) != i) // partner: the echo's write
            {
            }

            samples[i - 1] = Stopwatch.GetTimestamp() - start;
        }

        echo.Join();
        return samples;
    }

    private static void Print(string name, long[] samples)
    {
        Array.Sort(samples);
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{name,-20}"));
        foreach (double percentile in Percentiles)
        {
            int index = Math.Min(samples.Length - 1, (int)(samples.Length * percentile / 100));
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"  p{percentile} {samples[index]} ns"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  max {samples[^1]} ns"));
    }
}
