using System.Diagnostics;
using Exchange.Cluster.Consensus;
using Xunit.Abstractions;

namespace Exchange.Cluster.Tests.Consensus;

public sealed class RaftRandomTests(ITestOutputHelper output)
{
    [Fact]
    public void Whatever_goes_wrong_all_members_agree_in_the_end()
    {
        int seeds = int.TryParse(Environment.GetEnvironmentVariable("RAFT_SEEDS"), out int asked) ? asked : 12;
        int first = int.TryParse(Environment.GetEnvironmentVariable("RAFT_FIRST_SEED"), out int given) ? given : Environment.TickCount & 0xFFFFFF;
        long commits = 0;
        long elections = 0;
        long truncations = 0;
        long powerCuts = 0;
        long changes = 0;
        long transfers = 0;
        Stopwatch watch = Stopwatch.StartNew();
        for (int seed = first; seed < first + seeds; seed++)
        {
            using RandomRun run = new(seed);
            try
            {
                run.Run(steps: 3000);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {seed}: {exception.Message}", exception);
            }

            commits += run.Cluster.Committed.Count;
            elections += run.Cluster.LeaderCount;
            truncations += run.Cluster.Members.Sum(static member => member.Truncations);
            powerCuts += run.PowerCuts;
            changes += run.Changes;
            transfers += run.Transfers;
        }

        output.WriteLine($"seeds {first}..{first + seeds - 1}: {commits} commits, {elections} leaders, {truncations} truncations, {powerCuts} power cuts, {changes} changes, {transfers} transfers, {watch.ElapsedMilliseconds} ms");
        Assert.True(elections > seeds);
    }

    [Fact]
    public void Seed_50282_a_member_that_an_uncommitted_change_demoted_is_elected_when_only_its_log_suffices()
    {
        using RandomRun run = new(50282);
        run.Run(steps: 3000);
    }

    [Theory]
    [InlineData((int)PlantedDefects.CommitWithoutMajority)]
    [InlineData((int)PlantedDefects.ForgetVote)]
    [InlineData((int)PlantedDefects.SkipTruncation)]
    [InlineData((int)PlantedDefects.VoteForShorterLog)]
    [InlineData((int)PlantedDefects.AckBeforeFlush)]
    [InlineData((int)PlantedDefects.RecoveringVotes)]
    public void A_planted_defect_is_found(int defect)
    {
        PlantedDefects planted = (PlantedDefects)defect;
        int seedsMax = int.TryParse(Environment.GetEnvironmentVariable("RAFT_SEEDS"), out int asked) ? asked : 150;
        Stopwatch watch = Stopwatch.StartNew();
        for (int seed = 1; seed <= seedsMax; seed++)
        {
            using RandomRun run = new(seed, planted, durability: planted == PlantedDefects.AckBeforeFlush ? Durability.Fsync : null);
            try
            {
                run.Run(steps: 3000);
            }
            catch (Exception exception) when (!exception.Message.StartsWith(TestCluster.StandsStill, StringComparison.Ordinal))
            {
                output.WriteLine($"{planted} found by seed {seed} after {watch.ElapsedMilliseconds} ms: {exception.Message}");
                return;
            }
            catch (Xunit.Sdk.FailException)
            {
                // A defect may also bring the cluster to a stop; that alone is not what has to be found.
            }
        }

        Assert.Fail($"{planted} was not found by {seedsMax} seeds in {watch.ElapsedMilliseconds} ms");
    }
}
