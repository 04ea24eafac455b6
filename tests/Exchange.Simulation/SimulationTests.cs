using System.Security.Cryptography;
using Xunit.Abstractions;

namespace Exchange.Simulation;

/// <summary>A few minutes' worth of what the tool does for hours.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Clients_lose_nothing_while_nothing_goes_wrong(ulong seed) => Check(seed, new RunOptions { HasFaults = false, HasRules = false });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(11)]
    public void Clients_lose_nothing_whatever_goes_wrong(ulong seed) => Check(seed, new RunOptions { HasRules = false });

    /// <summary>Orders of all kinds, and operators who change limits, firms, restrictions and instruments and pull kill switches: positions, limits and switches hold whoever leads.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void Rules_hold_whatever_goes_wrong(ulong seed) => Check(seed, new RunOptions { HasRules = true });

    /// <summary>A leader cut off with a notice of its own, whose wall clock was set back, was elected again and stamped its new term with an earlier time.</summary>
    [Theory]
    [InlineData(39)]
    [InlineData(68)]
    public void Log_time_of_a_leader_elected_again_begins_behind_what_it_could_not_commit(ulong seed) => Check(seed, new RunOptions { HasRules = false, Scenario = Scenario.Plain });

    /// <summary>A member that started from a peer's snapshot went by the members of the cluster's beginning.</summary>
    [Theory]
    [InlineData(4)]
    public void Who_belongs_to_the_cluster_travels_with_a_snapshot(ulong seed) => Check(seed, new RunOptions { HasRules = false });

    /// <summary>A member that had just connected was made a voter before it could say that it was recovering, and nothing was committed any more.</summary>
    [Theory]
    [InlineData(21)]
    public void A_member_is_heard_before_it_becomes_a_voter(ulong seed) => Check(seed, new RunOptions { HasRules = false });

    /// <summary>A witness that started from a snapshot in which it did not belong to the cluster yet took itself for an engine, and its state for another.</summary>
    [Theory]
    [InlineData(200030)]
    public void What_a_member_is_does_not_depend_on_where_it_starts(ulong seed) => Check(seed, new RunOptions { HasRules = false });

    /// <summary>One whose disk was lost believed what another's snapshot said of the voters, vouched for itself and led what it did not have.</summary>
    [Theory]
    [InlineData(3000092)]
    [InlineData(4000007)]
    public void A_member_with_a_lost_disk_and_a_snapshot_of_when_it_was_the_only_voter_does_not_lead(ulong seed) => Check(seed, new RunOptions { HasRules = false });

    /// <summary>Members come and go, one of two boxes is promoted, logs are deleted.</summary>
    [Theory]
    [InlineData(300036)]
    [InlineData(300037)]
    public void Clients_lose_nothing_whoever_belongs_to_the_cluster(ulong seed) => Check(seed, new RunOptions { HasRules = false });

    [Fact]
    public void Clients_lose_nothing_in_worlds_that_nobody_has_seen()
    {
        for (int i = 0; i < 4; i++)
        {
            Check((ulong)RandomNumberGenerator.GetInt32(int.MaxValue), new RunOptions { HasRules = i % 2 == 0 });
        }
    }

    [Fact]
    public void A_seed_means_one_history()
    {
        RunResult first = SimulationRun.Run(5, new RunOptions { CommitsMin = 5_000, HasRules = true });
        RunResult second = SimulationRun.Run(5, new RunOptions { CommitsMin = 5_000, HasRules = true });

        Assert.Null(first.Failure);
        Assert.Equal(first.TraceHash, second.TraceHash);
        Assert.Equal(first.SimulatedNs, second.SimulatedNs);
    }

    private void Check(ulong seed, RunOptions options)
    {
        output.WriteLine($"seed {seed}{(options.HasRules == true ? " --rules" : " --plain")}");
        RunResult result = SimulationRun.Run(seed, options);
        output.WriteLine($"{result.Commits} commits, {result.TermsLed} terms, {result.Truncations} truncations, {result.Faults} faults, {result.Messages} messages checked");
        Assert.True(result.Failure is null, $"seed {seed}{(options.HasRules == true ? " --rules" : " --plain")}: {result.Failure}\n{string.Join('\n', result.Story.TakeLast(60))}");
        Assert.True(result.Commits >= options.CommitsMin);
        Assert.True(options.HasRules != true || (result.RulesAccepted > 100 && result.RulesRefused > 10 && result.RulesGiven > 10));
    }
}
