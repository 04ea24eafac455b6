using System.Runtime.InteropServices;

namespace Exchange.Protocol.Events;

/// <summary>Flags of an event.</summary>
[Flags]
public enum EventFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Sent as PossDupFlag (43) = Y, with OrigSendingTime (122): a resend from the history. Set by egress only.</summary>
    PossDup = 1,

    /// <summary>Sent as PossResend (97) = Y: a fill restated under a new sequence number.</summary>
    PossResend = 2,
}

/// <summary>
/// Starts every event.
/// <code>
///  0        2        4              8                      16
///  +--------+--------+--------------+----------------------+
///  | type   | flags  | length       | log position         |
///  +--------+--------+--------------+----------------------+
///  | SendingTime ns  (16)           | OrigSendingTime (24) |
///  +--------------------------------+----------------------+
///  | MsgSeqNum       (32)           | connection id   (40) |
///  +--------------------------------+----------------------+
///  | session (48)    | gateway (52) | incarnation     (56) |
///  +-----------------+--------------+----------------------+
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct EventHeader
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 64;

    /// <summary>What the event is.</summary>
    [FieldOffset(0)]
    public EventType Type;

    /// <summary>Flags.</summary>
    [FieldOffset(2)]
    public EventFlags Flags;

    /// <summary>Length of the whole event in bytes, this header included; a multiple of 8.</summary>
    [FieldOffset(4)]
    public int Length;

    /// <summary>Position in the log just behind the command that caused the event.</summary>
    [FieldOffset(8)]
    public long LogPosition;

    /// <summary>SendingTime (52): the causing command's log time, nanoseconds since 1970. Set anew by a resend.</summary>
    [FieldOffset(16)]
    public long SendingTimeNs;

    /// <summary>OrigSendingTime (122) of a resend; 0 otherwise.</summary>
    [FieldOffset(24)]
    public long OrigSendingTimeNs;

    /// <summary>MsgSeqNum (34); 0 when the event is not sequenced.</summary>
    [FieldOffset(32)]
    public long MsgSeqNum;

    /// <summary>The connection the session is bound to; 0 when it is not bound (the event is then only kept in the history).</summary>
    [FieldOffset(40)]
    public long ConnectionId;

    /// <summary>Which session; -1 when none.</summary>
    [FieldOffset(48)]
    public int SessionId;

    /// <summary>Which gateway the session is bound to; 0 when none.</summary>
    [FieldOffset(52)]
    public int GatewayId;

    /// <summary>Which life of the gateway.</summary>
    [FieldOffset(56)]
    public long GatewayIncarnation;
}
