using System.Net;
using Exchange.Cluster.Peers;
using Exchange.Host.Client;

namespace Exchange.Host.Tests.Client;

public sealed class HostAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:9880")]
    [InlineData("box-a:9880")]
    [InlineData("[::1]:9880")]
    public void An_address_reads_as_it_is_written(string text)
    {
        EndPoint address = HostAddress.Parse(text);
        Assert.Equal(text, HostAddress.Format(address));
        Assert.Equal(9880, HostAddress.PortOf(text));
        Assert.True(PeerAddress.TryParse(text, out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("9880")]
    [InlineData("box:0")]
    [InlineData("box:65536")]
    [InlineData("::1:9880")]
    [InlineData("[box]:9880")]
    [InlineData("a b:9880")]
    public void What_cluster_yaml_would_not_take_is_no_address_here_either(string text)
    {
        Assert.False(PeerAddress.TryParse(text, out _, out _));
        HostException error = Assert.Throws<HostException>(() => HostAddress.Parse(text));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.Contains("HOST:PORT", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_are_separated_by_commas() =>
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 1), new DnsEndPoint("b", 2), new DnsEndPoint("c", 3)], HostAddress.ParseList(["127.0.0.1:1, b:2", "c:3,"]));
}
