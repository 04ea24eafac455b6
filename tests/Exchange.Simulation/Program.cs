using System.Diagnostics;
using System.Globalization;
using Exchange.Simulation.Faults;

namespace Exchange.Simulation;

/// <summary>The tool that runs the simulation at length: many seeds, one after the other, until one fails or time is up.</summary>
internal static class Program
{
    private const string Usage = """
        Runs whole clusters with gateways and FIX clients, one seed after the other, and checks everything they say.

        usage: dotnet run -c Release --project tests/Exchange.Simulation -- [--seeds N] [--minutes M] [--seed S] [--commits C] [--story]

          --seeds N    so many seeds; without it, and without --minutes, 10
          --minutes M  as many seeds as fit into this time
          --seed S     the first seed; random when not given
          --commits C  entries to be committed in each run, 10000 when not given
          --story      tell what happens
          --calm       let nothing go wrong
          --rules      let all trading rules be in use, whatever the seed says; --plain: none but those of plain orders
          --bug NAME   plant a bug, which is to be found; --bugs lists them
        """;

    private static readonly string[] _flags = ["--help", "--bugs", "--calm", "--story", "--rules", "--plain"];
    private static readonly string[] _valued = ["--seeds", "--minutes", "--seed", "--commits", "--bug"];

    private static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (args.Contains("--help") || !AreKnown(args) || !TryRead(args, "--seeds", out long? seeds) || !TryRead(args, "--minutes", out long? minutes)
            || !TryRead(args, "--seed", out long? first) || !TryRead(args, "--commits", out long? commits))
        {
            Console.WriteLine(Usage);
            return args.Contains("--help") ? 0 : 2;
        }

        if (args.Contains("--bugs"))
        {
            PlantedBugs.All.Keys.ToList().ForEach(Console.WriteLine);
            return 0;
        }

        ulong seed = (ulong)(first ?? (Stopwatch.GetTimestamp() & 0x7FFFFFFF));
        string? bug = Array.IndexOf(args, "--bug") is >= 0 and int at ? args[at + 1] : null;
        RunOptions planted = new();
        if (bug is not null && !PlantedBugs.All.TryGetValue(bug, out planted!))
        {
            Console.Error.WriteLine($"no such bug: {bug}; --bugs lists them");
            return 2;
        }

        RunOptions options = planted with { CommitsMin = commits ?? planted.CommitsMin, HasFaults = !args.Contains("--calm"), HasRules = args.Contains("--rules") ? true : args.Contains("--plain") ? false : planted.HasRules, Listener = args.Contains("--story") ? Console.WriteLine : null };
        string again = $"--commits {options.CommitsMin}{(options.HasFaults ? "" : " --calm")}{options.HasRules switch { true => " --rules", false => " --plain", _ => "" }}{(bug is null ? "" : $" --bug \"{bug}\"")}";
        return RunAll(seed, seeds ?? (minutes is null ? 10 : long.MaxValue), minutes, options, again);
    }

    private static int RunAll(ulong first, long seeds, long? minutes, RunOptions options, string again)
    {
        long started = Stopwatch.GetTimestamp();
        SimulationTotals totals = new();
        for (ulong seed = first; seed - first < (ulong)seeds; seed++)
        {
            if (minutes is not null && Stopwatch.GetElapsedTime(started).TotalMinutes >= minutes)
            {
                break;
            }

            long begun = Stopwatch.GetTimestamp();
            RunResult result = SimulationRun.Run(seed, options);
            totals.Add(result);
            Console.WriteLine(
                $"seed {seed}: {result.Commits} commits, {result.Trades} trades, {result.TermsLed} terms, {result.Truncations} truncations, {result.Snapshots} snapshots, "
                + $"{result.Switchovers} switchovers, {result.MembershipChanges} membership changes, {result.Promotions} promotions, {result.Installs} installs, {result.Refusals} refusals, {result.Rebuilds} rebuilds, {result.Faults} faults, {result.Messages} messages checked, {result.Logons} logons, "
                + $"{result.Resets} resets, {result.RulesAccepted} orders held against limits, {result.RulesRefused} refusals compared, {result.RulesGiven} orders of operators, {result.SimulatedNs / 1e9:F1} s simulated in {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s, trace {result.TraceHash:x16}");
            if (result.Failure is not null)
            {
                Console.WriteLine();
                result.Story.TakeLast(80).ToList().ForEach(Console.WriteLine);
                Console.WriteLine();
                Console.Error.WriteLine($"seed {seed} FAILED the check \"{result.FailedCheck}\": {result.Failure}");
                Console.Error.WriteLine($"reproduce: dotnet run -c Release --project tests/Exchange.Simulation -- --seed {seed} --seeds 1 {again} --story");
                Console.WriteLine(totals);
                return 1;
            }
        }

        Console.WriteLine(totals);
        return 0;
    }

    /// <summary>Whether each word is an option or the value of one; a misspelt option would make a run that checks something else.</summary>
    private static bool AreKnown(string[] args)
    {
        for (int i = 0; i < args.Length; i++)
        {
            bool isValued = _valued.Contains(args[i]);
            if ((!isValued && !_flags.Contains(args[i])) || (isValued && ++i == args.Length))
            {
                Console.Error.WriteLine(isValued ? $"{args[^1]} needs a value" : $"unknown option: {args[i]}");
                return false;
            }
        }

        return true;
    }

    private static bool TryRead(string[] args, string name, out long? value)
    {
        value = null;
        int at = Array.IndexOf(args, name);
        if (at < 0)
        {
            return true;
        }

        bool isThere = at + 1 < args.Length && long.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out long number) && (value = number) >= 0;
        return isThere;
    }
}
