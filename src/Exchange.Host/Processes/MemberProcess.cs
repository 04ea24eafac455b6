using System.Net;
using Exchange.Cluster;
using Exchange.Cluster.Consensus;
using Exchange.Core;
using Exchange.Gateway;
using Exchange.Host.Configuration;
using Exchange.Host.Local;
using Exchange.Ipc.Agents;
using Exchange.Protocol;
using Serilog.Core;

namespace Exchange.Host.Processes;

/// <summary>The member process: recovers, then runs the member's agent, and in composed mode a gateway on the same thread.</summary>
internal static class MemberProcess
{
    /// <summary>Runs until stopped; returns the exit code.</summary>
    public static int Run(Settings settings, CancellationToken stop)
    {
        // Files are read before anything is opened, so that a mistake in them leaves nothing half-started.
        List<byte[]> seed = SeedFiles.Commands(settings.InstrumentsFile, settings.ParticipantsFile, settings.DayEnd);
        string memberDirectory = StateDirectory.Member(settings.Directory, 1);
        try
        {
            Directory.CreateDirectory(memberDirectory);
            using Logger log = ProcessLog.Open(settings.LogFile);
            return Run(settings, memberDirectory, seed, log, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MemberFailedException or InvariantException or GatewayListenException)
        {
            throw new HostException(e.Message, e);
        }
    }

    private static int Run(Settings settings, string memberDirectory, List<byte[]> seed, Logger log, CancellationToken stop)
    {
        MemberOptions options = new()
        {
            Directory = memberDirectory,
            AeronDirectory = StateDirectory.Aeron(settings.Directory, 1),
            Durability = settings.Durability ?? Durability.Fsync,
            StateMachineFactory = static () => new ExchangeCore(),
            Seed = seed,
            SnapshotEveryBytes = settings.SnapshotEveryBytes,
            Log = line => log.Information("{Line:l}", line),
        };
        try
        {
            using Member member = Member.Open(options);
            NoteSeed(settings, memberDirectory, member, log);
            if (settings.FixPort is { } port)
            {
                RunComposed(settings, member, options.AeronDirectory, port, log, stop);
            }
            else
            {
                AgentHost.Run(member.Agent, settings.Idle, settings.Cpu, static () => true, static () => ChildReady.Announce(string.Empty), options.Log, stop);
            }

            return ExitCode.Success;
        }
        catch (Exception e)
        {
            log.Error(e, "the member stops: {Reason:l}", e.Message);
            throw;
        }
    }

    private static void RunComposed(Settings settings, Member member, string aeronDirectory, int port, Logger log, CancellationToken stop)
    {
        using GatewayAgent gateway = GatewayProcess.CreateAgent(1, new IPEndPoint(IPAddress.Loopback, port), aeronDirectory, polled: true, unattachedPatience: null, log);
        CompositeAgent both = new(gateway, member.Agent);
        AgentHost.Run(
            both,
            settings.Idle,
            settings.Cpu,
            () => gateway.IsReady,
            () => ChildReady.Announce(gateway.FixEndPoint.ToString()),
            line => log.Warning("{Line:l}", line),
            stop);
    }

    private static void NoteSeed(Settings settings, string memberDirectory, Member member, Logger log)
    {
        if (member.WasEmpty)
        {
            SeedFiles.Remember(memberDirectory, settings.InstrumentsFile, settings.ParticipantsFile);
        }
        else if (SeedFiles.DifferFromLog(memberDirectory, settings.InstrumentsFile, settings.ParticipantsFile))
        {
            const string message = "instruments or participants differ from what the log was seeded with; the log's stay in force. "
                + "To start over with the files, and an empty log: exchange local --reset";
            log.Warning(message);
            Console.Error.WriteLine($"exchange: warning: {message}");
        }
    }

    /// <summary>What the command line asked for.</summary>
    internal sealed record Settings
    {
        /// <summary>Directory of all state.</summary>
        public required string Directory { get; init; }

        /// <summary>Which member this is.</summary>
        public int MemberId { get; init; } = 1;

        /// <summary>What the cluster file must call it; null for either kind.</summary>
        public MemberKind? Kind { get; init; }

        /// <summary>Instruments file, or null for the built-in one.</summary>
        public string? InstrumentsFile { get; init; }

        /// <summary>Participants file, or null for the built-in one.</summary>
        public string? ParticipantsFile { get; init; }

        /// <summary>FIX port of a gateway on the same thread; null for none.</summary>
        public int? FixPort { get; init; }

        /// <summary>When a command counts as committed; null: as the cluster file says, or fsync for a single member.</summary>
        public required Durability? Durability { get; init; }

        /// <summary>backoff, yield or spin.</summary>
        public required string Idle { get; init; }

        /// <summary>Log growth between snapshots, bytes.</summary>
        public required long SnapshotEveryBytes { get; init; }

        /// <summary>End of the trading day in UTC.</summary>
        public required TimeOnly DayEnd { get; init; }

        /// <summary>CPU; -1 for none.</summary>
        public required int Cpu { get; init; }

        /// <summary>Log file; null for standard error.</summary>
        public string? LogFile { get; init; }
    }
}
