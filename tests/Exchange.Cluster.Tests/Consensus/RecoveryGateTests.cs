using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Tests.Consensus;

public sealed class RecoveryGateTests
{
    [Fact]
    public void A_member_with_an_empty_disk_is_brought_back_and_only_then_votes()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        cluster.Replicate(20);
        cluster.Kill(cluster[2]);
        cluster[2].StartBlank();
        cluster.ConnectAll();
        TestMember leader = cluster.Elect();
        cluster.RunUntil(() => leader.Raft.TryGetProgress(2, out FollowerProgress progress) && progress is { IsRecovering: true } && progress.Match == leader.Log.AppendPosition, "it has everything", 100);
        Assert.True(leader.Raft.TryGetProgress(2, out FollowerProgress known) && known.IsRecovering);
        Assert.True(cluster[2].Raft.IsRecovering);
        cluster.RunUntil(() => !cluster[2].Raft.IsRecovering, "it is confirmed");
        Assert.Equal(leader.Log.AppendPosition, cluster[2].Log.AppendPosition);
        cluster.Kill(leader);
        cluster.Replicate(5);
    }

    [Fact]
    public void While_it_recovers_nothing_is_committed_by_its_help()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        cluster.Replicate(5);
        TestMember leader = cluster.Elect();
        cluster.Kill(cluster[2]);
        cluster.Kill(cluster[3]);
        cluster[2].StartBlank();
        cluster.ConnectAll();
        long commit = leader.Raft.CommitPosition;
        leader.Append(100, 1);
        cluster.Run(150);
        Assert.Equal(commit, leader.Raft.CommitPosition);
        Assert.Equal(leader.Log.AppendPosition, cluster[2].Log.AppendPosition);
        cluster.Run(3000);
        Assert.True(cluster[2].Raft.IsRecovering);
        Assert.Equal(0, cluster[2].Raft.Counters.VotesGranted);
        Assert.Equal(commit, leader.Raft.CommitPosition);
        cluster[3].Start();
        cluster.ConnectAll();
        cluster.Replicate(5);
    }

    [Fact]
    public void What_it_acknowledged_before_it_was_confirmed_is_committed_without_another_entry()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        (TestMember leader, TestMember recovering, TestMember third) = cluster.LoseADisk();
        long before = leader.Raft.CommitPosition;
        cluster.RunUntil(() => leader.Raft.CommitPosition > before && recovering.Log.AppendPosition == leader.Log.AppendPosition, "an entry behind its return is committed");
        Assert.True(recovering.Raft.IsRecovering);
        cluster.Kill(third);
        long end = leader.Append(100, 1);
        cluster.RunUntil(() => leader.Raft.TryGetProgress(recovering.Id, out FollowerProgress progress) && progress.Acked == end, "it has acknowledged the last entry");
        Assert.True(recovering.Raft.IsRecovering);
        Assert.True(leader.Raft.CommitPosition < end);
        cluster.RunUntil(() => leader.Raft.CommitPosition == end, "it is confirmed, and so the entry is committed");
        Assert.Equal(end, leader.Log.AppendPosition);
    }

    [Fact]
    public void A_cluster_of_one_has_nobody_to_ask()
    {
        using TestCluster cluster = new(members: 1);
        cluster[1].Votes.Save(new VoteState(3, VotedFor: 1, IsRecovering: true));
        cluster.StartAll();
        cluster.Replicate(1);
        Assert.False(cluster[1].Raft.IsRecovering);
    }

    [Fact]
    public void One_that_believes_to_be_the_only_voter_but_did_not_lead_the_newest_term_waits_to_be_told()
    {
        // As after a lost disk, when the snapshot that another sent is of a time when this member was the cluster.
        using TestCluster cluster = new(members: 1);
        cluster[1].Votes.Save(new VoteState(3, VotedFor: 0, IsRecovering: true));
        cluster.StartAll();
        cluster.Run(3000);
        Assert.True(cluster[1].Raft.IsRecovering);
        Assert.False(cluster[1].Raft.IsLeader);
        Assert.Equal(3, cluster[1].Raft.Term);
    }

    [Fact]
    public void A_member_that_needs_what_the_log_has_no_more_is_known_to_need_a_snapshot_and_goes_on_behind_its_snapshot()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        for (int round = 0; round < 10; round++)
        {
            cluster.Replicate(entries: 40, length: 10_000);
        }

        TestMember leader = cluster.Elect();
        cluster.Kill(cluster[3]);
        leader.Log.DeleteBefore(leader.Raft.CommitPosition);
        Assert.True(leader.Log.StartPosition > 0);
        cluster[3].StartBlank();
        cluster.ConnectAll();
        cluster.Run(300);
        Assert.True(leader.Raft.TryGetProgress(3, out FollowerProgress progress) && progress.NeedsSnapshot);
        Assert.Equal(0, cluster[3].Log.AppendPosition);
        cluster.Kill(cluster[3]);
        cluster.StartPositions[3] = leader.Raft.CommitPosition;
        cluster[3].StartBlank();
        cluster.ConnectAll();
        cluster.Replicate(5);
        cluster.RunUntil(() => !cluster[3].Raft.IsRecovering, "it is confirmed");
        Assert.True(leader.Raft.TryGetProgress(3, out progress) && !progress.NeedsSnapshot);
    }
}
