using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Peers;

/// <summary>Two that know the key but do not fit refuse each other; both logs name both values, once.</summary>
public sealed class PeerRefusalTests
{
    private static readonly Guid Other = new("99999999-0000-0000-0000-000000000009");
    private static readonly Guid History = new("aaaaaaaa-0000-0000-0000-00000000000a");

    [Theory]
    [InlineData("cluster id", "11111111-2222-3333-4444-555555555555", "99999999-0000-0000-0000-000000000009")]
    [InlineData("history id", "aaaaaaaa-0000-0000-0000-00000000000a", "99999999-0000-0000-0000-000000000009")]
    [InlineData("protocol version", "member 1 has 1 (release 1.0)", "member 2 has 7 (release 2.0)")]
    [InlineData("segment size", "member 1 has 1048576 bytes", "member 2 has 4096 bytes")]
    [InlineData("kind", "as engine", "as witness")]
    public void What_does_not_fit_is_named_with_both_values(string what, string first, string second)
    {
        using PeerNode a = new(1, change: identity => what == "history id" ? identity with { HistoryId = History } : identity);
        using PeerNode b = new(2, change: identity => what switch
        {
            "cluster id" => identity with { ClusterId = Other },
            "history id" => identity with { HistoryId = Other },
            "protocol version" => identity with { ProtocolVersion = 7, Release = "2.0" },
            "segment size" => identity with { SegmentBytes = 4096 },
            _ => identity with { Kind = MemberKind.Witness },
        });
        PeerCluster.Introduce(a, b);
        AssertRefused(what, a, b, first, second);
    }

    [Fact]
    public void A_blank_history_fits_every_history()
    {
        using PeerNode a = new(1);
        using PeerNode b = new(2, change: static identity => identity with { HistoryId = History });
        PeerCluster.Connect(a, b);
    }

    [Fact]
    public void A_history_that_came_later_counts_in_the_next_handshake()
    {
        using PeerNode a = new(1);
        PeerNode b = new(2);
        PeerCluster.Connect(a, b);
        a.Transport.HistoryId = History;
        b.Dispose();
        PeerCluster.Until(() => a.Story.Count == 2, a);
        using PeerNode next = new(2, change: static identity => identity with { HistoryId = Other });
        PeerCluster.Introduce(a, next);
        AssertRefused("history id", a, next, History.ToString(), Other.ToString());
    }

    [Fact]
    public void A_different_key_is_named_by_its_mark()
    {
        using PeerNode a = new(1);
        using PeerNode b = new(2, key: [.. PeerCluster.Key.Reverse()]);
        PeerCluster.Introduce(a, b);
        AssertRefused("cluster key", a, b, new PeerHandshake(PeerCluster.Key).KeyMark, new PeerHandshake([.. PeerCluster.Key.Reverse()]).KeyMark);
    }

    [Fact]
    public void A_member_that_was_removed_from_the_configuration_is_refused()
    {
        using PeerNode a = new(1);
        using PeerNode b = new(2);
        using PeerNode c = new(3);
        PeerCluster.Connect(a, b, c);
        a.Transport.SetMembers(new ClusterConfiguration(PeerNode.ClusterId, [a.Member, b.Member]));
        AssertRefused("member id", a, c, "member 1 knows the members 1, 2", "not member 3");
        Assert.Single(a.Story, "+3");
    }

    [Fact]
    public void Both_sides_with_the_same_id_refuse_each_other()
    {
        using PeerNode a = new(2);
        using PeerNode b = new(2);
        a.Transport.SetMembers(new ClusterConfiguration(PeerNode.ClusterId, [new ClusterMember(1, MemberKind.Engine, true, 0, b.Address, ""), a.Member]));
        b.Transport.SetMembers(new ClusterConfiguration(PeerNode.ClusterId, [b.Member]));
        PeerCluster.Until(() => Says(a, "both sides say that they are member 2") && Says(b, "both sides say that they are member 2"), a, b);
        Assert.Empty(a.Story);
        Assert.Empty(b.Story);
    }

    [Fact]
    public void A_second_process_with_a_members_id_is_refused_as_long_as_the_first_lives()
    {
        using PeerNode a = new(1);
        using PeerNode first = new(2);
        PeerCluster.Connect(a, first);
        using PeerNode second = new(2);
        second.Transport.SetMembers(new ClusterConfiguration(PeerNode.ClusterId, [a.Member, second.Member]));
        PeerCluster.Until(() => Says(second, "member 2 is connected already from 127.0.0.1") && Says(a, "two members have the same id"), a, first, second);
        Assert.Equal(["+2"], a.Story);
        Assert.Empty(second.Story);

        // The first is silent for longer than a living process is: the second is what is left of member 2.
        a.SkewNs += 3_000_000_000;
        PeerCluster.Until(() => a.Story.Count == 3 && second.Story.Count == 1, a, second);
        Assert.Equal(["+2", "-2", "+2"], a.Story);
    }

    [Fact]
    public void Another_member_at_the_address_is_refused()
    {
        using PeerNode a = new(1);
        using PeerNode b = new(2);
        using PeerNode c = new(3);
        b.Transport.SetMembers(new ClusterConfiguration(PeerNode.ClusterId, [a.Member, b.Member, c.Member]));
        c.Transport.SetMembers(new ClusterConfiguration(PeerNode.ClusterId, [a.Member with { PeerAddress = b.Address }, b.Member with { PeerAddress = a.Address }, c.Member]));
        PeerCluster.Until(() => Says(c, "member 3 dialled member 1, member 2 answers at that address") && Says(b, "member 3 dialled member 1, member 2 answers at that address"), a, b, c);
        Assert.DoesNotContain("+1", c.Story);
    }

    private static void AssertRefused(string what, PeerNode a, PeerNode b, string first, string second)
    {
        (int toldA, int toldB) = (a.Story.Count, b.Story.Count);
        foreach (PeerNode node in new[] { a, b })
        {
            PeerCluster.Until(() => Says(node, what), a, b);
            string line = node.Lines.Last(line => line.Contains(what, StringComparison.Ordinal));
            Assert.Contains(first, line, StringComparison.Ordinal);
            Assert.Contains(second, line, StringComparison.Ordinal);
        }

        // Refused again and again, said once.
        long before = a.Transport.RefusedConnections + a.Transport.ForeignConnections;
        PeerCluster.Until(() => a.Transport.RefusedConnections + a.Transport.ForeignConnections >= before + 3, a, b);
        Assert.Single(a.Lines, line => line.Contains(what, StringComparison.Ordinal));
        Assert.Single(b.Lines, line => line.Contains(what, StringComparison.Ordinal));
        Assert.DoesNotContain($"+{b.Id}", a.Story.Skip(toldA));
        Assert.DoesNotContain($"+{a.Id}", b.Story.Skip(toldB));
    }

    private static bool Says(PeerNode node, string text) => node.Lines.Exists(line => line.Contains(text, StringComparison.Ordinal));
}
