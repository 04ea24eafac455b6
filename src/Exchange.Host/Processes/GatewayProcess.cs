using System.Globalization;
using System.Net;
using Exchange.Cluster.Consensus;
using Exchange.Gateway;
using Exchange.Host.Configuration;
using Exchange.Host.Local;
using Serilog.Core;

namespace Exchange.Host.Processes;

/// <summary>The gateway process.</summary>
internal static class GatewayProcess
{
    /// <summary>Runs until stopped; returns the exit code.</summary>
    public static int Run(Settings settings, CancellationToken stop)
    {
        if (!IPAddress.TryParse(settings.Address, out IPAddress? address))
        {
            throw new HostException($"--fix-address '{settings.Address}' is not an IP address; use for example 127.0.0.1", ExitCode.BadInput);
        }

        ClusterFile? cluster = ClusterFile.ExistsIn(settings.Directory) ? ClusterFile.Load(settings.Directory) : null;
        CheckMember(settings, cluster);
        try
        {
            using Logger log = ProcessLog.Open(settings.LogFile);
            bool spins = settings.Idle == "spin";
            TimeSpan lease = LeaseOf(cluster);
            bool inCluster = lease > TimeSpan.Zero;
            Action<string> warn = line => log.Warning("{Line:l}", line);
            using Rehearsal? rehearsal = inCluster && settings.Rehearses ? Rehearse(settings, spins, log) : null;
            AgentHost.GoFirst(settings.Idle, warn);
            using GatewayAgent agent = CreateAgent(settings.GatewayId, new IPEndPoint(address, settings.FixPort), StateDirectory.Aeron(settings.Directory, settings.MemberId), spins, lease, log, settings.Tls?.ToOptions(address));

            // Beside a follower a gateway has nothing to do but to turn clients away, and does that from the start.
            Func<bool> isReady = () => inCluster || agent.IsReady;
            Action onReady = () => ChildReady.Announce(agent.FixEndPoint.ToString());
            if (settings.Idle == "backoff")
            {
                // Sockets wake a gateway that sleeps.
                AgentHost.Run(agent, new GatewayIdleStrategy(agent.Signal), settings.Cpu, isReady, onReady, warn, stop);
            }
            else
            {
                AgentHost.Run(agent, settings.Idle, settings.Cpu, isReady, onReady, warn, stop);
            }

            return ExitCode.Success;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or GatewayListenException)
        {
            throw new HostException(e.Message, e);
        }
    }

    /// <summary>The lease of gateways: the time after which the other members elect another leader; zero for a member that nobody can depose.</summary>
    public static TimeSpan LeaseOf(ClusterFile? cluster) => cluster is null ? TimeSpan.Zero : TimeSpan.FromMilliseconds(cluster.ElectionTimeoutNs / 1e6);

    private static void CheckMember(Settings settings, ClusterFile? cluster)
    {
        string path = ClusterFile.PathIn(settings.Directory);
        if (cluster is null)
        {
            if (settings.MemberId != 1)
            {
                throw new HostException($"{path}: no such file; a member that is alone is --member 1", ExitCode.BadInput);
            }
        }
        else if (!cluster.Configuration.TryFind(settings.MemberId, out ClusterMember? member) || member.Kind != MemberKind.Engine)
        {
            throw new HostException($"{path}: there is no engine {settings.MemberId}; name the engine on this box with --member", ExitCode.BadInput);
        }
    }

    private static Rehearsal Rehearse(Settings settings, bool polled, Logger log) => Rehearsal.Start(new RehearsalOptions
    {
        Directory = StateDirectory.Rehearsal(settings.Directory, settings.MemberId, string.Create(CultureInfo.InvariantCulture, $"gateway-{settings.GatewayId}")),
        IsCluster = false,
        Polled = polled,
        Log = line => log.Information("{Line:l}", line),
        Warn = (line, e) => log.Warning(e, "{Line:l}", line),
    });

    /// <summary>Makes the agent; polled sockets where a thread spins, pipelines elsewhere.</summary>
    /// <param name="id">Gateway id.</param>
    /// <param name="endPoint">Where clients connect.</param>
    /// <param name="aeronDirectory">Shared memory of the member.</param>
    /// <param name="polled">Whether a thread spins on the sockets.</param>
    /// <param name="lease">How long clients are served without a sign of life from the member; zero for a member that nobody can depose.</param>
    /// <param name="log">Log.</param>
    /// <param name="tls">The TLS port; null for none.</param>
    public static GatewayAgent CreateAgent(int id, IPEndPoint endPoint, string aeronDirectory, bool polled, TimeSpan lease, Logger log, GatewayTlsOptions? tls = null)
    {
        GatewayOptions options = new()
        {
            GatewayId = id,
            ListenEndPoint = endPoint,
            Tls = tls,
            AeronDirectory = aeronDirectory,
            MemberLease = lease,
            IoDriver = polled ? GatewayIoDriver.Polled : GatewayIoDriver.Pipelines,
        };

        // Where another member may lead already, a client that waits loses time.
        return new GatewayAgent(lease > TimeSpan.Zero ? options with { UnattachedPatience = TimeSpan.Zero } : options, new SerilogGatewayLog(log));
    }

    /// <summary>What the command line asked for.</summary>
    internal sealed record Settings
    {
        /// <summary>Directory of the member's state.</summary>
        public required string Directory { get; init; }

        /// <summary>The member it serves.</summary>
        public int MemberId { get; init; } = 1;

        /// <summary>Gateway id.</summary>
        public required int GatewayId { get; init; }

        /// <summary>Address to listen on.</summary>
        public required string Address { get; init; }

        /// <summary>FIX port; 0 for a free one.</summary>
        public required int FixPort { get; init; }

        /// <summary>backoff, yield or spin.</summary>
        public required string Idle { get; init; }

        /// <summary>CPU; -1 for none.</summary>
        public required int Cpu { get; init; }

        /// <summary>Log file; null for standard error.</summary>
        public string? LogFile { get; init; }

        /// <summary>The TLS port; null for none.</summary>
        public TlsSettings? Tls { get; init; }

        /// <summary>Whether a process of a cluster plays a failover in small beside its work.</summary>
        public bool Rehearses { get; init; } = true;
    }
}
