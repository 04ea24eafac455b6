using System.CommandLine;
using System.Text.Json.Nodes;
using Exchange.Cluster;
using Exchange.Cluster.Recovery;
using Exchange.Host.Configuration;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl rebuild`: asks a damaged or diverged member to fetch everything from the others at its next start.</summary>
internal static class RebuildCommand
{
    private static readonly Option<int> s_member = new("--member") { Description = "Which member.", Required = true };

    /// <summary>Builds the verb.</summary>
    public static Command Create() => CtlVerb.Create(
        "rebuild",
        "On the member's own box: throw away its log, snapshots and history at its next start and fetch everything from the others. `exchange local` starts it at once.",
        [s_member],
        static (parsed, _) => Task.FromResult(Run(parsed)));

    private static int Run(ParseResult parsed)
    {
        string directory = CtlSwitches.DirectoryOf(parsed);
        int id = parsed.GetValue(s_member);
        CtlSwitches.RequireCluster(directory);
        ClusterFile cluster = ClusterFile.Load(directory);
        if (!cluster.Configuration.TryFind(id, out _))
        {
            throw new HostException($"there is no member {id} in {ClusterFile.PathIn(directory)}; there are {string.Join(", ", cluster.Configuration.Members.Select(static m => m.Id))}", ExitCode.BadInput);
        }

        if (cluster.Configuration.VoterCount < 2)
        {
            throw new HostException($"member {id} is the only one; there is nobody to rebuild it from");
        }

        string member = StateDirectory.Member(directory, id);
        string path = MemberDirectories.RebuildRequest(member);
        try
        {
            MemberRebuild.Request(member);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"{path}: cannot be written: {e.Message}");
        }

        JsonObject answer = new() { ["ok"] = true, ["member"] = id, ["request"] = path };
        return CtlVerb.Tell(parsed, answer, _ => $"member {id} rebuilds itself from the others at its next start");
    }
}
