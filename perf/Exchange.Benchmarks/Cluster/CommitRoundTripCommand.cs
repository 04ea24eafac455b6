// Problem: a commit needs a message to a follower and its answer, so it can never be faster than that. How much does everything else cost?
// Idea: three members, each a process with one thread, as in production; and between the same number of processes with the same idle
// strategies a ping-pong over bare sockets, in turn with it, so that both see the same machine.
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Exchange.Cluster.Peers;

namespace Exchange.Benchmarks.Cluster;

/// <summary><c>commit-rtt [commits] [runs]</c>: from a member's ingress to its egress with three members, against the bare TCP round trip.</summary>
internal static class CommitRoundTripCommand
{
    private const int WarmUp = 20_000;
    private static readonly double[] Percentiles = [50, 90, 99, 99.9];

    internal static int Run(ReadOnlySpan<string> args)
    {
        if (args is ["member", var id, var members, var folder])
        {
            return RunMember(int.Parse(id, CultureInfo.InvariantCulture), Array.ConvertAll(members.Split(','), static port => int.Parse(port, CultureInfo.InvariantCulture)), folder);
        }

        if (args is ["echo", var echoPort])
        {
            return RunEcho(int.Parse(echoPort, CultureInfo.InvariantCulture));
        }

        int commits = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50_000;
        int runs = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
        List<double> ratios = [];
        for (int run = 1; run <= runs; run++)
        {
            long bare = MeasureBare(commits, run);
            long commit = MeasureCommit(commits, run);
            ratios.Add((double)commit / bare);
        }

        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"commit / bare TCP round trip, p50: median {ratios[ratios.Count / 2]:F2} of {runs} runs ({ratios[0]:F2} to {ratios[^1]:F2})"));
        return 0;
    }

    private static long MeasureCommit(int commits, int run)
    {
        string directory = Directory.CreateTempSubdirectory("exchange-commit-").FullName;
        int[] ports = FreePorts(CommitMember.Members);
        string list = string.Join(',', ports);
        using Process second = Start("member", "2", list, directory);
        using Process third = Start("member", "3", list, directory);
        try
        {
            ProbeGatewayPort probe = new();
            long[] samples = new long[commits];
            using (CommitMember leader = CommitMember.Open(1, directory, ports, probe))
            {
                MemberIdleStrategy idle = new(leader.Poller);
                RunUntil(leader, ref idle, () => probe.IsAttached);
                probe.Begin(new long[WarmUp]);
                RunUntil(leader, ref idle, () => probe.IsDone);
                probe.Begin(samples);
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                RunUntil(leader, ref idle, () => probe.IsDone);
                allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"leader allocated",-30}  {(double)allocated / commits:F3} bytes a commit"));
            }

            return Print(string.Create(CultureInfo.InvariantCulture, $"commit, 3 members, run {run}"), samples);
        }
        finally
        {
            Stop(second);
            Stop(third);
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void RunUntil(CommitMember member, ref MemberIdleStrategy idle, Func<bool> isDone)
    {
        long started = Stopwatch.GetTimestamp();
        while (!isDone())
        {
            idle.Idle(member.Node.DoWork());
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(2))
            {
                throw new InvalidOperationException("the cluster does not answer");
            }
        }
    }

    private static int RunMember(int id, int[] ports, string directory)
    {
        using CancellationTokenSource stop = new();
        Thread watch = new(() =>
        {
            _ = Console.In.Read();
            stop.Cancel();
        })
        { IsBackground = true };
        watch.Start();
        using CommitMember member = CommitMember.Open(id, directory, ports, new ProbeGatewayPort());
        MemberIdleStrategy idle = new(member.Poller);
        while (!stop.IsCancellationRequested)
        {
            idle.Idle(member.Node.DoWork());
        }

        return 0;
    }

    // What a commit needs: both followers are sent to, and the first answer is enough.
    private static long MeasureBare(int messages, int run)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        string port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        using Process second = Start("echo", port);
        using Process third = Start("echo", port);
        try
        {
            PeerPoller poller = new();
            using BarePingPong toSecond = BarePingPong.Over(listener.AcceptSocket(), 256, poller);
            using BarePingPong toThird = BarePingPong.Over(listener.AcceptSocket(), 256, poller);
            MemberIdleStrategy idle = new(poller);
            long[] samples = new long[messages];
            Ask(toSecond, toThird, ref idle, new long[WarmUp]);
            Ask(toSecond, toThird, ref idle, samples);
            return Print(string.Create(CultureInfo.InvariantCulture, $"bare TCP, 3 processes, run {run}"), samples);
        }
        finally
        {
            Stop(second);
            Stop(third);
        }
    }

    private static void Ask(BarePingPong second, BarePingPong third, ref MemberIdleStrategy idle, long[] samples)
    {
        long fromSecond = 0;
        long fromThird = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            second.Send();
            third.Send();
            while (Math.Max(fromSecond, fromThird) <= i)
            {
                int two = second.Receive();
                int three = third.Receive();
                fromSecond += two;
                fromThird += three;
                idle.Idle(two + three);
            }

            samples[i] = (Stopwatch.GetTimestamp() - start) * (1_000_000_000 / Stopwatch.Frequency);
        }

        while (Math.Min(fromSecond, fromThird) < samples.Length)
        {
            fromSecond += second.Receive();
            fromThird += third.Receive();
            idle.Idle(0);
        }
    }

    private static int RunEcho(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        PeerPoller poller = new();
        using BarePingPong pong = BarePingPong.Over(socket, 256, poller);
        MemberIdleStrategy idle = new(poller);
        using CancellationTokenSource stop = new();
        Thread watch = new(() =>
        {
            _ = Console.In.Read();
            stop.Cancel();
        })
        { IsBackground = true };
        watch.Start();
        while (!stop.IsCancellationRequested)
        {
            int received = pong.Receive();
            for (int i = 0; i < received; i++)
            {
                pong.Send();
            }

            idle.Idle(received);
        }

        return 0;
    }

    private static Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardInput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(CommitRoundTripCommand).Assembly.Location);
        }

        start.ArgumentList.Add("commit-rtt");
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static void Stop(Process process)
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = new TcpListener[count];
        for (int i = 0; i < count; i++)
        {
            listeners[i] = new TcpListener(IPAddress.Loopback, 0);
            listeners[i].Start();
        }

        int[] ports = Array.ConvertAll(listeners, static listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        Array.ForEach(listeners, static listener => listener.Dispose());
        return ports;
    }

    private static long Print(string name, long[] samples)
    {
        Array.Sort(samples);
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{name,-30}"));
        foreach (double percentile in Percentiles)
        {
            int index = Math.Min(samples.Length - 1, (int)(samples.Length * percentile / 100));
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"  p{percentile} {samples[index]} ns"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  max {samples[^1]} ns"));
        return samples[samples.Length / 2];
    }
}
