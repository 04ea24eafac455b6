using System.CommandLine;
using System.Globalization;
using Exchange.Cluster.Consensus;
using Exchange.Host.Configuration;
using Exchange.Host.Local;
using Exchange.Host.Processes;

namespace Exchange.Host.Commands;

/// <summary>`exchange member` and `exchange witness`: one member, with or without a gateway on the same thread.</summary>
internal static class MemberCommand
{
    /// <summary>Builds the verb for an engine, or for whatever the cluster file says that the member is.</summary>
    public static Command Create() => Create("member", "Run one member. `exchange local` does this for you.", null);

    /// <summary>Builds the verb for a witness.</summary>
    public static Command CreateWitness() =>
        Create("witness", "Run a witness: a member with a log and a vote, but no books and no clients. `exchange local` does this for you.", MemberKind.Witness);

    private static Command Create(string name, string description, MemberKind? kind)
    {
        Option<string> directory = new("--dir") { Description = "Directory of all state.", DefaultValueFactory = static _ => StateDirectory.Default };
        Option<int> id = new("--id") { Description = "Which member of DIR/cluster.yaml this is.", DefaultValueFactory = static _ => 1 };
        Option<bool> bootstrap = new("--bootstrap") { Description = "The cluster is being created now: this member may vote at once. Never for a member that lost its state." };
        Option<string?> instruments = new("--instruments") { Description = "Instruments file that seeds an empty log." };
        Option<string?> participants = new("--participants") { Description = "Participants file that seeds an empty log." };
        Option<string?> markets = new("--markets") { Description = "Markets file that seeds an empty log: market groups, their schedules, what follows a failover (default: one group that trades all day)." };
        Option<int?> fixPort = new("--fix-port") { Description = "Run a gateway on the same thread and listen for FIX on this port." };
        MemberSwitches member = new();
        ProcessSwitches process = new();
        CliChecks.InRange(id, 1, 255);
        CliChecks.InRange(fixPort, 0, 65535);
        Command command = new(name, description)
        {
            directory, id, bootstrap, instruments, participants, markets, fixPort, member.Durability, member.Idle, member.SnapshotEvery, member.DayEnd, process.Cpu, process.Log, process.Supervised, process.NoRehearsal,
        };
        command.Validators.Add(result =>
        {
            if (kind == MemberKind.Witness && CliChecks.TryGet(result, fixPort, out int? port) && port is not null)
            {
                result.AddError("A witness serves no clients; leave --fix-port out.");
            }
        });
        command.SetAction(parsed =>
        {
            string fullDirectory = Path.GetFullPath(parsed.GetValue(directory)!);
            MemberProcess.Settings settings = new()
            {
                Directory = fullDirectory,
                MemberId = parsed.GetValue(id),
                Kind = kind,
                IsNewCluster = parsed.GetValue(bootstrap),
                InstrumentsFile = parsed.GetValue(instruments),
                ParticipantsFile = parsed.GetValue(participants),
                MarketsFile = parsed.GetValue(markets),
                FixPort = parsed.GetValue(fixPort),
                Durability = member.ReadDurability(parsed),
                Idle = parsed.GetValue(member.Idle)!,
                SnapshotEveryBytes = (long)parsed.GetValue(member.SnapshotEvery) << 20,
                DayEnd = TimeOnly.ParseExact(parsed.GetValue(member.DayEnd)!, "HH:mm", CultureInfo.InvariantCulture),
                Cpu = parsed.GetValue(process.Cpu),
                LogFile = parsed.GetValue(process.Log),
                Rehearses = !parsed.GetValue(process.NoRehearsal),
            };
            using StopSignal stop = new(parsed.GetValue(process.Supervised));
            return MemberProcess.Run(settings, stop.Token);
        });
        return command;
    }
}
