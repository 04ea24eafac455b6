// Problem: a simulation that has found nothing may have looked at nothing. Idea: bugs of every layer, each planted where such a bug would sit,
// each to be found within a few seeds. What must hold: a bug that is not found is a hole in the simulation, and is closed there.
using System.Runtime.InteropServices;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Consensus.Messages;
using Exchange.Core;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;

namespace Exchange.Simulation.Faults;

/// <summary>Bugs by name.</summary>
internal static class PlantedBugs
{
    public static IReadOnlyDictionary<string, RunOptions> All { get; } = new SortedDictionary<string, RunOptions>(StringComparer.Ordinal)
    {
        ["accept above a limit everywhere"] = Everywhere(static core => new DeafMachine(core, CommandType.SetLimits)),
        ["accept behind a kill switch everywhere"] = Everywhere(static core => new DeafMachine(core, CommandType.KillSwitch)),
        ["cancel nothing at a kill switch everywhere"] = Everywhere(static core => new BluntMachine(core)),
        ["forget the position of a fill everywhere"] = Everywhere(static core => new CarelessMachine(core)),
        ["commit without majority"] = Raft(PlantedDefects.CommitWithoutMajority),
        ["forget the vote"] = Raft(PlantedDefects.ForgetVote) with { Scenario = new Scenario { IsCloseRace = true } },
        ["skip a truncation"] = Raft(PlantedDefects.SkipTruncation),
        ["commit an old term"] = Raft(PlantedDefects.CommitOldTerm),
        ["vote for a shorter log"] = Raft(PlantedDefects.VoteForShorterLog),
        ["acknowledge before the flush"] = Raft(PlantedDefects.AckBeforeFlush),
        ["vote while recovering"] = Raft(PlantedDefects.RecoveringVotes),
        ["lose the vote file"] = new RunOptions { HasRules = false, ForgetsVotes = true, Scenario = new Scenario { IsCloseRace = true } },
        ["acknowledge what was not received"] = new RunOptions { HasRules = false, Tamper = Overstate },
        ["apply twice"] = new RunOptions { HasRules = false, Machine = static (_, inner) => new TwiceMachine(inner) },
        ["diverge on one member"] = new RunOptions { HasRules = false, Machine = static (id, inner) => id == 2 ? new DeafMachine(inner, CommandType.CancelOrder) : new DeafMachine(inner, CommandType.None) },
        ["leave out cancels everywhere"] = new RunOptions { HasRules = false, Machine = static (_, inner) => new DeafMachine(inner, CommandType.CancelOrder) },
        ["keep sessions bound over a term"] = new RunOptions { HasRules = false, Machine = static (_, inner) => new DeafMachine(inner, CommandType.TermStarted) },
        ["snapshot misses a part"] = new RunOptions { HasRules = false, Machine = static (_, inner) => new ForgetfulMachine(inner) },
        ["drop a resent message"] = new RunOptions { HasRules = false, Egress = DropResent },
        ["send a message twice"] = new RunOptions { HasRules = false, Egress = SendTwice },
        ["skip a number"] = new RunOptions { HasRules = false, Egress = SkipNumber },
        ["lose a live message"] = new RunOptions { HasRules = false, Egress = DropLive },
    };

    private static RunOptions Raft(PlantedDefects defects) => new() { HasRules = false, Defects = defects };

    // All members have it, and the replay that they are compared with: they agree, and only the rule book can say that they are wrong.
    private static RunOptions Everywhere(Func<ExchangeCore, IStateMachine> machine) => new() { HasRules = true, IsReplayWrong = true, Machine = (_, core) => machine(core) };

    // A follower that says it has what the leader has sent it, whether it came or not.
    private static byte[]? Overstate(int from, int to, byte[] message)
    {
        if (message.Length == AppendReply.SizeBytes && MemoryMarshal.Read<ushort>(message) == ConsensusMessageType.AppendReply)
        {
            ref AppendReply reply = ref MemoryMarshal.AsRef<AppendReply>(message.AsSpan());
            if (reply.Sequence % 16 == 0 && (reply.Flags & AppendReply.AcceptedFlag) != 0)
            {
                reply.Acked += 4096;
                reply.Match += 4096;
            }
        }

        return message;
    }

    private static IEnumerable<byte[]> DropResent(int member, byte[] record)
    {
        ref readonly EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(record);
        return (header.Flags & EventFlags.PossDup) != 0 && header.Type == EventType.ExecutionReport && header.MsgSeqNum % 16 == 0 ? [] : [record];
    }

    private static IEnumerable<byte[]> SendTwice(int member, byte[] record)
    {
        ref readonly EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(record);
        return header.Type == EventType.ExecutionReport && header.MsgSeqNum % 64 == 0 ? [record, record] : [record];
    }

    private static IEnumerable<byte[]> DropLive(int member, byte[] record)
    {
        ref readonly EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(record);
        return header.Type == EventType.ExecutionReport && header.MsgSeqNum % 64 == 0 && header.Flags == EventFlags.None ? [] : [record];
    }

    private static IEnumerable<byte[]> SkipNumber(int member, byte[] record)
    {
        ref EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(record.AsSpan());
        if (header.MsgSeqNum > 100 && header.Flags == EventFlags.None)
        {
            header.MsgSeqNum++;
        }

        return [record];
    }
}
