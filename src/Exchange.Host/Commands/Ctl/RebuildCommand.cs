using System.CommandLine;
using System.Text.Json.Nodes;
using Exchange.Cluster;
using Exchange.Cluster.Recovery;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl rebuild`: asks a damaged or diverged member to fetch everything from the others at its next start.</summary>
internal static class RebuildCommand
{
    private static readonly Option<int> s_member = new("--member") { Description = "Which member.", Required = true };
    private static readonly Option<bool> s_force = new("--force") { Description = "Do it although another member is down, recovering or to be rebuilt: what only this one has may be lost." };

    /// <summary>Builds the verb.</summary>
    public static Command Create() => CtlVerb.Create(
        "rebuild",
        "On the member's own box: throw away its log, snapshots and history at its next start and fetch everything from the others. `exchange local` starts it at once.",
        [s_member, s_force],
        RunAsync);

    /// <summary>Why a member must not be rebuilt now, in words; null when nothing speaks against it.</summary>
    /// <param name="report">What the members said.</param>
    /// <param name="id">The member.</param>
    /// <param name="isRequestedHere">Whether a rebuild of another member of this directory waits for its next start.</param>
    internal static string? Refusal(ClusterReport report, int id, Func<int, bool> isRequestedHere)
    {
        foreach (MemberReport other in report.Members.Where(m => m.Id != id))
        {
            string? state = isRequestedHere(other.Id) || other.Flag("rebuild_requested") ? "is to be rebuilt itself"
                : !other.IsUp ? "is down"
                : other.IsRecovering ? "is recovering"
                : null;
            if (state is not null)
            {
                return $"member {other.Id} {state}, and together they may be all that have the end of the log; wait until it is up to date (see `exchange ctl status`), or give --force";
            }
        }

        return null;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
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

        if (!parsed.GetValue(s_force))
        {
            ClusterReport report = await CtlSwitches.Operator(parsed).StatusAsync(stop).ConfigureAwait(false);
            if (Refusal(report, id, other => MemberRebuild.IsRequested(StateDirectory.Member(directory, other))) is { } refusal)
            {
                throw new HostException(refusal);
            }
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
