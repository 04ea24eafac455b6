using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Exchange.Host;
using Exchange.Host.Client;
using Exchange.Host.Load;

namespace Exchange.LatencyHarness;

/// <summary>The client of <see cref="EchoServer"/>: one request outstanding, busy-polling.</summary>
internal static class EchoClient
{
    /// <summary>Starts the server in a process, runs, and stops it.</summary>
    /// <param name="serverCpu">CPU of the server.</param>
    /// <param name="clientCpu">CPU of the calling thread.</param>
    /// <param name="warmupSeconds">Not recorded.</param>
    /// <param name="seconds">Recorded.</param>
    public static LatencyHistogram Run(int serverCpu, int clientCpu, double warmupSeconds, double seconds)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, ["echo-server", "--cpu", $"{serverCpu}"]) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Insert(0, typeof(EchoClient).Assembly.Location);
        }

        using Process server = Process.Start(start) ?? throw new HostException("cannot start the echo server");
        try
        {
            string line = server.StandardOutput.ReadLine() ?? throw new HostException("the echo server ended at once");
            int port = int.Parse(line, System.Globalization.CultureInfo.InvariantCulture);
            using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            socket.NoDelay = true;
            socket.Blocking = false;
            CpuPin.Apply(clientCpu);
            return Ping(socket, warmupSeconds, seconds);
        }
        finally
        {
            // It ends by itself when its client is gone.
            if (!server.WaitForExit(TimeSpan.FromSeconds(5)))
            {
                server.Kill();
            }
        }
    }

    private static LatencyHistogram Ping(Socket socket, double warmupSeconds, double seconds)
    {
        LatencyHistogram histogram = new();
        ClientClock clock = new();
        byte[] request = new byte[EchoServer.RequestBytes];
        byte[] response = new byte[EchoServer.ResponseBytes];
        long recordFromNs = clock.NowNs + (long)(warmupSeconds * 1e9);
        long endNs = recordFromNs + (long)(seconds * 1e9);
        long startNs = clock.NowNs;
        while (startNs < endNs)
        {
            int sent = socket.Send(request, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success || sent != request.Length)
            {
                throw new HostException($"the echo connection failed: {error}");
            }

            int have = 0;
            while (have < response.Length)
            {
                int read = socket.Receive(response.AsSpan(have), SocketFlags.None, out error);
                if (error == SocketError.Success && read > 0)
                {
                    have += read;
                }
                else if (error != SocketError.WouldBlock)
                {
                    throw new HostException($"the echo connection failed: {error}");
                }
            }

            long nowNs = clock.NowNs;
            if (startNs >= recordFromNs)
            {
                histogram.Record(nowNs - startNs);
            }

            startNs = nowNs;
        }

        return histogram;
    }
}
