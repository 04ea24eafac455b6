using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Commands;

/// <summary>
/// Starts every command that stands for one FIX message of a client.
/// <code>
///  0                                            48
///  +--------------------------------------------+
///  | CommandHeader                              |
///  +----------------------+---------------------+
///  | MsgSeqNum       (48) | SendingTime ns (56) |
///  +----------------------+---------------------+
///  | OrigSendingTime (64) | RefTagId       (72) | verdict (76) flags (77) reason (78)
///  +----------------------+---------------------+
///  | MsgType text    (80, 16 bytes)             |
///  +--------------------------------------------+
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct FixCommandHeader
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 96;

    /// <summary>A <see cref="RefTagId"/> that stands for a tag of 0, which is none, but was sent.</summary>
    public const int RefTagZero = int.MinValue;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public CommandHeader Command;

    /// <summary>MsgSeqNum (34); -1 when missing or unreadable.</summary>
    [FieldOffset(48)]
    public long MsgSeqNum;

    /// <summary>SendingTime (52), nanoseconds since 1970; <see cref="FixedPoint.Absent"/> when missing or unreadable, which only an invalid message has.</summary>
    [FieldOffset(56)]
    public long SendingTimeNs;

    /// <summary>OrigSendingTime (122), nanoseconds since 1970; <see cref="FixedPoint.Absent"/> when not sent.</summary>
    [FieldOffset(64)]
    public long OrigSendingTimeNs;

    /// <summary>RefTagID (371) of a verdict; 0 when the verdict names no tag, <see cref="RefTagZero"/> for 0 itself.</summary>
    [FieldOffset(72)]
    public int RefTagId;

    /// <summary>What validation found.</summary>
    [FieldOffset(76)]
    public GatewayVerdict Verdict;

    /// <summary>Flags.</summary>
    [FieldOffset(77)]
    public FixMessageFlags Flags;

    /// <summary>SessionRejectReason (373) or BusinessRejectReason (380) of a verdict.</summary>
    [FieldOffset(78)]
    public ushort Reason;

    /// <summary>MsgType (35) as sent; cut at 15 characters.</summary>
    [FieldOffset(80)]
    public Text16 MsgType;
}
