using Exchange.Cluster.Consensus;
using Exchange.Cluster.Recovery;

namespace Exchange.Cluster.Tests.Recovery;

public sealed class MemberRebuildTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("exchange-rebuild-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Nothing_happens_unasked()
    {
        Fill();
        Assert.False(MemberRebuild.Run(_directory, new Votes(), static _ => { }));
        Assert.Equal(5, Directory.GetFileSystemEntries(_directory).Length);
    }

    [Fact]
    public void A_crash_before_any_step_leaves_a_member_that_cannot_vote_and_is_emptied_by_the_next_start()
    {
        for (int step = 0; step < 6; step++)
        {
            Fill();
            MemberRebuild.Request(_directory);
            Votes votes = new();
            int count = 0;
            Assert.Throws<OperationCanceledException>(() => MemberRebuild.Run(_directory, votes, static _ => { }, _ =>
            {
                if (count++ == step)
                {
                    throw new OperationCanceledException();
                }
            }));
            Assert.True(MemberRebuild.IsRequested(_directory));
            Assert.True(votes.Current.IsRecovering || Directory.Exists(MemberDirectories.Log(_directory)));
            Assert.True(MemberRebuild.Run(_directory, votes, static _ => { }));
            Assert.Equal(new VoteState(7, 0, true), votes.Current);
            Assert.Equal([Path.Combine(_directory, "consensus.state")], Directory.GetFileSystemEntries(_directory));
            Assert.False(MemberRebuild.Run(_directory, votes, static _ => { }));
        }
    }

    private void Fill()
    {
        foreach (string name in (string[])["log", "snapshots", "history", "incoming"])
        {
            Directory.CreateDirectory(Path.Combine(_directory, name, "inner"));
            File.WriteAllText(Path.Combine(_directory, name, "inner", "file"), "x");
        }

        File.WriteAllText(Path.Combine(_directory, "consensus.state"), "x");
    }

    private sealed class Votes : IVoteStore
    {
        public VoteState Current { get; private set; } = new(7, 2, false);

        public void Save(in VoteState state) => Current = state;
    }
}
