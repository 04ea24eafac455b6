using System.Diagnostics;
using System.Net;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Benchmarks.Cluster;

/// <summary>A member's transport as the member uses it: poll, claim, commit, flush.</summary>
internal sealed class TransportPingPong : IPingPong, IPeerHandler
{
    private static readonly Guid ClusterId = new("0d6f2f0e-5a3c-4b9f-8a53-2f4f6f6f1c11");
    private readonly TcpPeerTransport _transport;
    private readonly int _other;
    private readonly int _length;
    private int _messages;

    private TransportPingPong(int id, int length)
    {
        _other = 3 - id;
        _length = length;
        _transport = new TcpPeerTransport(new TcpPeerOptions
        {
            Identity = new PeerIdentity(id, MemberKind.Engine, ClusterId, Guid.Empty, 1, 1 << 20, "benchmark"),
            Key = new byte[32],
            ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
        });
    }

    /// <inheritdoc/>
    public PeerPoller Poller => _transport.Poller;

    /// <summary>Two members, connected over loopback.</summary>
    public static (TransportPingPong Ping, TransportPingPong Pong) Pair(int length)
    {
        TransportPingPong ping = new(1, length);
        TransportPingPong pong = new(2, length);
        ClusterConfiguration configuration = new(ClusterId, [ping.Member(1), pong.Member(2)]);
        ping._transport.SetMembers(configuration);
        pong._transport.SetMembers(configuration);
        while (!ping._transport.IsConnected(2) || !pong._transport.IsConnected(1))
        {
            _ = ping.Receive() + pong.Receive();
        }

        return (ping, pong);
    }

    /// <inheritdoc/>
    public void Send()
    {
        if (!_transport.TryClaim(_other, _length, out Span<byte> message))
        {
            throw new InvalidOperationException("the transport did not take a message");
        }

        message.Clear();
        _transport.Commit(_other, _length);
        _ = _transport.Flush();
    }

    /// <inheritdoc/>
    public int Receive()
    {
        _messages = 0;
        _ = _transport.Poll(this, Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency));
        return _messages;
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    void IPeerHandler.OnConnected(in PeerIdentity peer)
    {
    }

    void IPeerHandler.OnDisconnected(int memberId, bool isProcessGone)
    {
    }

    void IPeerHandler.OnMessage(int memberId, ReadOnlySpan<byte> message) => _messages++;

    void IPeerHandler.OnAdminRequest(long connection, ReadOnlySpan<byte> utf8Json)
    {
    }

    private ClusterMember Member(int id) => new(id, MemberKind.Engine, true, 0, _transport.LocalEndPoint.ToString(), string.Empty);
}
