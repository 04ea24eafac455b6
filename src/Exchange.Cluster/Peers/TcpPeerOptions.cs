using System.Net;

namespace Exchange.Cluster.Peers;

/// <summary>How a member talks with the others.</summary>
public sealed class TcpPeerOptions
{
    /// <summary>Who this member is.</summary>
    public required PeerIdentity Identity { get; init; }

    /// <summary>The cluster's key, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>Where members and operators reach this member; port 0 takes any.</summary>
    public required IPEndPoint ListenEndPoint { get; init; }

    /// <summary>Receives one line per thing worth telling an operator.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Bytes that may wait to be sent to one member.</summary>
    public int SendRingBytes { get; init; } = 8 << 20;

    /// <summary>A handshake must be over by then, nanoseconds.</summary>
    public long HandshakeTimeoutNs { get; init; } = 2_000_000_000;

    /// <summary>A connection whose queue has been full for so long is closed, nanoseconds.</summary>
    public long FullQueueTimeoutNs { get; init; } = 5_000_000_000;

    /// <summary>Accepted connections that may be in their handshake at a time; beyond it the oldest is closed.</summary>
    public int HandshakesMax { get; init; } = 32;
}
