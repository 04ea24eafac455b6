using System.CommandLine;
using Exchange.Host.Configuration;
using Exchange.Host.Local;

namespace Exchange.Host.Commands;

/// <summary>`exchange local`: a working exchange on this box, in processes of its own.</summary>
internal static class LocalCommand
{
    /// <summary>Builds the verb.</summary>
    public static Command Create()
    {
        Option<string> directory = new("--dir") { Description = "Directory of all state.", DefaultValueFactory = static _ => StateDirectory.Default };
        Option<int> port = new("--fix-port") { Description = "FIX port; 0 takes a free one.", DefaultValueFactory = static _ => 9880 };
        Option<int> members = new("--members") { Description = "Number of members.", DefaultValueFactory = static _ => 1 };
        Option<string?> instruments = new("--instruments") { Description = "Instruments file that seeds an empty log (default: development instruments)." };
        Option<string?> participants = new("--participants") { Description = "Participants file that seeds an empty log (default: HFT1 to HFT8)." };
        Option<bool> reset = new("--reset") { Description = "Delete the state in the directory first." };
        Option<string> threading = new("--threading") { Description = "separate: gateway and member are processes; composed: both on one thread of one process.", DefaultValueFactory = static _ => "separate" };
        Option<int> gatewayCpu = new("--gateway-cpu") { Description = "CPU to pin the gateway's thread to; -1 for none.", DefaultValueFactory = static _ => -1 };
        Option<int> memberCpu = new("--member-cpu") { Description = "CPU to pin the member's thread to; -1 for none.", DefaultValueFactory = static _ => -1 };
        MemberSwitches shared = new();
        CliChecks.OneOf(threading, "separate", "composed");
        CliChecks.InRange(port, 0, 65535);
        CliChecks.InRange(members, 1, 1);
        Command command = new("local", "Run a whole exchange on this box, on loopback, until Ctrl-C.")
        {
            directory, port, members, instruments, participants, reset, threading, memberCpu, gatewayCpu, shared.Durability, shared.Idle, shared.SnapshotEvery, shared.DayEnd,
        };
        command.SetAction(async (parsed, _) =>
        {
            LocalOptions options = new()
            {
                Directory = Path.GetFullPath(parsed.GetValue(directory)!),
                FixPort = parsed.GetValue(port),
                Members = parsed.GetValue(members),
                InstrumentsFile = parsed.GetValue(instruments),
                ParticipantsFile = parsed.GetValue(participants),
                Durability = parsed.GetValue(shared.Durability) ?? "fsync",
                Threading = parsed.GetValue(threading)!,
                Idle = parsed.GetValue(shared.Idle)!,
                MemberCpu = parsed.GetValue(memberCpu),
                GatewayCpu = parsed.GetValue(gatewayCpu),
                SnapshotEveryMib = parsed.GetValue(shared.SnapshotEvery),
                DayEnd = parsed.GetValue(shared.DayEnd)!,
            };

            // Files are checked before anything is started or deleted, so that a mistake in them leaves nothing half-done.
            SeedFiles.Check(options.InstrumentsFile, options.ParticipantsFile);
            using StopSignal stop = new(supervised: false);
            using LocalSupervisor supervisor = new(options);
            if (parsed.GetValue(reset))
            {
                StateDirectory.Reset(options.Directory);
            }

            return await supervisor.RunAsync(stop.Token).ConfigureAwait(false);
        });
        return command;
    }
}
