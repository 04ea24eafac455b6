using System.CommandLine;
using System.Globalization;
using Exchange.Host.Configuration;
using Exchange.Host.Local;

namespace Exchange.Host.Commands;

/// <summary>`exchange local`: a working exchange on this box, in processes of its own.</summary>
internal static class LocalCommand
{
    private const int MembersMax = 7;

    /// <summary>Builds the verb.</summary>
    public static Command Create()
    {
        Option<string> directory = new("--dir") { Description = "Directory of all state.", DefaultValueFactory = static _ => StateDirectory.Default };
        Option<int?> port = new("--fix-port") { Description = "FIX port of the first gateway, the others take the next ones; 0 takes free ones in a new directory, and those of before in one that holds a cluster (default: 9880, later as before)." };
        Option<int?> members = new("--members") { Description = "Number of members: 1, or 2 engines, or 2 engines and a witness for 3, or more engines (default: 3, later as before)." };
        Option<bool> witness = new("--witness") { Description = "The last member is a witness: a log and a vote, but no books. So it is with three members." };
        Option<bool> noWitness = new("--no-witness") { Description = "All members are engines." };
        Option<bool> noRestart = new("--no-restart") { Description = "Leave a process that ends where it is." };
        Option<string?> instruments = new("--instruments") { Description = "Instruments file that seeds an empty log (default: development instruments)." };
        Option<string?> participants = new("--participants") { Description = "Participants file that seeds an empty log (default: HFT1 to HFT8)." };
        Option<string?> markets = new("--markets") { Description = "Markets file that seeds an empty log: market groups, their schedules, what follows a failover (default: one group that trades all day)." };
        Option<bool> reset = new("--reset") { Description = "Delete the state in the directory first." };
        Option<string> threading = new("--threading") { Description = "separate: gateway and member are processes; composed: both on one thread of one process.", DefaultValueFactory = static _ => "separate" };
        Option<int> gatewayCpu = new("--gateway-cpu") { Description = "CPU to pin the gateway's thread to; -1 for none.", DefaultValueFactory = static _ => -1 };
        Option<int> memberCpu = new("--member-cpu") { Description = "CPU to pin the member's thread to; -1 for none.", DefaultValueFactory = static _ => -1 };
        Option<bool> noRehearsal = new("--no-rehearsal") { Description = "No process plays a failover in small after its start.", Hidden = true };
        MemberSwitches shared = new();
        TlsSwitches tls = new();
        CliChecks.OneOf(threading, "separate", "composed");
        CliChecks.InRange(port, 0, 65535);
        CliChecks.InRange(members, 1, MembersMax);
        Command command = new("local", "Run a whole exchange on this box, on loopback, until Ctrl-C.")
        {
            directory, port, members, witness, noWitness, noRestart, instruments, participants, markets, reset, threading, memberCpu, gatewayCpu,
            shared.Durability, shared.Idle, shared.SnapshotEvery, shared.DayEnd, noRehearsal,
        };
        foreach (Option option in tls.All)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(witness) && (result.GetValue(noWitness) || (CliChecks.TryGet(result, members, out int? count) && count is 1 or 2)))
            {
                result.AddError("--witness needs --members 3 or more, and does not go with --no-witness.");
            }
        });
        command.SetAction(async (parsed, _) =>
        {
            LocalOptions options = new()
            {
                Directory = Path.GetFullPath(parsed.GetValue(directory)!),
                FixPort = parsed.GetValue(port),
                Members = parsed.GetValue(members),
                Witness = parsed.GetValue(witness) ? true : parsed.GetValue(noWitness) ? false : null,
                NoRestart = parsed.GetValue(noRestart),
                InstrumentsFile = parsed.GetValue(instruments),
                ParticipantsFile = parsed.GetValue(participants),
                MarketsFile = parsed.GetValue(markets),
                Durability = parsed.GetValue(shared.Durability),
                Threading = parsed.GetValue(threading)!,
                Idle = parsed.GetValue(shared.Idle)!,
                MemberCpu = parsed.GetValue(memberCpu),
                GatewayCpu = parsed.GetValue(gatewayCpu),
                SnapshotEveryMib = parsed.GetValue(shared.SnapshotEvery),
                DayEnd = parsed.GetValue(shared.DayEnd)!,
                Rehearses = !parsed.GetValue(noRehearsal),
                Tls = tls.Read(parsed, needsCertificate: false),
            };
            if (options.Tls is not null && (options.Threading == "composed" || options.Idle == "spin"))
            {
                throw new HostException("--tls-port needs --threading separate and --idle backoff or yield: a thread that spins on its sockets has no time to encrypt", ExitCode.BadInput);
            }

            // Files are checked before anything is started or deleted, so that a mistake in them leaves nothing half-done.
            SeedFiles.Check(options.InstrumentsFile, options.ParticipantsFile, options.MarketsFile);
            using StopSignal stop = new(supervised: false);
            using LocalSupervisor supervisor = new(options, Say);
            if (parsed.GetValue(reset))
            {
                StateDirectory.Reset(options.Directory);
            }

            return await supervisor.RunAsync(stop.Token).ConfigureAwait(false);
        });
        return command;
    }

    // Not through the library for tables, which would break long lines where nobody reads along.
    private static void Say(string line) => Console.WriteLine($"{DateTime.UtcNow.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {line}");
}
