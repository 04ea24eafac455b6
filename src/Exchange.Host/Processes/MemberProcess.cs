using System.Net;
using Exchange.Cluster;
using Exchange.Cluster.Comparison;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;
using Exchange.Core;
using Exchange.Gateway;
using Exchange.Host.Configuration;
using Exchange.Host.Local;
using Exchange.Ipc.Agents;
using Exchange.Log;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;
using Serilog.Core;

namespace Exchange.Host.Processes;

/// <summary>The member process: recovers, then runs the member's agent, and in composed mode a gateway on the same thread.</summary>
internal static class MemberProcess
{
    /// <summary>Runs until stopped; returns the exit code.</summary>
    public static int Run(Settings settings, CancellationToken stop)
    {
        // Files are read before anything is opened, so that a mistake in them leaves nothing half-started.
        List<byte[]> seed = SeedFiles.Commands(settings.InstrumentsFile, settings.ParticipantsFile, settings.DayEnd, settings.MarketsFile);
        StateDirectory.Claim(settings.Directory);
        ClusterFile? cluster = ClusterFile.ExistsIn(settings.Directory) ? ClusterFile.Load(settings.Directory) : null;
        byte[] key = cluster is not null || ClusterKey.ExistsIn(settings.Directory) ? ClusterKey.Load(settings.Directory) : ClusterKey.Create(settings.Directory);
        CheckMember(settings, cluster);

        string memberDirectory = StateDirectory.Member(settings.Directory, settings.MemberId);
        try
        {
            Directory.CreateDirectory(memberDirectory);
            using Logger log = ProcessLog.Open(settings.LogFile);
            foreach (string abandoned in StateDirectory.SweepSharedMemory())
            {
                log.Information("deleted the shared memory of a process that was killed: {Directory:l}", abandoned);
            }

            TimeSpan lease = GatewayProcess.LeaseOf(cluster);
            using Rehearsal? rehearsal = cluster is not null && settings.Rehearses ? Rehearse(settings, log) : null;
            AgentHost.GoFirst(settings.Idle, line => log.Warning("{Line:l}", line));
            while (true)
            {
                try
                {
                    // Made anew each time: the lives of a member must not share their randomness.
                    return Run(settings, Options(settings, cluster, key, memberDirectory, seed, log), lease, log, stop);
                }
                catch (MemberReopenException e)
                {
                    log.Information("{Reason:l}", e.Message);
                }
            }
        }
        catch (Exception e) when (e is DivergedException or LogDamagedException && cluster is not null)
        {
            throw new HostException($"{e.Message}; to rebuild it from another member: exchange ctl rebuild --dir {settings.Directory} --member {settings.MemberId}", ExitCode.NeedsRebuild);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MemberFailedException or InvariantException or GatewayListenException or InvalidDataException)
        {
            throw new HostException(e.Message, e);
        }
    }

    private static Rehearsal Rehearse(Settings settings, Logger log) => Rehearsal.Start(new RehearsalOptions
    {
        Directory = StateDirectory.Rehearsal(settings.Directory, settings.MemberId, "member"),
        IsCluster = true,
        Polled = settings.FixPort is not null || settings.Idle == "spin",
        Log = line => Write(log, line),
        Warn = (line, e) => log.Warning(e, "{Line:l}", line),
    });

    private static void CheckMember(Settings settings, ClusterFile? cluster)
    {
        string path = ClusterFile.PathIn(settings.Directory);
        if (cluster is null)
        {
            if (settings.Kind == MemberKind.Witness || settings.MemberId != 1)
            {
                throw new HostException($"{path}: no such file; only a member that is alone, with --id 1, starts without it", ExitCode.BadInput);
            }
        }
        else if (!cluster.Configuration.TryFind(settings.MemberId, out ClusterMember? self))
        {
            throw new HostException($"{path}: there is no member {settings.MemberId}; add it there or choose another --id", ExitCode.BadInput);
        }
        else if (self.Kind == MemberKind.Witness && settings.FixPort is not null)
        {
            throw new HostException($"{path}: member {settings.MemberId} is a witness, which serves no clients; leave --fix-port out", ExitCode.BadInput);
        }
        else if (settings.Kind is { } kind && kind != self.Kind)
        {
            throw new HostException($"{path}: member {settings.MemberId} is an engine, not a witness; start it with `exchange member`", ExitCode.BadInput);
        }
    }

    private static MemberOptions Options(Settings settings, ClusterFile? cluster, byte[] key, string memberDirectory, List<byte[]> seed, Logger log)
    {
        Durability durability = settings.Durability ?? cluster?.Durability ?? (cluster is null ? Durability.Fsync : Durability.Replicated);
        bool isWitness = cluster is not null && cluster.Configuration.TryFind(settings.MemberId, out ClusterMember? self) && self.Kind == MemberKind.Witness;
        RaftOptions defaults = new() { Id = settings.MemberId, Seed = Random.Shared.Next(), Durability = durability };
        return new MemberOptions
        {
            Id = settings.MemberId,
            Configuration = cluster?.Configuration,
            ClusterKey = key,
            OperatorEndPoint = cluster is null ? new IPEndPoint(IPAddress.Loopback, 0) : null,
            IsNewCluster = settings.IsNewCluster,
            Raft = new RaftOptions
            {
                Id = settings.MemberId,
                Seed = defaults.Seed,
                Durability = durability,
                HeartbeatNs = cluster?.HeartbeatNs ?? defaults.HeartbeatNs,
                ElectionTimeoutNs = cluster?.ElectionTimeoutNs ?? defaults.ElectionTimeoutNs,
                ElectionSpreadNs = cluster?.ElectionTimeoutMs * 500_000L ?? defaults.ElectionSpreadNs,
                PriorityStepNs = cluster?.ElectionTimeoutMs * 500_000L ?? defaults.PriorityStepNs,
            },
            Release = Release,
            Directory = memberDirectory,
            AeronDirectory = StateDirectory.Aeron(settings.Directory, settings.MemberId),
            Durability = durability,
            StateMachineFactory = isWitness ? static () => new WitnessMachine() : static () => new ExchangeCore(),
            Seed = seed,
            LeaderCommand = LeaderCommands(line => Write(log, line)),
            SnapshotEveryBytes = settings.SnapshotEveryBytes,
            Log = line => Write(log, line),
        };
    }

    // What comes by the clock of some place: resets of sessions, and phases of market groups.
    private static Func<IStateMachine, long, byte[]?> LeaderCommands(Action<string> log)
    {
        ResetSchedule resets = new(log);
        PhaseTimetable phases = new(log);
        return (machine, logTimeNs) => resets.Next(machine, logTimeNs) ?? phases.Next(machine, logTimeNs);
    }

    private static string Release => typeof(MemberProcess).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    // The member says how bad something is by its first word.
    private static void Write(Logger log, string line)
    {
        if (line.StartsWith("ERROR", StringComparison.Ordinal))
        {
            log.Error("{Line:l}", line);
        }
        else if (line.StartsWith("WARNING", StringComparison.Ordinal))
        {
            log.Warning("{Line:l}", line);
        }
        else
        {
            log.Information("{Line:l}", line);
        }
    }

    private static int Run(Settings settings, MemberOptions options, TimeSpan lease, Logger log, CancellationToken stop)
    {
        try
        {
            using Member member = Member.Open(options);
            NoteSeed(settings, options, member, log);
            if (member.OperatorEndPoint is { } operators)
            {
                File.WriteAllText(StateDirectory.OperatorAddress(settings.Directory), operators.ToString());
            }

            if (settings.FixPort is { } port)
            {
                RunComposed(settings, options, member, port, lease, log, stop);
            }
            else if (member.Poller is { } poller && settings.Idle == "backoff")
            {
                // Bytes of another member wake one that sleeps.
                AgentHost.Run(member.Agent, new MemberIdleStrategy(poller), settings.Cpu, static () => true, static () => ChildReady.Announce(string.Empty), options.Log, stop);
            }
            else
            {
                AgentHost.Run(member.Agent, settings.Idle, settings.Cpu, static () => true, static () => ChildReady.Announce(string.Empty), options.Log, stop);
            }

            return ExitCode.Success;
        }
        catch (Exception e) when (e is not MemberReopenException)
        {
            log.Error(e, "the member stops: {Reason:l}", e.Message);
            throw;
        }
        finally
        {
            // It names a port of this life only.
            if (options.Configuration is null)
            {
                File.Delete(StateDirectory.OperatorAddress(settings.Directory));
            }
        }
    }

    private static void RunComposed(Settings settings, MemberOptions options, Member member, int port, TimeSpan lease, Logger log, CancellationToken stop)
    {
        using GatewayAgent gateway = GatewayProcess.CreateAgent(1, new IPEndPoint(IPAddress.Loopback, port), options.AeronDirectory, polled: true, lease, log);
        CompositeAgent both = new(gateway, member.Agent);
        AgentHost.Run(
            both,
            settings.Idle,
            settings.Cpu,
            () => gateway.IsReady || options.Configuration is not null,
            () => ChildReady.Announce(gateway.FixEndPoint.ToString()),
            line => log.Warning("{Line:l}", line),
            stop);
    }

    private static void NoteSeed(Settings settings, MemberOptions options, Member member, Logger log)
    {
        if (member.WasEmpty || (options.Configuration is not null && !SeedFiles.IsRemembered(options.Directory)))
        {
            SeedFiles.Remember(options.Directory, settings.InstrumentsFile, settings.ParticipantsFile, settings.MarketsFile);
        }
        else if (SeedFiles.DifferFromLog(options.Directory, settings.InstrumentsFile, settings.ParticipantsFile, settings.MarketsFile))
        {
            string message = "instruments, participants or markets differ from what the log was seeded with; the log's stay in force. "
                + $"To apply the participants: exchange ctl participant add --dir {settings.Directory} --file {settings.ParticipantsFile ?? "FILE"} --update; "
                + $"the instruments: exchange ctl instrument define --dir {settings.Directory} {settings.InstrumentsFile ?? "FILE"}; "
                + $"the markets: exchange ctl market define --dir {settings.Directory} {settings.MarketsFile ?? "FILE"}. "
                + "To start over with the files, and an empty log: exchange local --reset";
            log.Warning("{Line:l}", message);
            Console.Error.WriteLine($"exchange: warning: {message}");
        }
    }

    /// <summary>What the command line asked for.</summary>
    internal sealed record Settings
    {
        /// <summary>Directory of all state.</summary>
        public required string Directory { get; init; }

        /// <summary>Which member of the cluster.</summary>
        public int MemberId { get; init; } = 1;

        /// <summary>The cluster is being created now.</summary>
        public bool IsNewCluster { get; init; }

        /// <summary>What the cluster file must call it; null for either kind.</summary>
        public MemberKind? Kind { get; init; }

        /// <summary>Instruments file, or null for the built-in one.</summary>
        public string? InstrumentsFile { get; init; }

        /// <summary>Participants file, or null for the built-in one.</summary>
        public string? ParticipantsFile { get; init; }

        /// <summary>Markets file, or null for one market group that trades all day.</summary>
        public string? MarketsFile { get; init; }

        /// <summary>FIX port of a gateway on the same thread; null for none.</summary>
        public int? FixPort { get; init; }

        /// <summary>When a command counts as committed; null for what the cluster's file says, or the default.</summary>
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

        /// <summary>Whether a process of a cluster plays a failover in small beside its work.</summary>
        public bool Rehearses { get; init; } = true;
    }
}
