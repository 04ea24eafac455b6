using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Tests.Consensus;

// Figure 3.7 of Ongaro's thesis. Member 1 leads and gets one entry nowhere. Member 5 leads next and gets its entry nowhere either. Member 1 leads
// again and brings its old entry to 3 and 4, which makes a majority; its new entry reaches nobody. Is the old entry committed? If it were,
// member 5, which is elected next because its last entry is of a later term, would replace what was committed.
public sealed class OldTermCommitTests
{
    private const int AppendType = 3;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_entry_of_an_earlier_term_is_not_committed_by_counting(bool isPlanted)
    {
        using TestCluster cluster = new(members: 5) { Defects = isPlanted ? PlantedDefects.CommitOldTerm : PlantedDefects.None };
        OnlyMayLead(cluster, 1);
        cluster.StartAll();
        cluster.Replicate(1);

        // Longer than a batch, so that it travels without the entry behind it.
        cluster.Network.Isolate(1);
        long oldEnd = cluster[1].Append(70_000, 1);
        OnlyMayLead(cluster, 5);
        cluster.Network.Filter = static (from, _, message) => !(from == 5 && message[0] == AppendType);
        cluster.RunUntil(() => cluster[5].IsLeader, "member 5 leads");
        cluster.Kill(cluster[5]);

        OnlyMayLead(cluster, 1);
        cluster.Network.Heal();
        cluster.Network.Filter = (from, to, message) => !(from == 1 && message[0] == AppendType && (to == 2 || cluster[to].Log.AppendPosition >= oldEnd));
        cluster.RunUntil(() => cluster[1].IsLeader && cluster[3].Log.AppendPosition == oldEnd && cluster[4].Log.AppendPosition == oldEnd, "1 brings its old entry to 3 and 4");
        cluster.Run(5);
        Assert.Equal(isPlanted, cluster[1].Raft.CommitPosition >= oldEnd);

        cluster.Kill(cluster[1]);
        cluster.Network.Filter = static (_, _, _) => true;
        OnlyMayLead(cluster, 5);
        cluster[5].Start();
        cluster.ConnectAll();
        void Elect() => cluster.RunUntil(() => cluster[5].IsLeader, "member 5 leads again");
        if (isPlanted)
        {
            Assert.ThrowsAny<Xunit.Sdk.XunitException>(Elect);
        }
        else
        {
            Elect();
            cluster.Replicate(1);
        }
    }

    private static void OnlyMayLead(TestCluster cluster, int id) => cluster.Members.ForEach(member => member.LeadRefusal = member.Id == id ? "" : "not its turn");
}
