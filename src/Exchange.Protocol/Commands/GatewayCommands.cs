using System.Runtime.InteropServices;

namespace Exchange.Protocol.Commands;

/// <summary>GatewayHello, GatewayAttached and GatewayLost. Gateway and incarnation stand in the header.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct GatewayCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 64;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>The stream on which the gateway listens for events.</summary>
    [FieldOffset(48)]
    public int EgressStreamId;

    /// <summary>Process id of the gateway, for people.</summary>
    [FieldOffset(52)]
    public int ProcessId;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(56)]
    public long Padding;
}

/// <summary>ConnectionLost, HeartbeatDue, TestRequestDue and LogoutDue. Session, gateway and connection stand in the header.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ConnectionCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 56;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>Why, as far as the gateway knows.</summary>
    [FieldOffset(48)]
    public ReasonCode Reason;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(50)]
    public ushort Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(52)]
    public int Padding1;
}
