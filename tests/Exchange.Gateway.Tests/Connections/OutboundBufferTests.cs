using Exchange.Gateway.Connections;

namespace Exchange.Gateway.Tests.Connections;

public class OutboundBufferTests
{
    [Fact]
    public void Bytes_leave_in_the_order_in_which_they_came_whatever_the_sizes()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        OutboundBuffer buffer = new(256 * 1024, 256 * 1024);
        byte next = 0;
        byte expected = 0;
        for (int step = 0; step < 20_000; step++)
        {
            int length = random.Next(1, 3000);
            if (buffer.TryReserve(length, out Span<byte> target))
            {
                for (int i = 0; i < length; i++)
                {
                    target[i] = next++;
                }

                buffer.Commit(length);
            }

            int take = random.Next(0, Math.Min(buffer.PendingBytes, 6000) + 1);
            foreach (byte b in buffer.Pending[..take])
            {
                Assert.True(b == expected++, $"seed {seed}, step {step}");
            }

            buffer.Consume(take);
        }
    }

    [Fact]
    public void It_grows_up_to_the_limit_and_then_refuses_without_losing_anything()
    {
        OutboundBuffer buffer = new(64 * 1024, 64 * 1024);
        int written = 0;
        while (buffer.TryReserve(1000, out Span<byte> target))
        {
            target[..1000].Fill((byte)(written / 1000));
            buffer.Commit(1000);
            written += 1000;
        }

        Assert.InRange(written, 64_000, 64 * 1024);
        Assert.Equal(written, buffer.PendingBytes);
        Assert.Equal((byte)((written / 1000) - 1), buffer.Pending[^1]);

        buffer.Consume(10_000);
        Assert.True(buffer.TryReserve(1000, out _));
        Assert.Equal(10, buffer.Pending[0]);
    }

    [Fact]
    public void A_client_that_catches_up_may_be_further_behind_until_it_is_drained()
    {
        OutboundBuffer buffer = new(64 * 1024, 256 * 1024);
        Assert.InRange(Fill(buffer), 64_000, 64 * 1024);
        buffer.BeginCatchUp();
        Assert.InRange(Fill(buffer), 255_000, 256 * 1024);

        buffer.Consume(buffer.PendingBytes);
        Assert.InRange(Fill(buffer), 64_000, 64 * 1024);

        static int Fill(OutboundBuffer buffer)
        {
            while (buffer.TryReserve(1000, out _))
            {
                buffer.Commit(1000);
            }

            return buffer.PendingBytes;
        }
    }

    [Fact]
    public void Steady_traffic_allocates_nothing()
    {
        OutboundBuffer buffer = new(1024 * 1024, 1024 * 1024);
        Exchange(buffer, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(buffer, 10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Exchange(OutboundBuffer buffer, int count)
        {
            for (int i = 0; i < count; i++)
            {
                if (buffer.TryReserve(4096, out _))
                {
                    buffer.Commit(250);
                }

                if (buffer.PendingBytes > 5000)
                {
                    buffer.Consume(4000);
                }
            }
        }
    }
}
