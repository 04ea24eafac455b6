using Exchange.Cluster.Transfer;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Tests.Transfer;

public sealed class ContentHashTests
{
    [Fact]
    public void It_is_the_hash_of_the_snapshot_writer_however_the_bytes_are_cut()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = new byte[random.Next(round % 10 == 0 ? 300_000 : 300)];
            random.NextBytes(bytes);
            SnapshotWriter writer = new(Stream.Null);
            writer.WriteBytes(bytes);
            ContentHash hash = new();
            for (int at = 0; at < bytes.Length;)
            {
                int take = Math.Min(bytes.Length - at, random.Next(40_000) % (1 + random.Next(1000)));
                hash.Add(bytes.AsSpan(at, take));
                at += take;
            }

            Assert.True(writer.Complete() == hash.Finish(), $"seed {seed}, round {round}");
        }
    }
}
