using System.Runtime.InteropServices;

namespace Exchange.Cluster.Comparison;

/// <summary>A member that differs asks for the hashes behind the commands that follow a position at which they agreed.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct TrailRequest
{
    /// <summary>Type of the message.</summary>
    public const ushort MessageType = Peers.PeerMessageType.ComparisonFirst + 1;

    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary><see cref="MessageType"/>.</summary>
    [FieldOffset(0)]
    public ushort Type;

    /// <summary>The last position at which the members agreed.</summary>
    [FieldOffset(8)]
    public long BehindPosition;
}
