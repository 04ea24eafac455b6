using System.Runtime.InteropServices;
using Exchange.Protocol.Commands;

namespace Exchange.Core.Sessions;

/// <summary>One connection of one life of one gateway: what a logged-on session is bound to. All zero means none.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct ConnectionBinding
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 24;

    /// <summary>Which life of the gateway.</summary>
    [FieldOffset(0)]
    public long GatewayIncarnation;

    /// <summary>Connection within the incarnation, from 1; 0 when unbound.</summary>
    [FieldOffset(8)]
    public long ConnectionId;

    /// <summary>Which gateway, from 1; 0 when unbound.</summary>
    [FieldOffset(16)]
    public int GatewayId;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(20)]
    public int Padding;

    /// <summary>Whether there is a connection at all.</summary>
    public readonly bool IsBound => ConnectionId != 0;

    /// <summary>The connection that a command came from.</summary>
    public static ConnectionBinding Of(in CommandHeader header) => new()
    {
        GatewayIncarnation = header.GatewayIncarnation,
        ConnectionId = header.ConnectionId,
        GatewayId = header.GatewayId,
    };

    /// <summary>Whether the command came from this connection; never when there is none.</summary>
    public readonly bool Matches(in CommandHeader header) =>
        ConnectionId == header.ConnectionId && ConnectionId != 0 && GatewayIncarnation == header.GatewayIncarnation && GatewayId == header.GatewayId;

    /// <summary>Whether the connection belongs to that life of that gateway.</summary>
    public readonly bool IsOf(int gatewayId, long incarnation) => GatewayId == gatewayId && GatewayIncarnation == incarnation;
}
