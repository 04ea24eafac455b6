using System.Diagnostics;
using System.Globalization;

namespace Exchange.Fuzz;

/// <summary>The tool that fuzzes at length and prints what it went through.</summary>
internal static class Program
{
    private const int InputsPerEpisode = FuzzEpisode.InputsMax + ConnectionEpisode.InputsMax;
    private const string Usage = """
        Feeds made and damaged FIX messages to framer, parser, validation, translation, core and encoder, and to the gateway's connections,
        and checks what must hold.

        usage: dotnet run -c Release --project tests/Exchange.Fuzz -- [--inputs N] [--seed S] [--episode E]

          --inputs N   so many inputs; 1000000 when not given
          --seed S     the seed; random when not given
          --episode E  this episode only
        """;

    private static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        long inputs = 1_000_000;
        long seed = Stopwatch.GetTimestamp() & 0x7FFFFFFF;
        long episode = -1;
        bool isRight = args.Length % 2 == 0;
        for (int i = 0; isRight && i < args.Length; i += 2)
        {
            isRight = long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out long value) && args[i] is "--inputs" or "--seed" or "--episode";
            inputs = args[i] == "--inputs" ? value : inputs;
            seed = args[i] == "--seed" ? value : seed;
            episode = args[i] == "--episode" ? value : episode;
        }

        if (!isRight)
        {
            Console.WriteLine(Usage);
            return args is ["--help"] ? 0 : 2;
        }

        return Run(inputs, seed, episode);
    }

    private static int Run(long inputs, long seed, long episode)
    {
        FuzzTotals totals = new();
        long started = Stopwatch.GetTimestamp();
        long first = Math.Max(0, episode);
        long end = episode >= 0 ? episode + 1 : (inputs + InputsPerEpisode - 1) / InputsPerEpisode;
        Console.WriteLine($"seed {seed}, {(end - first) * InputsPerEpisode:N0} inputs in {end - first:N0} episodes");
        try
        {
            for (long i = first; i < end; i++)
            {
                FuzzEpisode.Run(seed, i, FuzzEpisode.InputsMax, totals);
                ConnectionEpisode.Run(seed, i, ConnectionEpisode.InputsMax, totals);
            }
        }
        catch (FuzzFailure failure)
        {
            Console.Error.WriteLine(failure);
            return 1;
        }

        Console.WriteLine(totals.Report());
        Console.WriteLine($"nothing found in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        return 0;
    }
}
