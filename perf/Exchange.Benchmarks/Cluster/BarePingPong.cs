using System.Net;
using System.Net.Sockets;
using Exchange.Cluster.Peers;

namespace Exchange.Benchmarks.Cluster;

/// <summary>The floor: a polled, non-blocking socket without frames, rings or checks.</summary>
internal sealed class BarePingPong : IPingPong
{
    private readonly Socket _owner;
    private readonly int _socket;
    private readonly byte[] _message;
    private readonly byte[] _received = new byte[1 << 17];
    private int _bytes;

    private BarePingPong(Socket socket, int length, PeerPoller poller)
    {
        Poller = poller;
        _owner = socket;
        _owner.NoDelay = true;
        _owner.Blocking = false;
        _socket = (int)socket.Handle;
        _message = new byte[length];
        Poller.Add(_socket, PeerSockets.EpollIn, 1);
    }

    /// <inheritdoc/>
    public PeerPoller Poller { get; }

    /// <summary>Two ends, connected over loopback.</summary>
    public static (BarePingPong Ping, BarePingPong Pong) Pair(int length)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Socket ping = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        ping.Connect(listener.LocalEndpoint);
        return (new BarePingPong(ping, length, new PeerPoller()), new BarePingPong(listener.AcceptSocket(), length, new PeerPoller()));
    }

    /// <summary>One end over a connected socket.</summary>
    public static BarePingPong Over(Socket socket, int length, PeerPoller poller) => new(socket, length, poller);

    /// <inheritdoc/>
    public void Send()
    {
        if (PeerSockets.Send(_socket, _message) != _message.Length)
        {
            throw new InvalidOperationException("the socket did not take a whole message");
        }
    }

    /// <inheritdoc/>
    public int Receive()
    {
        _bytes += Math.Max(0, PeerSockets.Receive(_socket, _received));
        int messages = _bytes / _message.Length;
        _bytes %= _message.Length;
        return messages;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Poller.Dispose();
        _owner.Dispose();
    }
}
