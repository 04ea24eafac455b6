using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Peers;

public sealed class PeerHandshakeTests
{
    private static readonly byte[] OtherKey = [.. PeerCluster.Key.Select(static b => (byte)~b)];

    [Theory]
    [InlineData((byte)PeerRole.Member)]
    [InlineData((byte)PeerRole.Operator)]
    public void Two_sides_with_the_same_key_know_each_other_after_five_frames(byte role)
    {
        HandshakeSide dialler = new(2, PeerCluster.Key, 1, (PeerRole)role);
        HandshakeSide acceptor = new(1, PeerCluster.Key, 2, null);
        Assert.Equal(5, HandshakeSide.Converse(dialler, acceptor).Count);
        Assert.Equal(PeerHandshakeStatus.Connected, dialler.Status);
        Assert.Equal(PeerHandshakeStatus.Connected, acceptor.Status);
        Assert.Equal(1, dialler.Handshake.Other.MemberId);
        Assert.Equal("release-1", dialler.Handshake.Other.Release);
        Assert.Equal(2, acceptor.Handshake.Other.MemberId);
        Assert.Equal(new Guid(2, 0, 0, new byte[8]), acceptor.Handshake.OtherLife);
        Assert.Equal((PeerRole)role, acceptor.Handshake.Role);
    }

    [Fact]
    public void Different_keys_are_named_by_their_marks_on_both_sides_and_nobody_says_who_it_is()
    {
        HandshakeSide dialler = new(2, OtherKey, 1, PeerRole.Member);
        HandshakeSide acceptor = new(1, PeerCluster.Key, 2, null);
        Assert.Equal(2, HandshakeSide.Converse(dialler, acceptor).Count);
        Assert.Equal(PeerHandshakeStatus.Foreign, dialler.Status);
        Assert.Equal(PeerHandshakeStatus.Foreign, acceptor.Status);
        foreach (HandshakeSide side in new[] { dialler, acceptor })
        {
            Assert.Contains(dialler.Handshake.KeyMark, side.Handshake.Reason, StringComparison.Ordinal);
            Assert.Contains(acceptor.Handshake.KeyMark, side.Handshake.Reason, StringComparison.Ordinal);
            Assert.Equal(0, side.Judged);
        }
    }

    [Fact]
    public void Knowing_the_mark_of_a_key_is_not_knowing_the_key()
    {
        // The dialler has another key, but says the right mark, which it has seen on the wire.
        HandshakeSide dialler = new(2, OtherKey, 1, PeerRole.Member);
        HandshakeSide acceptor = new(1, PeerCluster.Key, 2, null);
        byte[] right = Convert.FromHexString(acceptor.Handshake.KeyMark);
        byte[] wrong = Convert.FromHexString(dialler.Handshake.KeyMark);
        _ = HandshakeSide.Converse(dialler, acceptor, (step, frame) =>
        {
            (step == 0 ? right : wrong).CopyTo(frame, PeerFrameDescriptor.HeaderBytes + 8);
            PeerFrameDescriptor.Seal(frame, PeerFrameKind.Handshake, 48);
            return frame;
        });
        Assert.Equal(PeerHandshakeStatus.Foreign, acceptor.Status);
        Assert.Equal(0, acceptor.Judged);
        Assert.Equal(0, acceptor.Handshake.Other.MemberId);
    }

    [Fact]
    public void A_recorded_dialler_is_nobody_to_another_connection()
    {
        HandshakeSide dialler = new(2, PeerCluster.Key, 1, PeerRole.Member);
        List<byte[]> recorded = HandshakeSide.Converse(dialler, new HandshakeSide(1, PeerCluster.Key, 2, null));
        HandshakeSide acceptor = new(1, PeerCluster.Key, 3, null);
        acceptor.Receive(recorded[0]);
        acceptor.Receive(recorded[2]);
        acceptor.Receive(recorded[4]);
        Assert.Equal(PeerHandshakeStatus.Foreign, acceptor.Status);
    }

    [Fact]
    public void A_recorded_acceptor_is_nobody_to_another_connection()
    {
        HandshakeSide first = new(2, PeerCluster.Key, 1, PeerRole.Member);
        List<byte[]> recorded = HandshakeSide.Converse(first, new HandshakeSide(1, PeerCluster.Key, 2, null));
        HandshakeSide dialler = new(2, PeerCluster.Key, 3, PeerRole.Member);
        dialler.Receive(recorded[1]);
        dialler.Receive(recorded[3]);
        Assert.Equal(PeerHandshakeStatus.Foreign, dialler.Status);
    }

    [Fact]
    public void What_a_side_said_is_worth_nothing_when_it_comes_back_to_it()
    {
        HandshakeSide dialler = new(2, PeerCluster.Key, 1, PeerRole.Member);
        List<byte[]> own = dialler.TakeFrames();
        dialler.Receive(own[0]);
        Assert.Equal(PeerHandshakeStatus.Foreign, dialler.Status);

        HandshakeSide other = new(2, PeerCluster.Key, 1, PeerRole.Member);
        HandshakeSide acceptor = new(1, PeerCluster.Key, 2, null);
        acceptor.Receive(other.TakeFrames()[0]);
        acceptor.Receive(acceptor.TakeFrames()[0]);
        Assert.Equal(PeerHandshakeStatus.Foreign, acceptor.Status);
    }

    [Fact]
    public void A_refusal_reaches_the_other_side_in_either_direction()
    {
        HandshakeSide dialler = new(2, PeerCluster.Key, 1, PeerRole.Member) { Verdict = "the dialler does not like it" };
        HandshakeSide acceptor = new(1, PeerCluster.Key, 2, null);
        _ = HandshakeSide.Converse(dialler, acceptor);
        AssertRefused("the dialler does not like it", dialler, acceptor);

        dialler = new(2, PeerCluster.Key, 1, PeerRole.Member);
        acceptor = new(1, PeerCluster.Key, 2, null) { Verdict = "the acceptor does not like it" };
        _ = HandshakeSide.Converse(dialler, acceptor);
        AssertRefused("the acceptor does not like it", acceptor, dialler);

        static void AssertRefused(string reason, HandshakeSide by, HandshakeSide other)
        {
            Assert.Equal(PeerHandshakeStatus.Refused, by.Status);
            Assert.Equal(PeerHandshakeStatus.Refused, other.Status);
            Assert.Equal(reason, by.Handshake.Reason);
            Assert.Equal(reason, other.Handshake.Reason);
            Assert.False(by.Handshake.IsRefusedByOther);
            Assert.True(other.Handshake.IsRefusedByOther);
        }
    }

    [Fact]
    public void Whatever_is_changed_on_the_way_the_side_that_receives_it_does_not_connect()
    {
        Random random = new(11);
        for (int step = 0; step < 5; step++)
        {
            for (int i = 0; i < 400; i++)
            {
                HandshakeSide dialler = new(2, PeerCluster.Key, 1, PeerRole.Member);
                HandshakeSide acceptor = new(1, PeerCluster.Key, 2, null);
                int changed = step;
                _ = HandshakeSide.Converse(dialler, acceptor, (at, frame) => at == changed ? Damage(random, frame) : frame);
                HandshakeSide receiver = step % 2 == 0 ? acceptor : dialler;
                Assert.NotEqual(PeerHandshakeStatus.Connected, receiver.Status);
            }
        }
    }

    [Fact]
    public void Other_versions_are_named_with_both_values()
    {
        HandshakeSide dialler = new(2, PeerCluster.Key, 1, PeerRole.Member);
        HandshakeSide acceptor = new(1, PeerCluster.Key, 2, null);
        _ = HandshakeSide.Converse(dialler, acceptor, static (_, frame) =>
        {
            frame[PeerFrameDescriptor.HeaderBytes + 1] = 9;
            PeerFrameDescriptor.Seal(frame, PeerFrameKind.Handshake, 48);
            return frame;
        });
        Assert.Equal("handshake version: 1 here, 9 at the other side", acceptor.Handshake.Reason);
        Assert.Equal("handshake version: 1 here, 9 at the other side", dialler.Handshake.Reason);
    }

    [Fact]
    public void Texts_of_the_other_side_are_printable_whatever_it_sends()
    {
        HandshakeSide dialler = new(2, PeerCluster.Key, 1, PeerRole.Member);
        HandshakeSide acceptor = new(1, PeerCluster.Key, 2, null) { Verdict = "line one\nline two\u001b[31m" + new string('x', 1000) };
        _ = HandshakeSide.Converse(dialler, acceptor);
        Assert.StartsWith("line one?line two?[31mxxx", dialler.Handshake.Reason, StringComparison.Ordinal);
        Assert.Equal(PeerHandshake.ReasonBytesMax, dialler.Handshake.Reason.Length);
    }

    /// <summary>Changes a frame and seals it again, so that it is the handshake that must notice.</summary>
    private static byte[] Damage(Random random, byte[] frame)
    {
        int payload = frame[0] | (frame[1] << 8);
        byte[] damaged = [.. frame];
        switch (random.Next(3))
        {
            case 0:
                damaged[PeerFrameDescriptor.HeaderBytes + random.Next(payload)] ^= (byte)random.Next(1, 256);
                break;
            case 1:
                payload = random.Next(payload);
                break;
            default:
                random.NextBytes(damaged.AsSpan(PeerFrameDescriptor.HeaderBytes));
                break;
        }

        PeerFrameDescriptor.Seal(damaged, PeerFrameKind.Handshake, payload);
        return damaged[..PeerFrameDescriptor.FrameBytes(payload)];
    }
}
