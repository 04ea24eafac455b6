using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Exchange.Ipc.Agents;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Benchmarks.Ipc;

/// <summary><c>ipc-throughput [messages] [bytes]</c>: one spinning publisher, one spinning subscriber, messages a second.</summary>
internal static class IpcThroughputCommand
{
    private const int Runs = 5;

    internal static int Run(ReadOnlySpan<string> args)
    {
        int messages = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50_000_000;
        int length = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 32;
        if (messages < 1 || length is < 8 or > 1024)
        {
            Console.Error.WriteLine("ipc-throughput: messages must be positive and bytes from 8 to 1024");
            return 2;
        }

        for (int run = 1; run <= Runs; run++)
        {
            double seconds = Measure(messages, length);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ipc {length} B, run {run}: {messages / seconds / 1e6:F1} M msg/s"));
        }

        return 0;
    }

    /// <summary>Seconds from the first message to the receipt of the last.</summary>
    internal static double Measure(int messages, int length)
    {
        using IpcPair pair = new();
        long expected = ((long)messages - 1) * messages / 2;
        long sum = -1;
        Thread subscriber = new(() => sum = Receive(pair, messages)) { IsBackground = true };
        _ = ThreadAffinity.TryPin(0, out _);
        subscriber.Start();
        long start = Stopwatch.GetTimestamp();
        Publish(pair, messages, length);
        subscriber.Join();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return sum == expected ? seconds : throw new InvalidOperationException($"messages were lost or changed: sum {sum}, expected {expected}");
    }

    private static void Publish(IpcPair pair, int messages, int length)
    {
        for (long i = 0; i < messages; i++)
        {
            BufferClaim claim;
            while (pair.Ping.TryClaim(length, out claim) < 0)
            {
                Thread.SpinWait(1);
            }

            MemoryMarshal.Write(claim.Buffer, in i);
            claim.Commit();
            if ((i & 0xFFFFF) == 0)
            {
                pair.DoWork();
            }
        }
    }

    private static long Receive(IpcPair pair, int messages)
    {
        _ = ThreadAffinity.TryPin(1, out _);
        CountingHandler handler = default;
        while (handler.Count < messages)
        {
            _ = pair.PingSubscription.Poll(ref handler, 256);
        }

        return handler.Sum;
    }
}
