namespace Exchange.Cluster.Tests.Consensus;

public sealed class RaftNodeTests
{
    [Fact]
    public void Three_members_elect_one_leader_and_prefer_the_first_by_priority()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember leader = cluster.Elect();
        Assert.Equal(1, leader.Id);
        cluster.Run(100);
        Assert.All(cluster.Members, member => Assert.Equal(leader.Id, member.Raft.LeaderId));
        Assert.True(leader.Raft.AcceptsIngress);
        Assert.False(cluster[2].Raft.AcceptsIngress);
    }

    [Fact]
    public void A_member_alone_leads_at_once_and_commits_by_itself()
    {
        using TestCluster cluster = new TestCluster(members: 1).StartAll();
        cluster.Run(1);
        Assert.True(cluster[1].Raft.IsLeader);
        cluster.Run(1);
        Assert.True(cluster[1].Raft.AcceptsIngress);
        cluster.Replicate(10);
    }

    [Fact]
    public void Entries_reach_every_log_at_equal_positions_over_several_segments()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        for (int round = 0; round < 30; round++)
        {
            cluster.Replicate(entries: 50, length: 3000 + (round * 7));
        }

        Assert.True(cluster[1].Log.AppendPosition > 4 << 20);
        Assert.All(cluster.Members, member => Assert.Equal(cluster[1].Log.AppendPosition, member.Log.AppendPosition));
        Assert.Equal(1501, cluster.Committed.Count);
    }

    [Fact]
    public void An_entry_longer_than_a_batch_is_sent_alone()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        cluster.Replicate(entries: 3, length: 200_000);
    }

    [Fact]
    public void Nothing_commits_without_a_majority()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember leader = cluster.Elect();
        cluster.Run(50);
        cluster.Network.Isolate(leader.Id);
        long commit = leader.Raft.CommitPosition;
        leader.Append(100, 1);
        cluster.Run(100);
        Assert.Equal(commit, leader.Raft.CommitPosition);
    }

    [Fact]
    public void With_fsync_a_follower_acknowledges_only_what_is_flushed()
    {
        using TestCluster cluster = new() { Durability = Durability.Fsync };
        cluster.StartAll();
        TestMember leader = cluster.Elect();
        cluster.Run(50);
        cluster.FlushesAtOnce = false;
        long commit = leader.Raft.CommitPosition;
        long end = leader.Append(100, 1);
        cluster.Run(100);
        Assert.Equal(end, cluster[2].Log.AppendPosition);
        Assert.Equal(commit, leader.Raft.CommitPosition);
        cluster[2].Log.Flush();
        cluster.Run(10);
        Assert.Equal(commit, leader.Raft.CommitPosition);
        cluster[3].Log.Flush();
        cluster.Run(10);
        Assert.Equal(end, leader.Raft.CommitPosition);
    }

    [Fact]
    public void A_new_leader_cuts_what_the_old_one_could_not_commit()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember old = cluster.Elect();
        cluster.Replicate(10);
        cluster.Network.Isolate(old.Id);
        for (int entry = 0; entry < 20; entry++)
        {
            old.Append(100, 1000 + entry);
        }

        cluster.RunUntil(() => cluster.Members.Exists(member => member != old && member.IsLeader), "another leader");
        cluster.RunUntil(() => !old.IsLeader, "the isolated leader resigns");
        TestMember leader = cluster.Elect();
        leader.Append(100, 7);
        cluster.Run(50);
        cluster.Network.Heal();
        cluster.Replicate(5);
        Assert.Equal(1, old.Truncations);
        Assert.Equal(leader.Log.AppendPosition, old.Log.AppendPosition);
        Assert.Single(old.Losses);
    }

    [Fact]
    public void A_killed_leader_is_replaced_within_some_tens_of_milliseconds_and_comes_back_as_a_follower()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember old = cluster.Elect();
        cluster.Replicate(10);
        cluster.Kill(old);
        long killedNs = cluster.Network.NowNs;
        cluster.RunUntil(() => cluster.Leader is { } leader && leader.Raft.AcceptsIngress, "another leader serves");
        Assert.InRange(cluster.Network.NowNs - killedNs, 0, 60 * TestCluster.Millisecond);
        cluster.Replicate(10);
        old.Start();
        cluster.ConnectAll();
        cluster.Replicate(10);
        Assert.False(old.IsLeader);
    }

    [Fact]
    public void All_restart_and_nothing_is_lost()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        cluster.Replicate(100);
        long end = cluster.Committed.End;
        long term = cluster[1].Raft.Term;
        foreach (TestMember member in cluster.Members)
        {
            cluster.Kill(member);
        }

        cluster.StartAll();
        cluster.Replicate(1);
        Assert.True(cluster.Committed.End > end);
        Assert.True(cluster[1].Raft.Term > term);
    }
}
