using System.Diagnostics;
using Xunit.Abstractions;

namespace Exchange.Reference.Tests;

/// <summary>The core and the reference exchange say the same, whatever is asked of them.</summary>
public sealed class ComparisonTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    [Fact]
    public void Core_and_reference_agree_on_random_streams()
    {
        ulong seed = (ulong)Stopwatch.GetTimestamp() & 0x7FFFFFFF;
        output.WriteLine($"seed {seed}");
        ComparisonTotals totals = new();
        long started = Stopwatch.GetTimestamp();
        for (long episode = 0; Stopwatch.GetElapsedTime(started) < Duration; episode++)
        {
            string? difference = Episode.Run(seed, episode, Program.Supported, Episode.StepsMax, totals);
            Assert.True(difference is null, difference);
        }

        output.WriteLine($"{totals.Commands} commands, {totals.Reports} reports");
        Assert.True(totals.Reports > totals.Commands / 2, "hardly anything was reported");
    }
}
