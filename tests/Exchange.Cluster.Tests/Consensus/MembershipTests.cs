using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Tests.Consensus;

public sealed class MembershipTests
{
    [Fact]
    public void A_member_joins_as_a_learner_catches_up_and_then_votes()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        cluster.Replicate(entries: 300, length: 1000);
        TestMember leader = cluster.Elect();
        TestMember joining = cluster.AddMember(4);
        ClusterMember voter = TestCluster.Engine(4);
        Assert.False(leader.Raft.TryChange(leader.Raft.Configuration.With(voter), out string refusal));
        Assert.Contains("learner first", refusal, StringComparison.Ordinal);
        Assert.True(leader.Raft.TryChange(leader.Raft.Configuration.With(voter with { IsVoter = false }), out refusal), refusal);
        Assert.False(leader.Raft.TryChange(leader.Raft.Configuration.With(voter), out refusal));
        Assert.Contains("not committed yet", refusal, StringComparison.Ordinal);
        cluster.Replicate(1);
        Assert.Equal(leader.Log.AppendPosition, joining.Log.AppendPosition);
        Assert.Equal(3, leader.Raft.Configuration.VoterCount);
        cluster.RunUntil(() => leader.Raft.TryChange(leader.Raft.Configuration.With(voter), out refusal), "it may vote", 100);
        cluster.Replicate(1);
        Assert.Equal(4, joining.Raft.Configuration.VoterCount);
        Assert.NotNull(joining.Transport.Members);
        Assert.True(joining.ConfigurationCalls >= 3);
    }

    [Fact]
    public void A_learner_neither_stands_nor_counts()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember leader = cluster.Elect();
        cluster.AddMember(4);
        Assert.True(leader.Raft.TryChange(leader.Raft.Configuration.With(TestCluster.Engine(4, isVoter: false)), out _));
        cluster.Replicate(1);
        cluster.Network.Isolate(2);
        cluster.Network.Isolate(3);
        long commit = leader.Raft.CommitPosition;
        leader.Append(10, 1);
        cluster.Run(1500);
        Assert.Equal(commit, leader.Raft.CommitPosition);
        Assert.Equal(0, cluster[4].Raft.Counters.PreVotesStarted);
    }

    [Fact]
    public void A_leader_that_removes_itself_goes_when_that_is_committed()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember leader = cluster.Elect();
        Assert.True(leader.Raft.TryChange(leader.Raft.Configuration.Without(leader.Id), out _));
        Assert.True(leader.IsLeader);
        cluster.RunUntil(() => !leader.IsLeader, "the leader goes");
        cluster.RunUntil(() => cluster.Leader is { } next && next != leader && next.Raft.AcceptsIngress, "another leads");
        Assert.Equal(2, cluster.Leader!.Raft.Configuration.VoterCount);
        cluster.Run(2000);
        Assert.Equal(0, leader.Raft.Counters.ElectionsStarted - 1);
    }

    [Fact]
    public void A_change_that_is_truncated_is_undone()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember old = cluster.Elect();
        cluster.Replicate(1);
        cluster.Network.Isolate(old.Id);
        Assert.True(old.Raft.TryChange(old.Raft.Configuration.Without(3), out _));
        Assert.Equal(2, old.Raft.Configuration.VoterCount);
        cluster.RunUntil(() => cluster.Members.Exists(member => member != old && member.IsLeader), "another leader");
        cluster.Network.Heal();
        cluster.Replicate(1);
        Assert.Equal(3, old.Raft.Configuration.VoterCount);
        Assert.Equal(1, old.Truncations);
    }

    [Fact]
    public void A_change_is_known_again_after_a_restart()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember leader = cluster.Elect();
        Assert.True(leader.Raft.TryChange(leader.Raft.Configuration.Without(3), out _));
        cluster.RunUntil(() => cluster[2].Raft.Configuration.VoterCount == 2, "the change arrives");
        cluster.Kill(cluster[2]);
        cluster[2].Start();
        Assert.Equal(2, cluster[2].Raft.Configuration.VoterCount);
    }

    [Fact]
    public void Two_voters_are_not_changed_by_one_change()
    {
        using TestCluster cluster = new TestCluster(members: 5).StartAll();
        TestMember leader = cluster.Elect();
        Assert.False(leader.Raft.TryChange(leader.Raft.Configuration.Without(4).Without(5), out string refusal));
        Assert.Contains("2 voters", refusal, StringComparison.Ordinal);
        Assert.False(cluster.Members.First(member => !member.IsLeader).Raft.TryChange(leader.Raft.Configuration.Without(5), out refusal));
        Assert.Contains("does not lead", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void No_voter_is_removed_while_another_recovers_but_the_one_that_recovers_may_be()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        (TestMember leader, TestMember recovering, TestMember third) = cluster.LoseADisk();
        cluster.RunUntil(() => leader.Raft.TryGetProgress(recovering.Id, out FollowerProgress progress) && progress.IsRecovering, "it is heard to recover", 100);
        Assert.False(leader.Raft.TryChange(leader.Raft.Configuration.Without(third.Id), out string refusal));
        Assert.Contains($"member {recovering.Id} is recovering", refusal, StringComparison.Ordinal);
        Assert.True(leader.Raft.TryChange(leader.Raft.Configuration.Without(recovering.Id), out refusal), refusal);
    }

    [Fact]
    public void A_change_waits_for_an_entry_of_the_leaders_own_term()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        cluster.RunUntil(() => cluster.Leader is not null, "a leader");
        Assert.False(cluster.Leader!.Raft.TryChange(cluster.Initial.Without(3), out string refusal));
        Assert.Contains("of this term", refusal, StringComparison.Ordinal);
    }

    // Members 1 and, by two promotions that only 1 knows, 4 and 5 against 2 and 3, which are a majority of what everybody else knows.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_changes_at_once_would_make_two_majorities(bool isPlanted)
    {
        using TestCluster cluster = new() { Defects = isPlanted ? PlantedDefects.TwoChangesAtOnce : PlantedDefects.None };
        cluster.StartAll();
        TestMember old = cluster.Elect();
        foreach (int id in (int[])[4, 5])
        {
            cluster.AddMember(id);
            Assert.True(old.Raft.TryChange(old.Raft.Configuration.With(TestCluster.Engine(id, isVoter: false)), out _));
            cluster.Replicate(1);
        }

        foreach (int id in (int[])[2, 3])
        {
            foreach (int other in (int[])[1, 4, 5])
            {
                cluster.Network.Block(id, other);
                cluster.Network.Block(other, id);
            }
        }

        Assert.True(old.Raft.TryChange(old.Raft.Configuration.With(TestCluster.Engine(4)), out _));
        bool isSecondTaken = old.Raft.TryChange(old.Raft.Configuration.With(TestCluster.Engine(5)), out _);
        Assert.Equal(isPlanted, isSecondTaken);
        void Play()
        {
            old.Append(100, 1);
            cluster.RunUntil(() => cluster.Members.Exists(member => member != old && member.IsLeader && member.Raft.HasCommittedInTerm), "the other side commits");
        }

        if (isPlanted)
        {
            Assert.ThrowsAny<Xunit.Sdk.XunitException>(Play);
        }
        else
        {
            Play();
        }
    }

    [Fact]
    public void The_operator_promotes_one_of_two_boxes_and_takes_the_other_back_as_a_learner()
    {
        using TestCluster cluster = new TestCluster(members: 2).StartAll();
        cluster.Replicate(10);
        TestMember old = cluster.Elect();
        TestMember other = cluster.Members.Single(member => member != old);
        cluster.Kill(old);
        cluster.Run(2000);
        Assert.False(other.IsLeader);
        Assert.Throws<ArgumentException>(() => other.Raft.ForceAlone(other.Raft.Term));
        long term = other.Raft.Term + 5;
        other.Raft.ForceAlone(term);
        cluster.RunUntil(() => other.Raft.AcceptsIngress, "it serves alone", 10);
        Assert.Equal(term, other.Raft.Term);
        Assert.Equal(1, other.Raft.Configuration.VoterCount);
        other.Append(100, 1);
        old.Start();
        cluster.ConnectAll();
        cluster.Replicate(1);
        Assert.False(old.Raft.Configuration.TryFind(old.Id, out ClusterMember? member) && member.IsVoter);
    }
}
