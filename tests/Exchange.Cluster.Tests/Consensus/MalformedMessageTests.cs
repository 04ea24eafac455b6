namespace Exchange.Cluster.Tests.Consensus;

public sealed class MalformedMessageTests
{
    [Fact]
    public void Messages_with_flipped_bits_are_dropped_or_harmless()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        int[] places = [4, 5, 64, 65, 66, 89, 90, 91];
        using TestCluster cluster = new TestCluster(seed: seed).StartAll();
        cluster.Network.Filter = (_, _, message) =>
        {
            // Counts, positions and lengths are judged before anything is believed. That content is unaltered is the transport's promise.
            if (random.Next(10) == 0 && message[0] is 3 && message.Length > 64)
            {
                message[places[random.Next(places.Length)]] ^= (byte)(1 << random.Next(8));
            }

            return true;
        };
        TestMember leader = cluster.Elect();
        for (int round = 0; round < 200; round++)
        {
            leader.Append(random.Next(400), round);
            cluster.Run(3);
        }

        cluster.Network.Filter = static (_, _, _) => true;
        cluster.Replicate(1);
        Assert.True(cluster.Members.Sum(static member => member.Raft.Counters.MalformedMessages) > 0, $"seed {seed}");
    }

    [Fact]
    public void Random_bytes_of_every_type_and_length_change_nothing()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        using TestCluster cluster = new TestCluster().StartAll();
        cluster.Replicate(5);
        TestMember leader = cluster.Elect();
        long sent = 0;
        foreach (TestMember member in cluster.Members)
        {
            for (int type = 0; type < 40; type++)
            {
                for (int length = 0; length < 200; length++)
                {
                    // The term is cut to small numbers half of the time, so that more than the first check is reached.
                    byte[] message = new byte[length];
                    random.NextBytes(message);
                    Shape(message, type, random.Next(2) == 0);
                    member.Raft.OnMessage(1 + (member.Id % 3), message, cluster.Network.NowNs);
                    sent++;
                }
            }

            member.Raft.OnMessage(0, new byte[32], cluster.Network.NowNs);
            member.Raft.OnMessage(member.Id, new byte[32], cluster.Network.NowNs);
            member.Raft.OnMessage(300, new byte[32], cluster.Network.NowNs);
            Assert.True(member.Raft.Counters.MalformedMessages > 6000, $"seed {seed}: {member.Raft.Counters.MalformedMessages} of {sent}");
        }

        cluster.Replicate(5);
        Assert.True(leader.IsUp);
    }

    [Fact]
    public void A_second_leader_of_a_term_is_not_believed()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        cluster.Replicate(5);
        TestMember leader = cluster.Elect();
        byte[] message = new byte[64];
        message[0] = 3;
        BitConverter.TryWriteBytes(message.AsSpan(8), leader.Raft.Term);
        leader.Raft.OnMessage(2, message, cluster.Network.NowNs);
        Assert.True(leader.IsLeader);
        Assert.Equal(1, leader.Raft.Counters.MalformedMessages);
    }

    private static void Shape(byte[] message, int type, bool isPlausible)
    {
        if (message.Length >= 2)
        {
            message[0] = (byte)type;
            message[1] = 0;
        }

        // Negative terms: nothing of this may count as a member's word about a newer term.
        if (message.Length >= 16)
        {
            if (isPlausible)
            {
                message.AsSpan(8, 8).Clear();
            }
            else
            {
                message[15] |= 0x80;
            }
        }
    }
}
