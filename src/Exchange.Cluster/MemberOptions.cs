using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster;

/// <summary>How a member runs.</summary>
public sealed class MemberOptions
{
    /// <summary>Directory of log, snapshots and history; created when absent.</summary>
    public required string Directory { get; init; }

    /// <summary>Directory of the media driver's shared memory.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>When a command counts as committed.</summary>
    public Durability Durability { get; init; } = Durability.Fsync;

    /// <summary>Makes an empty state machine; called again for each shadow that takes a snapshot.</summary>
    public required Func<IStateMachine> StateMachineFactory { get; init; }

    /// <summary>Commands that go into an empty log first; ignored when the log has entries.</summary>
    public IReadOnlyList<byte[]> Seed { get; init; } = [];

    /// <summary>Bytes in a log segment.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>A snapshot is taken when the log has grown by this much since the last one, bytes.</summary>
    public long SnapshotEveryBytes { get; init; } = 1L << 30;

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

    /// <summary>In <see cref="Durability.Replicated"/>: the log is flushed this often, milliseconds.</summary>
    public int FlushBehindMs { get; init; } = 50;

    /// <summary>Clock; a test's own.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Receives one line per thing worth telling an operator.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
