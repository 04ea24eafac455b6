namespace Exchange.Cluster.Tests.Consensus;

public sealed class TransferTests
{
    [Fact]
    public void Leadership_is_handed_over_within_some_milliseconds_and_meanwhile_no_command_is_taken()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        cluster.Replicate(10);
        TestMember old = cluster.Elect();
        long end = old.Append(100, 1);
        Assert.True(old.Raft.TryTransfer(2, out _));
        Assert.False(old.Raft.AcceptsIngress);
        Assert.True(old.Raft.IsTransferring);
        cluster.RunUntil(() => cluster[2].Raft.AcceptsIngress, "member 2 serves", 10);
        Assert.False(old.Raft.IsTransferring);
        Assert.True(cluster[2].Raft.CommitPosition >= end);
        Assert.Equal(1, old.Raft.Counters.Transfers);
        cluster.Run(500);
        Assert.True(cluster[2].IsLeader);
    }

    [Fact]
    public void A_transfer_that_does_not_succeed_is_given_up_and_the_leader_goes_on()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember leader = cluster.Elect();
        cluster.Run(100);
        Assert.True(leader.Raft.TryTransfer(3, out _));
        cluster.Network.Isolate(3);
        leader.Append(100, 1);
        cluster.Run(510);
        Assert.False(leader.Raft.IsTransferring);
        Assert.True(leader.Raft.AcceptsIngress);
        Assert.True(leader.IsLeader);
    }

    [Fact]
    public void A_member_that_may_not_lead_does_not_take_over()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember leader = cluster.Elect();
        cluster.Run(100);
        cluster[2].LeadRefusal = "no disk";
        Assert.True(leader.Raft.TryTransfer(2, out _));
        cluster.Run(600);
        Assert.True(leader.Raft.AcceptsIngress);
    }

    [Fact]
    public void A_transfer_is_refused_to_whom_it_cannot_go()
    {
        using TestCluster cluster = new TestCluster(members: 3, seed: 1, witnesses: [3]).StartAll();
        TestMember leader = cluster.Elect();
        cluster.Run(100);
        Assert.False(leader.Raft.TryTransfer(3, out string refusal));
        Assert.Contains("not an engine", refusal, StringComparison.Ordinal);
        Assert.False(leader.Raft.TryTransfer(leader.Id, out refusal));
        Assert.Contains("leads already", refusal, StringComparison.Ordinal);
        Assert.False(leader.Raft.TryTransfer(9, out _));
        Assert.False(cluster[2].Raft.TryTransfer(2, out refusal));
        Assert.Contains("does not lead", refusal, StringComparison.Ordinal);
        cluster.Kill(cluster[2]);
        Assert.False(leader.Raft.TryTransfer(2, out refusal));
        Assert.Contains("not connected", refusal, StringComparison.Ordinal);
    }
}
