using System.Runtime.InteropServices;

namespace Exchange.Protocol.Commands;

/// <summary>
/// Starts every command, in the IPC frame and in the log entry alike. All integers are little-endian.
/// <code>
///  0        2        4              8                      16
///  +--------+--------+--------------+----------------------+
///  | type   | layout | length       | leadership term      |
///  +--------+--------+--------------+----------------------+
///  | gateway incarnation   (16)     | connection id   (24) |
///  +--------------------------------+----------------------+
///  | gateway id (32) | session (36) | received ns     (40) |
///  +-----------------+--------------+----------------------+
/// </code>
/// Term, incarnation and connection are the fence: the core discards what does not match the session's binding.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct CommandHeader
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 48;

    /// <summary>The layout written by this build.</summary>
    public const ushort CurrentLayout = 1;

    /// <summary>What the command is.</summary>
    [FieldOffset(0)]
    public CommandType Type;

    /// <summary>Layout version, <see cref="CurrentLayout"/>.</summary>
    [FieldOffset(2)]
    public ushort Layout;

    /// <summary>Length of the whole command in bytes, this header included.</summary>
    [FieldOffset(4)]
    public int Length;

    /// <summary>The leadership term in which the gateway attached.</summary>
    [FieldOffset(8)]
    public long LeadershipTerm;

    /// <summary>Number of the gateway process's life; 0 for commands that do not come from a gateway.</summary>
    [FieldOffset(16)]
    public long GatewayIncarnation;

    /// <summary>Connection within the incarnation, from 1; 0 when the command concerns none.</summary>
    [FieldOffset(24)]
    public long ConnectionId;

    /// <summary>Which gateway, from 1; 0 when none.</summary>
    [FieldOffset(32)]
    public int GatewayId;

    /// <summary>Which FIX session, from 0; -1 when none.</summary>
    [FieldOffset(36)]
    public int SessionId;

    /// <summary>When the gateway read the bytes, nanoseconds since 1970 by its clock; for measurement, never for decisions.</summary>
    [FieldOffset(40)]
    public long ReceivedNs;
}
