using System.CommandLine;
using System.Text.Json.Nodes;
using Exchange.Cluster.Consensus;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl member`: adds or removes a member, one at a time.</summary>
internal static class MembershipCommand
{
    private const long LagBytesMax = 1 << 20;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private static readonly Option<int> s_id = new("--id") { Description = "Id of the member, 1 to 255.", Required = true };
    private static readonly Option<string> s_kind = new("--kind") { Description = "engine or witness.", DefaultValueFactory = static _ => "engine" };
    private static readonly Option<string> s_peer = new("--peer") { Description = "HOST:PORT where it listens for members and operators.", Required = true };
    private static readonly Option<string?> s_fix = new("--fix") { Description = "HOST:PORT where its gateway listens for clients; engines only." };
    private static readonly Option<int> s_priority = new("--priority") { Description = "0 is preferred as leader.", DefaultValueFactory = static _ => 1 };

    /// <summary>Builds the verb.</summary>
    public static Command Create()
    {
        CliChecks.InRange(s_id, 1, 255);
        CliChecks.InRange(s_priority, 0, 100);
        CliChecks.OneOf(s_kind, "engine", "witness");
        return new Command("member", "Change who the members are.")
        {
            CtlVerb.Create(
                "add",
                "Add a member: it receives the log first, and votes once it has caught up. Start its process on its box first, with the same cluster.key and with cluster.yaml naming it.",
                [s_id, s_kind, s_peer, s_fix, s_priority],
                AddAsync),
            CtlVerb.Create("remove", "Remove a member; its id is not used again for another box.", [s_id], RemoveAsync),
        };
    }

    /// <summary>Adds a member that only receives, waits until it has everything, and then gives it its vote.</summary>
    private static async Task<int> AddAsync(ParseResult parsed, CancellationToken stop)
    {
        JsonObject request = AddRequest(parsed);
        int id = parsed.GetValue(s_id);
        ClusterOperator members = CtlSwitches.Operator(parsed);
        Action<string> progress = CtlVerb.Progress(parsed);
        bool isLearner = await IsLearnerAsync(members, id, stop).ConfigureAwait(false);
        if (!isLearner)
        {
            JsonObject added = await members.AskLeaderAsync(request.DeepClone().AsObject(), progress, CtlVerb.Quick, stop).ConfigureAwait(false);
            if (!CtlVerb.IsOk(added))
            {
                return CtlVerb.Tell(parsed, added, static _ => string.Empty);
            }

            progress($"member {id} receives the log");
        }

        await CatchUpAsync(members, id, stop).ConfigureAwait(false);
        progress($"member {id} has caught up");
        JsonObject voter = await members.AskLeaderAsync(request, progress, CtlVerb.Quick, stop).ConfigureAwait(false);
        if (CtlVerb.IsOk(voter))
        {
            KeepInFile(parsed, progress, configuration => configuration.With(new ClusterMember(
                id, parsed.GetValue(s_kind) == "witness" ? MemberKind.Witness : MemberKind.Engine, IsVoter: true, parsed.GetValue(s_priority), parsed.GetValue(s_peer)!, parsed.GetValue(s_fix) ?? string.Empty)));
        }

        return CtlVerb.Tell(parsed, voter, _ => $"member {id} votes");
    }

    private static async Task<int> RemoveAsync(ParseResult parsed, CancellationToken stop)
    {
        int id = parsed.GetValue(s_id);
        JsonObject request = new() { ["verb"] = "member-remove", ["id"] = id };
        JsonObject answer = await CtlSwitches.Operator(parsed).AskLeaderAsync(request, CtlVerb.Progress(parsed), CtlVerb.Quick, stop).ConfigureAwait(false);
        if (CtlVerb.IsOk(answer))
        {
            KeepInFile(parsed, CtlVerb.Progress(parsed), configuration => configuration.Without(id));
        }

        return CtlVerb.Tell(parsed, answer, _ => $"member {id} is no member any more; stop its process");
    }

    /// <summary>The members keep who they are in their logs; the file is what processes and operators begin with, so it follows.</summary>
    private static void KeepInFile(ParseResult parsed, Action<string> progress, Func<ClusterConfiguration, ClusterConfiguration> change)
    {
        string directory = CtlSwitches.DirectoryOf(parsed);
        if (parsed.GetValue(CtlSwitches.Connect) is { Length: > 0 } || !ClusterFile.ExistsIn(directory))
        {
            return;
        }

        ClusterFile file = ClusterFile.Load(directory);
        ClusterConfiguration next = change(file.Configuration);
        if (!next.Members.SequenceEqual(file.Configuration.Members))
        {
            (file with { Configuration = next }).Save(directory);
            progress($"{ClusterFile.PathIn(directory)} says so too; copy it to the other boxes");
        }
    }

    private static async Task<bool> IsLearnerAsync(ClusterOperator members, int id, CancellationToken stop)
    {
        ClusterReport report = await members.StatusAsync(stop).ConfigureAwait(false);
        return report.Leader?.Peer(id) is { } peer && !MemberReport.FlagOf(peer, "voter");
    }

    private static async Task CatchUpAsync(ClusterOperator members, int id, CancellationToken stop) => _ = await members.UntilAsync(
        report => report.Leader?.Peer(id) is { } peer && MemberReport.NumberOf(peer, "match") > 0 && MemberReport.NumberOf(peer, "lag_bytes") <= LagBytesMax && !MemberReport.FlagOf(peer, "recovering"),
        s_look,
        CtlVerb.Long,
        _ => $"member {id} receives the log but has not caught up after {CtlVerb.Long.TotalSeconds:F0} s; is its process running? The same command goes on from here",
        stop).ConfigureAwait(false);

    private static JsonObject AddRequest(ParseResult parsed)
    {
        string kind = parsed.GetValue(s_kind)!;
        string peer = parsed.GetValue(s_peer)!;
        string fix = parsed.GetValue(s_fix) ?? string.Empty;
        _ = Client.HostAddress.Parse(peer);
        if (kind == "engine" ? fix.Length == 0 : fix.Length > 0)
        {
            throw new HostException(kind == "engine" ? "an engine needs --fix HOST:PORT, where its gateway listens" : "a witness serves no clients; leave --fix out", ExitCode.BadInput);
        }

        _ = fix.Length > 0 ? Client.HostAddress.Parse(fix) : null;
        return new JsonObject
        {
            ["verb"] = "member-add",
            ["id"] = parsed.GetValue(s_id),
            ["kind"] = kind,
            ["peer"] = peer,
            ["fix"] = fix,
            ["priority"] = parsed.GetValue(s_priority),
        };
    }
}
