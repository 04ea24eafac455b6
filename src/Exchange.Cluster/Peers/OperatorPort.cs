using System.Net;
using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Peers;

/// <summary>
/// The transport of a member that is alone but answers operators. They are few and in no hurry, so the sockets are looked at a thousand
/// times a second and not in every turn: orders pay nothing for them.
/// </summary>
internal sealed class OperatorPort : IPeerTransport
{
    private const long PollEveryNs = 1_000_000;
    private readonly TcpPeerTransport _tcp;
    private long _polledNs = long.MinValue;

    /// <summary>Listens.</summary>
    public OperatorPort(TcpPeerOptions options) => _tcp = new TcpPeerTransport(options);

    /// <summary>Where operators connect to.</summary>
    public IPEndPoint EndPoint => _tcp.LocalEndPoint;

    /// <summary>What the member's thread sleeps on; null where this is not Linux.</summary>
    public PeerPoller? Poller => _tcp.Poller;

    /// <inheritdoc/>
    public bool IsConnected(int memberId) => false;

    /// <inheritdoc/>
    public bool TryClaim(int memberId, int length, out Span<byte> target)
    {
        target = default;
        return false;
    }

    /// <inheritdoc/>
    public void Commit(int memberId, int length)
    {
    }

    /// <inheritdoc/>
    public int Poll(IPeerHandler handler, long nowNs)
    {
        if (nowNs - _polledNs < PollEveryNs && _polledNs != long.MinValue)
        {
            return 0;
        }

        _polledNs = nowNs;
        return _tcp.Poll(handler, nowNs) + _tcp.Flush();
    }

    /// <inheritdoc/>
    public int Flush() => 0;

    /// <inheritdoc/>
    public void SetMembers(ClusterConfiguration configuration)
    {
    }

    /// <inheritdoc/>
    public void Answer(long connection, ReadOnlySpan<byte> utf8Json, bool isLast) => _tcp.Answer(connection, utf8Json, isLast);

    /// <inheritdoc/>
    public void Dispose() => _tcp.Dispose();
}
