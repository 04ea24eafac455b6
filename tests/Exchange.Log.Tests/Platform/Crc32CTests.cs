using System.Text;
using Exchange.Log.Platform;

namespace Exchange.Log.Tests.Platform;

public sealed class Crc32CTests
{
    [Fact]
    public void The_check_value_of_the_standard_is_met() => Assert.Equal(0xE3069283U, Crc32C.Of(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Every_length_and_alignment_gives_what_the_plain_definition_gives()
    {
        byte[] bytes = new byte[8192];
        new Random(20261121).NextBytes(bytes);
        for (int offset = 0; offset < 9; offset++)
        {
            for (int length = 0; length < 1500; length++)
            {
                ReadOnlySpan<byte> part = bytes.AsSpan(offset, length);
                Assert.Equal(Bitwise(part), Crc32C.Of(part));
            }
        }

        foreach (int length in (int[])[3071, 3072, 3073, 6143, 6144, 6200, 8192])
        {
            Assert.Equal(Bitwise(bytes.AsSpan(0, length)), Crc32C.Of(bytes.AsSpan(0, length)));
        }
    }

    private static uint Bitwise(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }
}
