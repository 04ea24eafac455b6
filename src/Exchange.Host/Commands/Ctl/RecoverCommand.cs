using System.CommandLine;
using System.Text.Json.Nodes;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl recover`: brings back a stopped cluster whose members all went down without a flush.</summary>
internal static class RecoverCommand
{
    /// <summary>Builds the verb.</summary>
    public static Command Create() => CtlVerb.Create(
        "recover",
        "With all members stopped and their directories in one place: when all of them went down without a flush and none may vote, go on from the longest log. `exchange local` does it by itself.",
        [],
        static (parsed, _) => Task.FromResult(Run(parsed)));

    private static int Run(ParseResult parsed)
    {
        string directory = CtlSwitches.DirectoryOf(parsed);
        CtlSwitches.RequireCluster(directory);
        using FileStream held = StateDirectory.Acquire(directory);
        ClusterFile cluster = ClusterFile.Load(directory);
        bool isNeeded = LostCluster.Recover(directory, cluster, CtlVerb.Progress(parsed));
        JsonObject answer = new() { ["ok"] = true, ["recovered"] = isNeeded };
        return CtlVerb.Tell(parsed, answer, _ => isNeeded ? "recovered; start the members" : "nothing to recover: enough members vote; start them");
    }
}
