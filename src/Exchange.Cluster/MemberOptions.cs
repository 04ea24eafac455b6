using System.Net;
using Exchange.Cluster.Consensus;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster;

/// <summary>How a member runs.</summary>
public sealed class MemberOptions
{
    /// <summary>Directory of log, snapshots and history; created when absent.</summary>
    public required string Directory { get; init; }

    /// <summary>Directory of the media driver's shared memory.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>Which member of its cluster this is.</summary>
    public int Id { get; init; } = 1;

    /// <summary>The members of the cluster when its log began; null for a member that is alone.</summary>
    public ClusterConfiguration? Configuration { get; init; }

    /// <summary>
    /// The cluster is being created now: a member without any state may vote at once. Never for a member whose state was lost: it may have
    /// forgotten what it had acknowledged, and must first be brought up to date.
    /// </summary>
    public bool IsNewCluster { get; init; }

    /// <summary>Shared secret of the cluster's members and operators; required with several members.</summary>
    public byte[] ClusterKey { get; init; } = [];

    /// <summary>Where operators reach a member that is alone, with <see cref="ClusterKey"/>; null for nowhere. Port 0 takes any.</summary>
    public IPEndPoint? OperatorEndPoint { get; init; }

    /// <summary>Heartbeats, election timeouts, windows; its id and durability must be this member's. Null for the defaults.</summary>
    public RaftOptions? Raft { get; init; }

    /// <summary>The build, for people.</summary>
    public string Release { get; init; } = "dev";

    /// <summary>When a command counts as committed.</summary>
    public Durability Durability { get; init; } = Durability.Fsync;

    /// <summary>Makes an empty state machine; called again for each shadow that takes a snapshot.</summary>
    public required Func<IStateMachine> StateMachineFactory { get; init; }

    /// <summary>Commands that go into an empty log first; ignored when the log has entries.</summary>
    public IReadOnlyList<byte[]> Seed { get; init; } = [];

    /// <summary>
    /// Asked by the leader a few times a second: a command that the machine's state calls for and that the machine cannot make itself,
    /// because it takes knowledge from outside, such as the rules of a time zone. It is given the machine and the log time.
    /// </summary>
    public Func<IStateMachine, long, byte[]?> LeaderCommand { get; init; } = static (_, _) => null;

    /// <summary>Bytes in a log segment.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>A snapshot is taken when the log has grown by this much since the last one, bytes.</summary>
    public long SnapshotEveryBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Bytes of log that stay although snapshots cover them. By default everything stays: the log is the audit trail, and an operator who
    /// limits it has it kept elsewhere.
    /// </summary>
    public long LogKeepBytes { get; init; } = long.MaxValue;

    /// <summary>Snapshots kept; older ones are deleted.</summary>
    public int SnapshotsKept { get; init; } = 2;

    /// <summary>Messages kept per FIX session for resends.</summary>
    public int HistoryMessagesPerSession { get; init; } = 1_000_000;

    /// <summary>A session whose gateway has this many messages of it still to take is dropped as a slow consumer.</summary>
    public int FeedLagMax { get; init; } = 262_144;

    /// <summary>Fragments taken from one gateway in one turn.</summary>
    public int IngressFragmentsPerTurn { get; init; } = 64;

    /// <summary>Ingress is left in the gateways' term buffers while more than this many bytes of log are not yet committed.</summary>
    public long UncommittedBytesMax { get; init; } = 16 << 20;

    /// <summary>How far a member's wall clock may be from the leader's for it to stand for election while another engine can, nanoseconds.</summary>
    internal const long ClockOffsetMaxNs = 1_000_000_000;

    /// <summary>A clock offset measured over a longer round trip than this says too little, nanoseconds.</summary>
    internal const long ClockRoundTripMaxNs = 100_000_000;

    /// <summary>In <see cref="Durability.Replicated"/>: the log is flushed this often, milliseconds.</summary>
    public int FlushBehindMs { get; init; } = 50;

    /// <summary>Clock; a test's own.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Receives one line per thing worth telling an operator.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
