using System.Buffers.Binary;
using Exchange.Cluster.Consensus;
using Xunit.Abstractions;

namespace Exchange.Cluster.Tests.Peers;

public sealed class BadCableTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Over_a_bad_cable_messages_are_lost_but_never_altered_doubled_or_out_of_order(int seed)
    {
        using PeerNode a = new(1);
        using PeerNode b = new(2);
        using BadCable cable = new(a.Transport.LocalEndPoint, seed);
        ClusterConfiguration configuration = new(PeerNode.ClusterId, [a.Member with { PeerAddress = cable.Address }, b.Member]);
        a.Transport.SetMembers(configuration);
        b.Transport.SetMembers(configuration);
        Random random = new(seed);
        uint[] sent = new uint[3];
        DateTime deadline = DateTime.UtcNow.AddSeconds(2);
        while (DateTime.UtcNow < deadline)
        {
            TrySend(a, 2);
            TrySend(b, 1);
            Turn();
        }

        // The cable is good again, and whoever waits for the time of a handshake gets it.
        cable.IsBad = false;
        PeerCluster.Until(Turned(() => a.Transport.IsConnected(2) && b.Transport.IsConnected(1)), a, b);
        int before = a.Messages.Count;
        PeerCluster.Until(Turned(() => TrySend(b, 1) && a.Messages.Count > before), a, b);
        output.WriteLine($"seed {seed}: sent {sent[1]} and {sent[2]}, received {b.Received} and {a.Received}, {cable.Cuts} cuts, {cable.Flips} bits flipped");
        Check(a);
        Check(b);
        Assert.True(cable.Cuts > 0);
        Assert.True(a.Received > 100 && b.Received > 100);
        Assert.True(StoryAlternates(a.Story) && StoryAlternates(b.Story));

        bool TrySend(PeerNode from, int to)
        {
            Span<byte> message = stackalloc byte[8 + random.Next(400)];
            BinaryPrimitives.WriteUInt32LittleEndian(message, sent[from.Id] + 1);
            BinaryPrimitives.WriteInt32LittleEndian(message[4..], message.Length);
            message[8..].Fill((byte)(sent[from.Id] + 1));
            sent[from.Id] += from.TrySend(to, message) ? 1u : 0u;
            return true;
        }

        void Turn()
        {
            cable.Turn();
            _ = PeerCluster.Turn(a, b);
        }

        Func<bool> Turned(Func<bool> condition) => () =>
        {
            cable.Turn();
            return condition();
        };
    }

    private static void Check(PeerNode node)
    {
        uint last = 0;
        foreach ((_, byte[] message) in node.Messages)
        {
            uint number = BinaryPrimitives.ReadUInt32LittleEndian(message);
            Assert.True(number > last, $"{number} after {last}");
            Assert.Equal(message.Length, BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(4)));
            Assert.False(message.AsSpan(8).ContainsAnyExcept((byte)number));
            last = number;
        }
    }

    // Connected and disconnected in turn, but for a word that a silent process is gone, which may follow a disconnection.
    private static bool StoryAlternates(List<string> story)
    {
        bool isConnected = false;
        foreach (string word in story)
        {
            bool connects = word[0] == '+';
            if (connects == isConnected && (connects || !word.EndsWith("gone", StringComparison.Ordinal)))
            {
                return false;
            }

            isConnected = connects;
        }

        return true;
    }
}
