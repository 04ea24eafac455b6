using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Tests.Peers;

/// <summary>Several transports on one thread.</summary>
internal static class PeerCluster
{
    public static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];

    /// <summary>Makes nodes known to each other and turns until all are connected.</summary>
    public static void Connect(params PeerNode[] nodes)
    {
        Introduce(nodes);
        Until(() => nodes.All(a => nodes.All(b => a == b || a.Transport.IsConnected(b.Id))), nodes);
    }

    public static void Introduce(params PeerNode[] nodes)
    {
        ClusterConfiguration configuration = new(PeerNode.ClusterId, nodes.DistinctBy(static node => node.Id).Select(static node => node.Member));
        foreach (PeerNode node in nodes)
        {
            node.Transport.SetMembers(configuration);
        }
    }

    /// <summary>Turns all nodes until the condition holds.</summary>
    public static void Until(Func<bool> condition, params PeerNode[] nodes)
    {
        DateTime deadline = DateTime.UtcNow.AddSeconds(20);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "it does not happen: " + string.Join("; ", nodes.SelectMany(static node => node.Lines.TakeLast(3).Concat(node.Story.TakeLast(5)))));
            if (Turn(nodes) == 0)
            {
                _ = nodes[0].Transport.WaitForInput(TimeSpan.FromMilliseconds(0.2));
            }
        }
    }

    public static int Turn(params PeerNode[] nodes) => nodes.Sum(static node => node.Turn());
}
