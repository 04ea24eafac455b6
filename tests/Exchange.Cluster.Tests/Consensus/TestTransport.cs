using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Consensus;

/// <summary>One member's end of the test's network.</summary>
internal sealed class TestTransport(TestNetwork network, int id) : IPeerTransport
{
    private readonly byte[] _claim = new byte[IPeerTransport.MessageBytesMax];

    public ClusterConfiguration? Members { get; private set; }

    public bool IsConnected(int memberId) => network.IsConnected(id, memberId);

    public bool TryClaim(int memberId, int length, out Span<byte> target)
    {
        bool hasRoom = length <= _claim.Length && IsConnected(memberId) && network.HasRoom(id, memberId);
        target = hasRoom ? _claim.AsSpan(0, length) : default;
        return hasRoom;
    }

    public void Commit(int memberId, int length)
    {
        if (length > 0)
        {
            network.Send(id, memberId, _claim.AsSpan(0, length).ToArray());
        }
    }

    public int Poll(IPeerHandler handler, long nowNs) => 0;

    public int Flush() => 0;

    public void SetMembers(ClusterConfiguration configuration) => Members = configuration;

    public void Answer(long connection, ReadOnlySpan<byte> utf8Json, bool isLast)
    {
    }

    public void Dispose()
    {
    }
}
