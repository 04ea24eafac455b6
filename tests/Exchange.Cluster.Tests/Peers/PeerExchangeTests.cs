using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Tests.Peers;

/// <summary>A member was away while others were exchanged: it goes by an old list, and must yet be reached by those who could tell it.</summary>
public sealed class PeerExchangeTests
{
    [Theory]
    [InlineData(3, 1, 2, 4, 5)]
    [InlineData(5, 1, 2, 3, 4)]
    [InlineData(3, 1, 5, 2, 4)]
    public void A_member_with_an_old_list_is_reached_by_those_it_does_not_know(int away, int old1, int old2, int new1, int new2)
    {
        using PeerNode late = new(away);
        using PeerNode c = new(new1);
        using PeerNode d = new(new2);
        ClusterConfiguration now = Of(c.Member, d.Member, late.Member);
        late.Transport.SetMembers(Of(Gone(old1), Gone(old2), late.Member));
        c.Transport.SetMembers(now);
        d.Transport.SetMembers(now);
        PeerCluster.Until(() => late.Transport.IsConnected(new1) && late.Transport.IsConnected(new2), late, c, d);
        PeerCluster.Until(() => c.TrySend(away, [1, 0]) && late.TrySend(new1, [2, 0]), late, c, d);
        PeerCluster.Until(() => late.Messages.Count == 1 && c.Messages.Count == 1, late, c, d);

        // By the entries that come so it learns who belongs, one change after the other; the connections stay.
        late.Transport.SetMembers(Of(Gone(old2), c.Member, late.Member));
        PeerCluster.Turn(late, c, d);
        late.Transport.SetMembers(now);
        PeerCluster.Until(() => d.TrySend(away, [1, 0]), late, c, d);
        PeerCluster.Until(() => late.Messages.Count == 2, late, c, d);
        Assert.DoesNotContain(late.Story, static line => line.StartsWith('-'));
    }

    [Fact]
    public void A_member_with_a_lower_id_dials_one_that_has_its_old_address()
    {
        using PeerNode moved = new(1);
        using PeerNode late = new(2);
        late.Transport.SetMembers(Of(Gone(1), late.Member));
        moved.Transport.SetMembers(Of(moved.Member, late.Member));
        PeerCluster.Until(() => late.Transport.IsConnected(1) && moved.Transport.IsConnected(2), late, moved);
    }

    [Fact]
    public void A_stranger_with_the_key_does_not_become_a_member_by_coming()
    {
        using PeerNode a = new(1);
        using PeerNode b = new(2);
        using PeerNode guest = new(3);
        guest.Transport.SetMembers(Of(a.Member, b.Member, guest.Member));
        PeerCluster.Connect(a, b);
        PeerCluster.Until(() => a.Transport.IsConnected(3), a, b, guest);
        guest.Dispose();
        PeerCluster.Until(() => a.Story.Contains("-3 gone"), a, b);
        a.Transport.SetMembers(Of(a.Member, b.Member));
        PeerCluster.Turn(a, b);
        Assert.True(a.Transport.IsConnected(2));
        Assert.DoesNotContain(a.Lines, static line => line.Contains("member 3 cannot", StringComparison.Ordinal));
    }

    // Nobody listens at the discard port.
    private static ClusterMember Gone(int id) => new(id, MemberKind.Engine, true, 0, "127.0.0.1:9", string.Empty);

    private static ClusterConfiguration Of(params ClusterMember[] members) => new(PeerNode.ClusterId, members.OrderBy(static member => member.Id));
}
