namespace Exchange.Reference.Tests;

/// <summary>One stream from its opening to its end, played on both; a difference is shrunk to a short stream and told.</summary>
internal static class Episode
{
    /// <summary>Steps of an episode; a longer run is many of them, each on fresh venues.</summary>
    public const int StepsMax = 20_000;

    private const int ShrinkRoundsMax = 40;

    /// <summary>Plays an episode.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="episode">Which episode.</param>
    /// <param name="features">What the stream may use.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="totals">Receives what was compared.</param>
    /// <param name="known">Keys of differences found before, which are not told again.</param>
    /// <returns>What was found, told for people; empty when it is known, null when nothing was.</returns>
    public static string? Run(ulong seed, long episode, Feature features, int steps, ComparisonTotals totals, ISet<string>? known = null)
    {
        StreamMaker maker = new(unchecked((seed * 0x9E3779B97F4A7C15UL) + (ulong)episode), features);
        using Contest contest = new();
        int number = 0;
        foreach (Step step in maker.Opening())
        {
            if (Play(contest, step) is not null)
            {
                return Tell(seed, episode, features, number, contest.DifferenceKey);
            }

            number++;
        }

        for (int i = 0; i < steps; i++)
        {
            if (Play(contest, maker.Next()) is not null)
            {
                return known?.Add(contest.DifferenceKey) == false ? "" : Tell(seed, episode, features, number, contest.DifferenceKey);
            }

            number++;
        }

        totals.Add(contest);
        return null;
    }

    private static string? Play(Contest contest, Step step)
    {
        try
        {
            return contest.Play(step);
        }
        catch (Exception failure)
        {
            return failure.ToString();
        }
    }

    private static string Tell(ulong seed, long episode, Feature features, int number, string key)
    {
        StreamMaker maker = new(unchecked((seed * 0x9E3779B97F4A7C15UL) + (ulong)episode), features);
        List<Step> steps = [.. maker.Opening()];
        int opening = steps.Count;
        while (steps.Count <= number)
        {
            steps.Add(maker.Next());
        }

        List<Step> shrunk = Shrink(steps, opening, key);
        List<string> story = [];
        string difference = FindIn(shrunk, story) ?? "(gone while shrinking)";
        return $"seed {seed}, episode {episode}, step {number}, shrunk from {steps.Count} to {shrunk.Count} steps:\n{string.Join('\n', story)}\n--------\n{difference}";
    }

    private static string? FindIn(List<Step> steps, List<string>? story, string? key = null)
    {
        using Contest contest = new() { Story = story };
        foreach (Step step in steps)
        {
            if (Play(contest, step with { Bytes = [.. step.Bytes] }) is { } difference)
            {
                return key is null || contest.DifferenceKey == key ? difference : null;
            }
        }

        return null;
    }

    // Leaves out ever smaller pieces as long as anything still differs.
    private static List<Step> Shrink(List<Step> steps, int opening, string key)
    {
        for (int round = 0; round < ShrinkRoundsMax; round++)
        {
            int before = steps.Count;
            for (int piece = Math.Max(1, (steps.Count - opening) / 2); piece >= 1; piece /= 2)
            {
                for (int at = Math.Max(opening, steps.Count - piece); at >= opening; at -= piece)
                {
                    List<Step> without = [.. steps.Take(at), .. steps.Skip(at + piece)];
                    if (without.Count < steps.Count && FindIn(without, null, key) is not null)
                    {
                        steps = without;
                    }
                }
            }

            if (steps.Count == before)
            {
                break;
            }
        }

        return steps;
    }
}
