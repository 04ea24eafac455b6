using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Peers;

/// <summary>The transport of a member that is alone.</summary>
internal sealed class NoPeers : IPeerTransport
{
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
    public int Poll(IPeerHandler handler, long nowNs) => 0;

    /// <inheritdoc/>
    public int Flush() => 0;

    /// <inheritdoc/>
    public void SetMembers(ClusterConfiguration configuration)
    {
    }

    /// <inheritdoc/>
    public void Answer(long connection, ReadOnlySpan<byte> utf8Json, bool isLast)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
