using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Tests.Consensus;

public sealed class ElectionTests
{
    [Fact]
    public void A_member_behind_a_broken_link_does_not_raise_the_term_and_disturbs_nobody_when_it_returns()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember leader = cluster.Elect();
        cluster.Run(100);
        long term = leader.Raft.Term;
        cluster.Network.Isolate(3);
        cluster.Run(2000);
        Assert.Equal(term, cluster[3].Raft.Term);
        Assert.True(cluster[3].Raft.Counters.PreVotesStarted > 5);
        cluster.Network.Heal();
        cluster.Run(500);
        Assert.True(leader.IsLeader);
        Assert.Equal(term, leader.Raft.Term);
        Assert.Equal(leader.Id, cluster[3].Raft.LeaderId);
    }

    [Fact]
    public void A_member_that_cannot_hear_the_leader_but_all_others_is_not_elected()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember leader = cluster.Elect();
        cluster.Run(100);
        cluster.Network.Block(leader.Id, 2);
        cluster.Run(3000);
        Assert.True(leader.IsLeader);
        Assert.Equal(1, cluster.LeaderCount);
    }

    [Fact]
    public void A_follower_that_did_not_run_for_long_does_not_depose_a_healthy_leader()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember leader = cluster.Elect();
        cluster.Run(100);
        for (int round = 0; round < 20; round++)
        {
            cluster.Step(400 * TestCluster.Millisecond);
        }

        Assert.True(leader.IsLeader);
        Assert.Equal(0, cluster[2].Raft.Counters.PreVotesStarted);
    }

    [Fact]
    public void A_leader_that_falls_silent_is_replaced_after_the_election_timeout_and_wakes_up_deposed()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember old = cluster.Elect();
        cluster.Run(100);
        old.IsPaused = true;
        long silentNs = cluster.Network.NowNs;
        cluster.RunUntil(() => cluster.Leader is { } leader && leader.Raft.AcceptsIngress, "another leader serves");
        Assert.InRange(cluster.Network.NowNs - silentNs, 150 * TestCluster.Millisecond, 450 * TestCluster.Millisecond);
        old.IsPaused = false;
        old.Raft.DoWork(cluster.Network.NowNs);
        Assert.False(old.Raft.AcceptsIngress);
        cluster.Run(100);
        Assert.False(old.IsLeader);
        Assert.Single(old.Losses);
    }

    [Fact]
    public void A_leader_without_a_majority_closes_its_doors_before_another_can_be_elected_and_resigns()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember leader = cluster.Elect();
        cluster.Run(100);
        cluster.Network.Isolate(leader.Id);
        for (int step = 0; step < 500; step++)
        {
            cluster.Step();
            bool isOther = cluster.Members.Exists(member => member != leader && member.IsLeader);
            Assert.False(isOther && leader.Raft.AcceptsIngress, "two members accept commands");
        }

        Assert.False(leader.IsLeader);
        Assert.Equal(1, leader.Raft.Counters.QuorumsLost);
        Assert.Contains("no majority", leader.Losses[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_ends_although_the_leader_lives_deposes_nobody()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        TestMember leader = cluster.Elect();
        cluster.Run(100);
        cluster[2].Raft.OnDisconnected(leader.Id, isProcessGone: true, cluster.Network.NowNs);
        cluster.Run(60);
        Assert.True(leader.IsLeader);
        Assert.Equal(1, cluster.LeaderCount);
        Assert.Equal(leader.Id, cluster[2].Raft.LeaderId);
    }

    [Fact]
    public void A_member_votes_once_in_a_term_even_across_a_restart()
    {
        using TestCluster cluster = new(members: 5);
        cluster[1].Votes.Save(new VoteState(7, 2, IsRecovering: false));
        cluster.StartAll();
        List<byte[]> sent = [];
        cluster.Network.Filter = (from, _, message) =>
        {
            if (from == 1)
            {
                sent.Add(message);
            }

            return false;
        };
        cluster[1].Raft.OnMessage(3, Request(term: 7), cluster.Network.NowNs);
        cluster[1].Raft.OnMessage(2, Request(term: 7), cluster.Network.NowNs);
        cluster[1].Raft.OnMessage(3, Request(term: 8), cluster.Network.NowNs);
        cluster[1].Raft.OnMessage(2, Request(term: 8), cluster.Network.NowNs);
        cluster.Step();
        Assert.Equal([false, true, true, false], sent.Where(static message => message[0] == 2).Select(static message => (message[2] & 2) != 0));
        Assert.Equal(new VoteState(8, 3, IsRecovering: false), cluster[1].Votes.Current);
    }

    [Fact]
    public void A_member_with_an_older_log_is_not_elected_though_it_is_preferred()
    {
        using TestCluster cluster = new TestCluster().StartAll();
        cluster.Replicate(10);
        cluster.Kill(cluster[1]);
        cluster.Replicate(10);
        cluster.Kill(cluster[2]);
        cluster[1].Start();
        cluster.ConnectAll();
        cluster.RunUntil(() => cluster[3].IsLeader, "the one that has everything leads");
        cluster.Replicate(1);
    }

    [Fact]
    public void A_member_whose_host_refuses_does_not_stand()
    {
        using TestCluster cluster = new TestCluster();
        cluster[1].LeadRefusal = "its clock is off";
        cluster.StartAll();
        Assert.NotEqual(1, cluster.Elect().Id);
        Assert.Equal(0, cluster[1].Raft.Counters.PreVotesStarted);
    }

    [Fact]
    public void A_witness_that_was_elected_brings_an_engine_up_to_date_and_hands_over()
    {
        using TestCluster cluster = new TestCluster(members: 3, seed: 5, witnesses: [3]).StartAll();
        cluster.Replicate(10);
        cluster.Kill(cluster[2]);
        cluster.Replicate(50);
        cluster.Kill(cluster[1]);
        cluster[2].Start();
        cluster.ConnectAll();
        cluster.RunUntil(() => cluster[3].IsLeader, "the witness leads, for only it has everything");
        while (cluster[3].IsLeader)
        {
            Assert.False(cluster[3].Raft.AcceptsIngress);
            cluster.Step();
        }

        cluster.RunUntil(() => cluster[2].IsLeader && cluster[2].Raft.AcceptsIngress, "the engine serves", 100);
        Assert.Equal(1, cluster[3].Raft.Counters.Transfers);
    }

    [Fact]
    public void A_cluster_of_fast_settings_replaces_a_silent_leader_within_some_tens_of_milliseconds()
    {
        RaftOptions fast = new()
        {
            Id = 1,
            Seed = 1,
            HeartbeatNs = 2 * TestCluster.Millisecond,
            ElectionTimeoutNs = 10 * TestCluster.Millisecond,
            ElectionSpreadNs = 5 * TestCluster.Millisecond,
            PriorityStepNs = 5 * TestCluster.Millisecond,
        };
        using TestCluster cluster = new TestCluster { Template = fast }.StartAll();
        TestMember old = cluster.Elect();
        cluster.Run(100);
        old.IsPaused = true;
        cluster.RunUntil(() => cluster.Leader is { } leader && leader.Raft.AcceptsIngress, "another leader serves", 50);
    }

    private static byte[] Request(long term)
    {
        byte[] message = new byte[32];
        message[0] = 1;
        BitConverter.TryWriteBytes(message.AsSpan(8), term);
        return message;
    }
}
