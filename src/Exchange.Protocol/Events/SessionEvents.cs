using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Events;

/// <summary>Our Logon (A). From it the gateway learns that the connection is bound, and its heartbeat interval.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct LogonEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 80;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>NextExpectedMsgSeqNum (789) of ours; 0 when it is not sent.</summary>
    [FieldOffset(64)]
    public long NextExpectedMsgSeqNum;

    /// <summary>HeartBtInt (108) in seconds.</summary>
    [FieldOffset(72)]
    public int HeartBtIntSec;

    /// <summary>1 when ResetSeqNumFlag (141) = Y is sent.</summary>
    [FieldOffset(76)]
    public int ResetSeqNum;
}

/// <summary>Heartbeat (0) and TestRequest (1).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct TestReqEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 136;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>TestReqID (112); empty when absent.</summary>
    [FieldOffset(64)]
    public Text64 TestReqId;

    /// <summary>TestRequest only: 1 when a second connection asked for this session, so the gateway closes this one unless it answers within the probe limit.</summary>
    [FieldOffset(128)]
    public int Probe;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(132)]
    public int Padding;
}

/// <summary>ResendRequest (2), ResendRange and GapFill.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct RangeEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 80;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>BeginSeqNo (7), or the first number of the range.</summary>
    [FieldOffset(64)]
    public long BeginSeqNo;

    /// <summary>EndSeqNo (16), 0 meaning no end; for ResendRange the last number, inclusive; for GapFill the NewSeqNo (36).</summary>
    [FieldOffset(72)]
    public long EndSeqNo;
}

/// <summary>Reject (3) and BusinessMessageReject (j).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct RejectEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 168;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>RefSeqNum (45).</summary>
    [FieldOffset(64)]
    public long RefSeqNum;

    /// <summary>RefMsgType (372).</summary>
    [FieldOffset(72)]
    public Text16 RefMsgType;

    /// <summary>RefTagID (371); 0 when absent, <see cref="Commands.FixCommandHeader.RefTagZero"/> for 0 itself.</summary>
    [FieldOffset(88)]
    public int RefTagId;

    /// <summary>SessionRejectReason (373) or BusinessRejectReason (380).</summary>
    [FieldOffset(92)]
    public ushort Reason;

    /// <summary>The words of Text (58).</summary>
    [FieldOffset(94)]
    public ReasonCode Text;

    /// <summary>The offending value, where the text names one.</summary>
    [FieldOffset(96)]
    public long Value;

    /// <summary>The limit, where the text names one.</summary>
    [FieldOffset(104)]
    public long Limit;

    /// <summary>BusinessRejectRefID (379): the ClOrdID of the rejected message; empty when absent.</summary>
    [FieldOffset(112)]
    public Text40 BusinessRejectRefId;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(152)]
    public Text16 Padding;
}

/// <summary>Logout (5).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct LogoutEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 88;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>The offending value, where the text names one.</summary>
    [FieldOffset(64)]
    public long Value;

    /// <summary>The limit, where the text names one.</summary>
    [FieldOffset(72)]
    public long Limit;

    /// <summary>The words of Text (58).</summary>
    [FieldOffset(80)]
    public ReasonCode Text;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(82)]
    public ushort Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(84)]
    public int Padding1;
}

/// <summary>The gateway closes a connection once all earlier events of its session have been sent.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct CloseConnectionEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 72;

    /// <summary>The common header; its connection is the one to close.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>Why, for the gateway's log.</summary>
    [FieldOffset(64)]
    public ReasonCode Reason;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(66)]
    public ushort Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(68)]
    public int Padding1;
}

/// <summary>UserResponse (BF).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct UserResponseEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 152;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>UserRequestID (923).</summary>
    [FieldOffset(64)]
    public Text40 UserRequestId;

    /// <summary>Username (553).</summary>
    [FieldOffset(104)]
    public Text40 Username;

    /// <summary>UserStatus (926).</summary>
    [FieldOffset(144)]
    public int UserStatus;

    /// <summary>The words of UserStatusText (927); none when the status says it all.</summary>
    [FieldOffset(148)]
    public ReasonCode Text;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(150)]
    public ushort Padding;
}
