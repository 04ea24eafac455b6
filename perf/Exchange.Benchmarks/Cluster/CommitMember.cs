using System.Globalization;
using System.Net;
using Exchange.Cluster;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Gateways;
using Exchange.Cluster.Peers;
using Exchange.Cluster.Recovery;
using Exchange.Cluster.Snapshots;
using Exchange.Log;
using Exchange.Log.History;

namespace Exchange.Benchmarks.Cluster;

/// <summary>One member of the cluster that is measured, over real sockets, log and flusher.</summary>
internal sealed class CommitMember : IDisposable
{
    /// <summary>Number of members.</summary>
    public const int Members = 3;

    private readonly MemberParts _parts;
    private readonly TcpPeerTransport _transport;

    private CommitMember(MemberParts parts, TcpPeerTransport transport, MemberNode node)
    {
        _parts = parts;
        _transport = transport;
        Node = node;
    }

    /// <summary>The member's logic.</summary>
    public MemberNode Node { get; }

    /// <summary>Wakes its thread.</summary>
    public PeerPoller Poller => _transport.Poller;

    /// <summary>Opens a member in a directory of its own.</summary>
    /// <param name="id">From 1; 1 leads if it can, 3 is the witness.</param>
    /// <param name="directory">Directory of all members.</param>
    /// <param name="ports">Port of each member.</param>
    /// <param name="gateways">Gateways.</param>
    public static CommitMember Open(int id, string directory, int[] ports, IGatewayPort gateways)
    {
        ClusterConfiguration configuration = new(new Guid(1, 2, 3, new byte[8]), Enumerable.Range(1, Members).Select(member => new ClusterMember(
            member,
            member == Members ? MemberKind.Witness : MemberKind.Engine,
            IsVoter: true,
            Priority: member == 1 ? 0 : 5,
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ports[member - 1]}"),
            string.Empty)));
        MemberOptions options = new()
        {
            Id = id,
            Configuration = configuration,
            Directory = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"member-{id}")),
            AeronDirectory = string.Empty,
            Durability = Durability.Replicated,
            StateMachineFactory = id == Members ? static () => new WitnessMachine() : static () => new ProbeMachine(),
            IsNewCluster = true,
        };
        SegmentedLog log = SegmentedLog.Open(new LogOptions { Directory = MemberDirectories.Log(options.Directory), SegmentBytes = options.SegmentBytes, LogId = configuration.ClusterId });
        MessageHistory history = MessageHistory.Open(new HistoryOptions { Directory = MemberDirectories.History(options.Directory), LogId = log.LogId });
        configuration.TryFind(id, out ClusterMember? self);
        TcpPeerTransport transport = new(new TcpPeerOptions
        {
            Identity = new PeerIdentity(id, self!.Kind, configuration.ClusterId, log.LogId, 1, options.SegmentBytes, "benchmark"),
            Key = new byte[32],
            ListenEndPoint = new IPEndPoint(IPAddress.Loopback, ports[id - 1]),
        });
        MemberParts parts = new()
        {
            Log = log,
            History = history,
            State = MemberRecovery.Load(options, log, history),
            Votes = FileVoteStore.Open(options.Directory, default),
            Transport = transport,
            Traffic = MemberAssembly.Traffic(options, log, history, transport, inline: false),
            Gateways = gateways,
            Flush = new LogFlushThread(log, TimeSpan.FromMilliseconds(options.FlushBehindMs)),
            Snapshots = new SnapshotTaker(new SnapshotJob(options, log, history), options.Log),
        };
        return new CommitMember(parts, transport, new MemberNode(options, parts));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parts.Snapshots.Dispose();
        _parts.Flush.Dispose();
        Node.Dispose();
        _parts.Traffic.Dispose();
        _transport.Dispose();
        _parts.History.Dispose();
        _parts.Log.Dispose();
    }
}
