using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Peers;

/// <summary>The transport of a member that is alone. Its thread sleeps on a poller all the same, where there are such: its own threads wake it.</summary>
internal sealed class NoPeers : IPeerTransport
{
    /// <summary>What the member's thread sleeps on; null where this is not Linux.</summary>
    public PeerPoller? Poller { get; } = OperatingSystem.IsLinux() ? new PeerPoller() : null;

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
    public void Dispose() => Poller?.Dispose();
}
