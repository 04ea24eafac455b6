using Exchange.Simulation.Faults;
using Xunit.Abstractions;

namespace Exchange.Simulation;

/// <summary>Each planted bug is found within a few seeds, by a check that fits it.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const ulong SeedsMax = 12;

    [Theory]
    [InlineData("acknowledge what was not received")]
    [InlineData("apply twice")]
    [InlineData("commit without majority")]
    [InlineData("diverge on one member")]
    [InlineData("drop a resent message")]
    [InlineData("keep sessions bound over a term")]
    [InlineData("leave out cancels everywhere")]
    [InlineData("lose a live message")]
    [InlineData("send a message twice")]
    [InlineData("skip a number")]
    [InlineData("skip a truncation")]
    [InlineData("snapshot misses a part")]
    [InlineData("vote for a shorter log")]
    public void A_planted_bug_is_found(string bug)
    {
        for (ulong seed = 1; seed <= SeedsMax; seed++)
        {
            RunResult result = SimulationRun.Run(seed, PlantedBugs.All[bug]);
            if (result.Failure is not null)
            {
                output.WriteLine($"found with seed {seed} by the check \"{result.FailedCheck}\": {result.Failure}");
                return;
            }
        }

        Assert.Fail($"{SeedsMax} seeds did not find “{bug}”");
    }
}
