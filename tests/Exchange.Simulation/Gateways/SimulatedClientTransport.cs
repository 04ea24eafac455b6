using System.Net;
using Exchange.Gateway;
using Exchange.Gateway.Connections;
using Exchange.Gateway.Transport;
using Exchange.Simulation.Network;

namespace Exchange.Simulation.Gateways;

/// <summary>Carries the bytes of a gateway's clients over simulated sockets; each connection is read once a turn, like real ones.</summary>
internal sealed class SimulatedClientTransport(GatewayOptions options) : IConnectionTransport
{
    private const int SendBufferBytes = 64 << 10;
    private readonly Queue<(IPEndPoint Remote, SimulatedSocket Socket)> _backlog = new();
    private readonly Peer?[] _peers = new Peer?[options.ConnectionsMax];
    private readonly List<Peer> _open = [];

    public IPEndPoint LocalEndPoint => options.ListenEndPoint;

    /// <summary>Told which connection serves which socket.</summary>
    public Action<SimulatedSocket, FixConnection> Accepted { get; set; } = static (_, _) => { };

    /// <summary>A client's connection has reached the box.</summary>
    public void Enqueue(IPEndPoint remote, SimulatedSocket socket) => _backlog.Enqueue((remote, socket));

    public int DoWork(ITransportOwner owner)
    {
        int work = 0;
        while (owner.TakesConnections && _backlog.TryDequeue(out (IPEndPoint Remote, SimulatedSocket Socket) next))
        {
            work++;
            FixConnection? connection = owner.Accept(next.Remote);
            if (connection is null)
            {
                next.Socket.Close();
                continue;
            }

            Peer peer = new(next.Socket, connection, options.InboundBufferBytes);
            _peers[connection.Slot] = peer;
            _open.Add(peer);
            Accepted(next.Socket, connection);
        }

        for (int i = 0; i < _open.Count; i++)
        {
            work += Serve(_open[i], owner);
        }

        return work;
    }

    public void Flush(FixConnection connection)
    {
        Peer peer = _peers[connection.Slot]!;
        int room = SendBufferBytes - peer.Socket.InFlightBytes;
        ReadOnlySpan<byte> pending = connection.Outbound.Pending;
        int length = Math.Min(room, pending.Length);
        if (length > 0)
        {
            peer.Socket.Send(pending[..length]);
            connection.Outbound.Consume(length);
        }
    }

    public bool IsFlushed(FixConnection connection) => connection.Outbound.PendingBytes == 0;

    public void ShutdownSend(FixConnection connection) => _peers[connection.Slot]!.Socket.ShutdownSend();

    public void Release(FixConnection connection)
    {
        Peer? peer = _peers[connection.Slot];
        if (peer is not null)
        {
            _peers[connection.Slot] = null;
            _open.Remove(peer);
            peer.Socket.Close();
        }
    }

    public void Dispose()
    {
        End(static socket => socket.Close());
    }

    /// <summary>The process is gone.</summary>
    public void End(Action<SimulatedSocket> ending)
    {
        _open.ForEach(peer => ending(peer.Socket));
        _open.Clear();
        while (_backlog.TryDequeue(out (IPEndPoint Remote, SimulatedSocket Socket) next))
        {
            ending(next.Socket);
        }
    }

    private static int Serve(Peer peer, ITransportOwner owner)
    {
        if (peer.IsReported)
        {
            return 0;
        }

        int work = 0;
        while (peer.Socket.Arrived.TryPeek(out byte[]? next) && peer.Count + next.Length <= peer.Bytes.Length)
        {
            peer.Socket.Arrived.Dequeue();
            next.CopyTo(peer.Bytes, peer.Count);
            peer.Count += next.Length;
            work++;
        }

        if (peer.Count > 0)
        {
            int consumed = owner.Receive(peer.Connection, peer.Bytes.AsSpan(0, peer.Count));
            Array.Copy(peer.Bytes, consumed, peer.Bytes, 0, peer.Count - consumed);
            peer.Count -= consumed;
            work += consumed > 0 ? 1 : 0;
            if (peer.Count > 0 && peer.Connection.IsReadPaused)
            {
                return work;
            }
        }

        if (peer.Socket is { IsEnded: true, Arrived.Count: 0 } or { IsReset: true })
        {
            peer.IsReported = true;
            owner.Disconnected(peer.Connection, peer.Socket.IsReset ? CloseReason.SocketError : CloseReason.PeerClosed);
            work++;
        }

        return work;
    }

    private sealed class Peer(SimulatedSocket socket, FixConnection connection, int capacity)
    {
        public readonly SimulatedSocket Socket = socket;
        public readonly FixConnection Connection = connection;
        public readonly byte[] Bytes = new byte[capacity];
        public int Count;
        public bool IsReported;
    }
}
