using System.Runtime.InteropServices;
using Exchange.Cluster.Egress;
using Exchange.Protocol.Events;

namespace Exchange.Cluster.Tests.Egress;

public sealed class ControlQueueTests
{
    [Fact]
    public void Gives_events_back_in_order_while_it_grows_and_shrinks()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        ControlQueue queue = new(1 << 20);
        long added = 0;
        long removed = 0;
        for (int step = 0; step < 20_000; step++)
        {
            if (random.Next(2) == 0 && added - removed < 200)
            {
                Assert.True(queue.TryAdd(Event(++added, random.Next(8, 40) * 8)), $"seed {seed}");
            }
            else if (!queue.IsEmpty)
            {
                Assert.Equal(++removed, MemoryMarshal.AsRef<EventHeader>(queue.Peek()).ConnectionId);
                queue.RemoveFirst();
            }
        }

        while (!queue.IsEmpty)
        {
            Assert.Equal(++removed, MemoryMarshal.AsRef<EventHeader>(queue.Peek()).ConnectionId);
            queue.RemoveFirst();
        }

        Assert.Equal(added, removed);
    }

    [Fact]
    public void Refuses_what_would_exceed_its_capacity_and_keeps_what_it_has()
    {
        ControlQueue queue = new(256);
        Assert.True(queue.TryAdd(Event(1, 128)));
        Assert.True(queue.TryAdd(Event(2, 128)));
        Assert.False(queue.TryAdd(Event(3, 64)));
        Assert.Equal(1, MemoryMarshal.AsRef<EventHeader>(queue.Peek()).ConnectionId);
        queue.RemoveFirst();
        Assert.True(queue.TryAdd(Event(4, 128)));
    }

    private static byte[] Event(long connectionId, int length)
    {
        byte[] bytes = new byte[length];
        ref EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(bytes.AsSpan());
        header.Type = EventType.CloseConnection;
        header.Length = length;
        header.ConnectionId = connectionId;
        return bytes;
    }
}
