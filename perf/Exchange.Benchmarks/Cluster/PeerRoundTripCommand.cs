// Problem: what the peer transport costs can only be told against the sockets under it, on the same machine at the same moment.
// Idea: the same ping-pong between two threads, over TcpPeerTransport and over two bare polled TCP sockets, with the same idle strategies.
using System.Diagnostics;
using System.Globalization;
using Exchange.Cluster.Peers;
using Exchange.Ipc.Agents;

namespace Exchange.Benchmarks.Cluster;

/// <summary><c>peer-rtt [messages] [bytes]</c>: round trips over loopback, percentiles in nanoseconds.</summary>
internal static class PeerRoundTripCommand
{
    private const int WarmUp = 5_000;
    private static readonly double[] Percentiles = [50, 90, 99, 99.9];

    internal static int Run(ReadOnlySpan<string> args)
    {
        int messages = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50_000;
        int length = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 256;
        if (messages < 1 || length is < 8 or > 65_536)
        {
            Console.Error.WriteLine("peer-rtt: messages must be positive and bytes from 8 to 65536");
            return 2;
        }

        for (int run = 1; run <= 3; run++)
        {
            Measure($"bare sockets, spin, run {run}", BarePingPong.Pair(length), static _ => default(BusySpinIdleStrategy), messages);
            Measure($"transport, spin, run {run}", TransportPingPong.Pair(length), static _ => default(BusySpinIdleStrategy), messages);
            Measure($"bare sockets, backoff, run {run}", BarePingPong.Pair(length), static end => new MemberIdleStrategy(end.Poller), messages);
            Measure($"transport, backoff, run {run}", TransportPingPong.Pair(length), static end => new MemberIdleStrategy(end.Poller), messages);
        }

        return 0;
    }

    private static void Measure<TEnd, TIdle>(string name, (TEnd Ping, TEnd Pong) pair, Func<TEnd, TIdle> idle, int messages)
        where TEnd : IPingPong
        where TIdle : struct, IIdleStrategy
    {
        bool isDone = false;
        Thread echo = new(() => Echo(pair.Pong, idle(pair.Pong), ref isDone)) { IsBackground = true };
        echo.Start();
        long[] samples = new long[messages];
        Ask(pair.Ping, idle(pair.Ping), new long[WarmUp]);
        Ask(pair.Ping, idle(pair.Ping), samples);
        Volatile.Write(ref isDone, true); // partner: Echo
        echo.Join();
        pair.Ping.Dispose();
        pair.Pong.Dispose();
        Print(name, samples);
    }

    private static void Ask<TEnd, TIdle>(TEnd ping, TIdle idle, long[] samples)
        where TEnd : IPingPong
        where TIdle : struct, IIdleStrategy
    {
        for (int i = 0; i < samples.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            ping.Send();
            int received = 0;
            while (received == 0)
            {
                received = ping.Receive();
                idle.Idle(received);
            }

            samples[i] = (Stopwatch.GetTimestamp() - start) * (1_000_000_000 / Stopwatch.Frequency);
        }
    }

    private static void Echo<TEnd, TIdle>(TEnd pong, TIdle idle, ref bool isDone)
        where TEnd : IPingPong
        where TIdle : struct, IIdleStrategy
    {
        while (!Volatile.Read(ref isDone)) // partner: Measure
        {
            int received = pong.Receive();
            for (int i = 0; i < received; i++)
            {
                pong.Send();
            }

            idle.Idle(received);
        }
    }

    private static void Print(string name, long[] samples)
    {
        Array.Sort(samples);
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{name,-30}"));
        foreach (double percentile in Percentiles)
        {
            int index = Math.Min(samples.Length - 1, (int)(samples.Length * percentile / 100));
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"  p{percentile} {samples[index]} ns"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  max {samples[^1]} ns"));
    }
}
