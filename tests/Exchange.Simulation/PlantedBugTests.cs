using System.Reflection;
using Exchange.Simulation.Faults;
using Xunit.Abstractions;

namespace Exchange.Simulation;

/// <summary>Each planted bug is found within a few seeds, by the check that is there for it.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const ulong SeedsMax = 16;

    // A leader that believes in entries which a follower has not got looks for them in the middle of others: its log's own check may come first.
    // So too with a follower that keeps what it should have cut: its entries begin elsewhere than the leader's.
    [Theory]
    // The command that is left out sets a firm's self-trade prevention, too.
    [InlineData("accept above a limit everywhere", "limits", "refusals", "self trades")]
    [InlineData("accept behind a kill switch everywhere", "kill switch", "refusals", "left open")]
    [InlineData("acknowledge before the flush", "durable majority")]
    [InlineData("acknowledge what was not received", "durable majority", "LogDamagedException")]
    [InlineData("apply twice", "equal states")]
    [InlineData("cancel nothing at a kill switch everywhere", "left open")]
    [InlineData("commit an old term", "own term")]
    [InlineData("commit without majority", "durable majority")]
    [InlineData("diverge on one member", "equal states")]
    [InlineData("drop a resent message", "liveness", "numbers")]
    [InlineData("forget the position of a fill everywhere", "positions", "refusals", "limits")]
    [InlineData("forget the vote", "one vote a term")]
    [InlineData("keep sessions bound over a term", "equal states")]
    [InlineData("leave out cancels everywhere", "equal states")]
    [InlineData("lose a live message", "numbers")]
    [InlineData("lose the vote file", "one vote a term")]
    [InlineData("send a message twice", "numbers")]
    [InlineData("skip a number", "commit", "numbers", "bytes")]
    [InlineData("skip a truncation", "committed prefix", "equal states", "durable majority", "ArgumentException")]
    [InlineData("snapshot misses a part", "equal states")]
    [InlineData("vote for a shorter log", "newer log")]
    [InlineData("vote while recovering", "recovering votes", "durable majority")]
    public void A_planted_bug_is_found_by_its_check(string bug, params string[] checks)
    {
        for (ulong seed = 1; seed <= SeedsMax; seed++)
        {
            RunResult result = SimulationRun.Run(seed, PlantedBugs.All[bug]);
            if (result.Failure is not null)
            {
                output.WriteLine($"found with seed {seed} by the check \"{result.FailedCheck}\": {result.Failure}");
                Assert.Contains(result.FailedCheck, checks);
                return;
            }
        }

        Assert.Fail($"{SeedsMax} seeds did not find “{bug}”");
    }

    [Fact]
    public void Each_planted_bug_is_looked_for()
    {
        MethodInfo theory = GetType().GetMethod(nameof(A_planted_bug_is_found_by_its_check))!;
        IEnumerable<string> looked = theory.GetCustomAttributes<InlineDataAttribute>().SelectMany(data => data.GetData(theory)).Select(row => (string)row[0]!);
        Assert.Equal(PlantedBugs.All.Keys, looked.Order(StringComparer.Ordinal));
    }
}
