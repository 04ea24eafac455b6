using System.CommandLine;
using System.Globalization;
using Exchange.Host.Configuration;
using Exchange.Host.Local;
using Exchange.Host.Processes;

namespace Exchange.Host.Commands;

/// <summary>`exchange member`: one member, with or without a gateway on the same thread.</summary>
internal static class MemberCommand
{
    /// <summary>Builds the verb.</summary>
    public static Command Create()
    {
        Option<string> directory = new("--dir") { Description = "Directory of all state.", DefaultValueFactory = static _ => StateDirectory.Default };
        Option<string?> instruments = new("--instruments") { Description = "Instruments file that seeds an empty log." };
        Option<string?> participants = new("--participants") { Description = "Participants file that seeds an empty log." };
        Option<int?> fixPort = new("--fix-port") { Description = "Run a gateway on the same thread and listen for FIX on this port." };
        MemberSwitches member = new();
        ProcessSwitches process = new();
        Command command = new("member", "Run one member. `exchange local` does this for you.")
        {
            directory, instruments, participants, fixPort, member.Durability, member.Idle, member.SnapshotEvery, member.DayEnd, process.Cpu, process.Log, process.Supervised,
        };
        command.SetAction(parsed =>
        {
            MemberProcess.Settings settings = new()
            {
                Directory = Path.GetFullPath(parsed.GetValue(directory)!),
                InstrumentsFile = parsed.GetValue(instruments),
                ParticipantsFile = parsed.GetValue(participants),
                FixPort = parsed.GetValue(fixPort),
                Durability = parsed.GetValue(member.Durability) == "fsync" ? Cluster.Durability.Fsync : Cluster.Durability.Replicated,
                Idle = parsed.GetValue(member.Idle)!,
                SnapshotEveryBytes = (long)parsed.GetValue(member.SnapshotEvery) << 20,
                DayEnd = TimeOnly.ParseExact(parsed.GetValue(member.DayEnd)!, "HH:mm", CultureInfo.InvariantCulture),
                Cpu = parsed.GetValue(process.Cpu),
                LogFile = parsed.GetValue(process.Log),
            };
            using StopSignal stop = new(parsed.GetValue(process.Supervised));
            return MemberProcess.Run(settings, stop.Token);
        });
        return command;
    }
}
