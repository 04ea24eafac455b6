using System.Text.Json;
using Exchange.Cluster.Admin;
using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Tests.Admin;

public sealed class MemberRequestsTests
{
    private static readonly ClusterConfiguration _now = new(Guid.NewGuid(), [new ClusterMember(1, MemberKind.Engine, true, 0, "a:1", "a:2")]);

    [Theory]
    [InlineData("engine", "::1:9100", "b:2")]
    [InlineData("engine", "b:0", "b:2")]
    [InlineData("engine", "", "b:2")]
    [InlineData("engine", "b:1", "")]
    [InlineData("engine", "b:1", "b:65536")]
    [InlineData("witness", "b", "")]
    [InlineData("witness", "b:1", "b:2")]
    public void An_address_that_no_file_can_hold_is_refused(string kind, string peer, string fix) =>
        Assert.Contains("HOST:PORT", Assert.Throws<ArgumentException>(() => Add(kind, peer, fix)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("engine", "[::1]:9100", "box-b:9000")]
    [InlineData("witness", "10.0.0.2:9100", "")]
    public void A_new_member_learns_first(string kind, string peer, string fix)
    {
        Assert.True(Add(kind, peer, fix).TryFind(2, out ClusterMember? added));
        Assert.Equal((false, peer, fix), (added.IsVoter, added.PeerAddress, added.FixAddress));
    }

    private static ClusterConfiguration Add(string kind, string peer, string fix)
    {
        using JsonDocument request = JsonDocument.Parse(JsonSerializer.Serialize(new { id = 2, kind, peer, fix }));
        return MemberRequests.Add(_now, request.RootElement);
    }
}
