using System.Buffers.Binary;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Peers;

public sealed class PeerFrameDescriptorTests
{
    [Fact]
    public void The_layout_is_a_contract()
    {
        byte[] frame = [0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 1, 2, 3, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE];
        PeerFrameDescriptor.Seal(frame, PeerFrameKind.Message, 3);
        Assert.Equal(0x0100_0003U, BinaryPrimitives.ReadUInt32LittleEndian(frame));
        Assert.Equal(0x4F2A_E4E9U, BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(4)));
        Assert.Equal([1, 2, 3, 0, 0, 0, 0, 0], frame[8..]);
    }

    [Fact]
    public void No_single_bit_can_change_unnoticed()
    {
        byte[] frame = new byte[PeerFrameDescriptor.FrameBytes(53)];
        new Random(1).NextBytes(frame);
        PeerFrameDescriptor.Seal(frame, PeerFrameKind.Message, 53);
        Assert.Equal(PeerFrameStatus.Frame, Read(frame));
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(PeerFrameStatus.Frame, Read(frame));
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_part_of_a_frame_is_waited_for_and_a_length_beyond_the_limit_is_not()
    {
        byte[] frame = new byte[PeerFrameDescriptor.FrameBytes(100)];
        PeerFrameDescriptor.Seal(frame, PeerFrameKind.Message, 100);
        for (int length = 0; length < frame.Length; length++)
        {
            Assert.Equal(PeerFrameStatus.Incomplete, Read(frame.AsSpan(0, length)));
        }

        Assert.Equal(PeerFrameStatus.Malformed, PeerFrameDescriptor.Read(frame.AsSpan(0, 8), 99, out _, out _, out _));
    }

    [Fact]
    public void Random_bytes_are_never_a_frame()
    {
        Random random = new(7);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(bytes);
            Assert.NotEqual(PeerFrameStatus.Frame, Read(bytes));
        }
    }

    private static PeerFrameStatus Read(ReadOnlySpan<byte> bytes) => PeerFrameDescriptor.Read(bytes, 1 << 10, out _, out _, out _);
}
