using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Tests.Consensus;

public sealed class ConfigurationCodecTests
{
    private static readonly ClusterConfiguration s_sample = new(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
    [
        new ClusterMember(1, MemberKind.Engine, true, 0, "127.0.0.1:7001", "127.0.0.1:9001"),
        new ClusterMember(2, MemberKind.Engine, false, 1, "box-b:7001", "börse:9001"),
        new ClusterMember(255, MemberKind.Witness, true, int.MaxValue, "[::1]:7001", ""),
    ]);

    [Fact]
    public void What_is_written_is_read_again()
    {
        byte[] bytes = ConfigurationCodec.Encode(s_sample);
        Assert.True(ConfigurationCodec.TryDecode(bytes, out ClusterConfiguration? read));
        Assert.Equal(s_sample.ClusterId, read.ClusterId);
        Assert.Equal(s_sample.Members, read.Members);
        Assert.Equal(bytes, ConfigurationCodec.Encode(read));
    }

    [Fact]
    public void The_layout_is_that_of_existing_logs() => Assert.Equal(
        "01010000" + "33221100554477668899AABBCCDDEEFF" + "01010100" + "05000000" + "0100" + "0200" + "61" + "6263",
        Convert.ToHexString(ConfigurationCodec.Encode(new ClusterConfiguration(s_sample.ClusterId, [new ClusterMember(1, MemberKind.Engine, true, 5, "a", "bc")]))));

    [Fact]
    public void Bytes_that_are_cut_prolonged_or_altered_give_a_configuration_or_nothing()
    {
        byte[] bytes = ConfigurationCodec.Encode(s_sample);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(ConfigurationCodec.TryDecode(bytes.AsSpan(0, length), out _));
        }

        Assert.False(ConfigurationCodec.TryDecode([.. bytes, 0], out _));
        for (int place = 0; place < bytes.Length; place++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] altered = [.. bytes];
                altered[place] = (byte)value;
                if (ConfigurationCodec.TryDecode(altered, out ClusterConfiguration? read))
                {
                    Assert.Equal(altered, ConfigurationCodec.Encode(read));
                }
            }
        }
    }
}
