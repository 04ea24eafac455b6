using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Peers;

public sealed class TcpPeerTransportTests
{
    [Fact]
    public void Three_members_find_each_other_and_messages_arrive_whole_and_in_order()
    {
        using PeerNode a = new(1);
        using PeerNode b = new(2);
        using PeerNode c = new(3);
        PeerNode[] nodes = [a, b, c];
        PeerCluster.Connect(nodes);
        Random random = new(5);
        Dictionary<(int, int), List<byte[]>> sent = [];
        for (int i = 0; i < 2000; i++)
        {
            PeerNode from = nodes[random.Next(3)];
            PeerNode to = nodes[random.Next(3)];
            byte[] message = new byte[random.Next(2, i % 100 == 0 ? IPeerTransport.MessageBytesMax : 300)];
            random.NextBytes(message);
            if (from != to && from.TrySend(to.Id, message))
            {
                if (!sent.TryGetValue((from.Id, to.Id), out List<byte[]>? list))
                {
                    sent[(from.Id, to.Id)] = list = [];
                }

                list.Add(message);
            }

            if (i % 7 == 0)
            {
                PeerCluster.Turn(nodes);
            }
        }

        int total = sent.Values.Sum(static list => list.Count);
        Assert.True(total > 1000);
        PeerCluster.Until(() => nodes.Sum(static node => node.Messages.Count) == total, nodes);
        foreach (((int from, int to), List<byte[]> list) in sent)
        {
            Assert.Equal(list, nodes[to - 1].Messages.Where(m => m.From == from).Select(static m => m.Message));
        }

        Assert.All(nodes, static node => Assert.Equal(2, node.Story.Count));
    }

    [Fact]
    public void A_member_that_ends_is_gone_and_its_next_life_is_connected_soon()
    {
        using PeerNode a = new(1);
        PeerNode b = new(2);
        PeerCluster.Connect(a, b);
        b.Dispose();
        PeerCluster.Until(() => a.Story.Contains("-2 gone"), a);
        Assert.False(a.TrySend(2, [1, 0]));
        using PeerNode next = new(2);
        PeerCluster.Connect(a, next);
        Assert.Equal(["+2", "-2 gone", "+2"], a.Story);
    }
}
