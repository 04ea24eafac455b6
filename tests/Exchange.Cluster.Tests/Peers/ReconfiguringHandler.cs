using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Peers;

/// <summary>Takes the sender out of the configuration at its first message, and answers each.</summary>
internal sealed class ReconfiguringHandler(PeerNode node, ClusterConfiguration next) : IPeerHandler
{
    public int Messages { get; private set; }

    public bool Disconnected { get; private set; }

    public void OnConnected(in PeerIdentity peer)
    {
    }

    public void OnDisconnected(int memberId, bool isProcessGone) => Disconnected = true;

    public void OnMessage(int memberId, ReadOnlySpan<byte> message)
    {
        Messages++;
        node.Transport.SetMembers(next);
        _ = node.TrySend(memberId, message);
        _ = node.Transport.Flush();
    }

    public void OnAdminRequest(long connection, ReadOnlySpan<byte> utf8Json)
    {
    }
}
