using System.Diagnostics;
using System.Globalization;

namespace Exchange.Reference.Tests;

/// <summary>The tool that compares core and reference at length.</summary>
internal static class Program
{
    /// <summary>What the core supports so far.</summary>
    public const Feature Supported = Feature.Risk | Feature.Kill | Feature.Instrument | Feature.Iceberg | Feature.Stop | Feature.MinQty | Feature.PostOnly | Feature.MarketToLimit
        | Feature.Gtd | Feature.SelfTrade | Feature.Collar;

    private const string Usage = """
        Plays random streams of commands on the core and on the reference exchange, and compares what they say, command by command.

        usage: dotnet run -c Release --project tests/Exchange.Reference.Tests -- [--commands N] [--seed S] [--episode E] [--features LIST]
               [--differences N] [--steps N]

          --commands N      so many commands; 1000000 when not given
          --seed S          the seed; random when not given
          --episode E       this episode only
          --features LIST   names with commas, or none; all that the core supports when not given
          --differences N   goes on until so many episodes differ; 1 when not given
          --steps N         so many steps an episode; 20000 when not given
        """;

    private static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        long commands = 1_000_000;
        long seed = Stopwatch.GetTimestamp() & 0x7FFFFFFF;
        long episode = -1;
        long differences = 1;
        long steps = Episode.StepsMax;
        Feature features = Supported;
        bool isRight = args.Length % 2 == 0;
        for (int i = 0; isRight && i < args.Length; i += 2)
        {
            if (args[i] == "--features")
            {
                isRight = Enum.TryParse(args[i + 1], ignoreCase: true, out features);
                continue;
            }

            isRight = long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out long value) && args[i] is "--commands" or "--seed" or "--episode" or "--differences" or "--steps";
            differences = args[i] == "--differences" ? value : differences;
            steps = args[i] == "--steps" ? value : steps;
            commands = args[i] == "--commands" ? value : commands;
            seed = args[i] == "--seed" ? value : seed;
            episode = args[i] == "--episode" ? value : episode;
        }

        if (!isRight)
        {
            Console.WriteLine(Usage);
            return args is ["--help"] ? 0 : 2;
        }

        return Run(commands, (ulong)seed, episode, features, differences, (int)steps);
    }

    private static int Run(long commands, ulong seed, long episode, Feature features, long differencesMax, int steps)
    {
        ComparisonTotals totals = new();
        long started = Stopwatch.GetTimestamp();
        long told = started;
        long differences = 0;
        HashSet<string> known = [];
        Console.WriteLine($"seed {seed}, {commands:N0} commands, features {features}");
        for (long i = Math.Max(0, episode); totals.Commands < commands && (differencesMax == 1 || Stopwatch.GetElapsedTime(started).TotalSeconds < 25); i++)
        {
            if (Episode.Run(seed, i, features, steps, totals, known) is { Length: > 0 } difference)
            {
                Console.Error.WriteLine(difference);
                if (++differences == differencesMax)
                {
                    return 1;
                }
            }

            if (Stopwatch.GetElapsedTime(told).TotalSeconds > 10 || episode >= 0)
            {
                told = Stopwatch.GetTimestamp();
                Console.WriteLine($"{totals.Commands:N0} commands, {totals.Reports:N0} reports, {totals.Commands / Stopwatch.GetElapsedTime(started).TotalSeconds:N0} commands a second");
            }

            if (episode >= 0)
            {
                break;
            }
        }

        Console.WriteLine($"{differences} differences in {totals.Commands:N0} commands and {totals.Reports:N0} reports, {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        return differences == 0 ? 0 : 1;
    }
}
