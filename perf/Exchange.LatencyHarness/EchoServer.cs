// The floor: a server that does nothing but answer each 178 bytes with 217, the sizes of a NewOrderSingle and its ExecutionReport,
// on one spinning thread. What the exchange takes above it is its own.
using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Exchange.Host.Load;

namespace Exchange.LatencyHarness;

/// <summary>Spinning TCP echo, run as a process of its own like the exchange.</summary>
internal static class EchoServer
{
    /// <summary>Bytes of a request.</summary>
    public const int RequestBytes = 178;

    /// <summary>Bytes of a response.</summary>
    public const int ResponseBytes = 217;

    /// <summary>The verb that runs the server; it prints its port and serves one client.</summary>
    public static Command CreateCommand()
    {
        Option<int> cpu = new("--cpu") { DefaultValueFactory = _ => -1 };
        Command command = new("echo-server", "The bare TCP echo; started by the other verbs.") { cpu };
        command.SetAction(parsed =>
        {
            Serve(parsed.GetValue(cpu));
            return 0;
        });
        return command;
    }

    private static void Serve(int cpu)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Console.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port);
        using Socket socket = listener.AcceptSocket();
        socket.NoDelay = true;
        socket.Blocking = false;
        CpuPin.Apply(cpu);
        byte[] buffer = new byte[64 * 1024];
        byte[] response = new byte[ResponseBytes];
        int have = 0;
        while (true)
        {
            int read = socket.Receive(buffer.AsSpan(have), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                continue;
            }

            if (error != SocketError.Success || read == 0)
            {
                return;
            }

            for (have += read; have >= RequestBytes; have -= RequestBytes)
            {
                Send(socket, response);
            }
        }
    }

    private static void Send(Socket socket, byte[] response)
    {
        for (int at = 0; at < response.Length;)
        {
            int sent = socket.Send(response.AsSpan(at), SocketFlags.None, out SocketError error);
            if (error is not (SocketError.Success or SocketError.WouldBlock))
            {
                return;
            }

            at += error == SocketError.Success ? sent : 0;
        }
    }
}
