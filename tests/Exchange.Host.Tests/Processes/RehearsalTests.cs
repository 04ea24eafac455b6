using System.Diagnostics;
using Exchange.Host.Processes;

namespace Exchange.Host.Tests.Processes;

public class RehearsalTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void ARehearsalEndsWell_AndLeavesNothingBehind(bool isCluster, bool polled)
    {
        string directory = Path.Combine(Path.GetTempPath(), "exchange-rehearsal-" + Guid.NewGuid().ToString("n"));

        // As a process that was killed in its rehearsal leaves it.
        Directory.CreateDirectory(Path.Combine(directory, "member-1"));
        File.WriteAllText(Path.Combine(directory, "member-1", "consensus.state"), "half a line");
        List<string> said = [];
        List<Exception> failures = [];
        using (Rehearsal rehearsal = Rehearsal.Start(new RehearsalOptions
        {
            Directory = directory,
            IsCluster = isCluster,
            Polled = polled,
            Log = said.Add,
            Warn = (_, e) => failures.Add(e),
            Delay = TimeSpan.Zero,
            CpuMax = TimeSpan.FromMinutes(1),
            TimeMax = TimeSpan.FromMinutes(2),
        }))
        {
            Await(() => rehearsal.IsOver, TimeSpan.FromMinutes(2));
        }

        Assert.Empty(failures);
        Assert.StartsWith("rehearsed ", Assert.Single(said), StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public void AProcessThatStops_DoesNotWaitForItsRehearsal()
    {
        string directory = Path.Combine(Path.GetTempPath(), "exchange-rehearsal-" + Guid.NewGuid().ToString("n"));
        List<string> said = [];
        Rehearsal rehearsal = Rehearsal.Start(new RehearsalOptions
        {
            Directory = directory,
            IsCluster = true,
            Polled = true,
            Log = said.Add,
            Warn = (line, _) => said.Add(line),
            Delay = TimeSpan.Zero,
        });
        Await(() => rehearsal.IsOver || Directory.Exists(directory), TimeSpan.FromMinutes(1));
        rehearsal.Dispose();
        Await(() => rehearsal.IsOver, TimeSpan.FromMinutes(1));

        Assert.Empty(said);
        Assert.False(Directory.Exists(directory));
    }

    private static void Await(Func<bool> condition, TimeSpan limit)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < limit, "it took too long");
            Thread.Sleep(5);
        }
    }
}
