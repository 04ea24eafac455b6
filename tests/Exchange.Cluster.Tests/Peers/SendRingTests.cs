using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Peers;

public sealed class SendRingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Frames_come_out_whole_and_in_order_whatever_is_taken_when(int seed)
    {
        Random random = new(seed);
        SendRing ring = new(1024);
        ReceiveBuffer received = new(2048);
        Queue<byte[]> expected = new();
        int refused = 0;
        for (int i = 0; i < 200_000; i++)
        {
            if (random.Next(2) == 0)
            {
                byte[] payload = new byte[random.Next(0, 300)];
                random.NextBytes(payload);
                if (ring.TryClaim(payload.Length + random.Next(0, 20), out Span<byte> target))
                {
                    payload.CopyTo(target);
                    if (random.Next(4) == 0)
                    {
                        // What is sent between claim and commit must not move the claim.
                        Move(ring, received, random.Next(0, 500));
                    }

                    if (random.Next(10) == 0)
                    {
                        ring.Abandon();
                    }
                    else
                    {
                        ring.Commit(PeerFrameKind.Message, payload.Length);
                        expected.Enqueue(payload);
                    }
                }
                else
                {
                    refused++;
                }
            }
            else
            {
                Move(ring, received, random.Next(0, 500));
            }

            Take(received, expected);
        }

        while (!ring.IsEmpty)
        {
            Move(ring, received, 100);
            Take(received, expected);
        }

        Assert.Empty(expected);
        Assert.True(refused > 1000);
    }

    [Fact]
    public void A_payload_that_never_fits_is_refused_and_one_that_just_fits_is_taken()
    {
        SendRing ring = new(1024);
        Assert.False(ring.TryClaim(1017, out _));
        Assert.True(ring.TryClaim(1016, out Span<byte> target));
        Assert.Equal(1016, target.Length);
        ring.Commit(PeerFrameKind.Message, 1016);
        Assert.False(ring.TryClaim(0, out _));
        Assert.Equal(1024, ring.Pending.Length);
    }

    [Fact]
    public void More_than_was_claimed_cannot_be_committed()
    {
        SendRing ring = new(1024);
        Assert.True(ring.TryClaim(10, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Commit(PeerFrameKind.Message, 11));
    }

    [Fact]
    public void What_was_forgotten_with_its_claim_is_not_sent()
    {
        SendRing ring = new(1024);
        Assert.True(ring.TryClaim(10, out _));
        ring.Clear();
        ring.Commit(PeerFrameKind.Message, 10);
        Assert.True(ring.IsEmpty);
    }

    private static void Move(SendRing ring, ReceiveBuffer received, int bytes)
    {
        Span<byte> space = received.Space;
        bytes = Math.Min(Math.Min(bytes, ring.Pending.Length), space.Length);
        ring.Pending[..bytes].CopyTo(space);
        ring.Consume(bytes);
        received.Add(bytes);
    }

    private static void Take(ReceiveBuffer received, Queue<byte[]> expected)
    {
        while (PeerFrameDescriptor.Read(received.Unread, 1024, out PeerFrameKind kind, out ReadOnlySpan<byte> payload, out int consumed) is PeerFrameStatus status && status != PeerFrameStatus.Incomplete)
        {
            Assert.Equal(PeerFrameStatus.Frame, status);
            Assert.Equal(PeerFrameKind.Message, kind);
            Assert.True(payload.SequenceEqual(expected.Dequeue()));
            received.Consume(consumed);
        }
    }
}
