using System.Runtime.InteropServices;

namespace Exchange.Cluster.Comparison;

/// <summary>Leader to engines, with each heartbeat: compare yourself with me.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct CheckpointMessage
{
    /// <summary>Type of the message.</summary>
    public const ushort MessageType = Peers.PeerMessageType.ComparisonFirst;

    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 64;

    /// <summary>The sender cannot say how far the clocks are apart.</summary>
    public const long UnknownOffset = long.MinValue;

    /// <summary><see cref="MessageType"/>.</summary>
    [FieldOffset(0)]
    public ushort Type;

    /// <summary>The sender's wall clock, nanoseconds since 1970.</summary>
    [FieldOffset(8)]
    public long WallNs;

    /// <summary>The last command applied by the sender.</summary>
    [FieldOffset(16)]
    public StatePoint Newest;

    /// <summary>Position of its newest snapshot; 0 for none.</summary>
    [FieldOffset(32)]
    public long SnapshotPosition;

    /// <summary>State hash of that.</summary>
    [FieldOffset(40)]
    public ulong SnapshotHash;

    /// <summary>The receiver's wall clock minus the sender's, nanoseconds; <see cref="UnknownOffset"/> when no good measurement is at hand.</summary>
    [FieldOffset(48)]
    public long ClockOffsetNs;

    /// <summary>Where logs may begin, because snapshots cover what lies below.</summary>
    [FieldOffset(56)]
    public long DeletableBelow;
}
