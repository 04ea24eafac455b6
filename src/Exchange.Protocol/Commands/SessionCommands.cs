using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Commands;

/// <summary>Logon (A). The password was checked by the gateway and is not here.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct LogonCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 112;

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>NextExpectedMsgSeqNum (789), when <see cref="FixMessageFlags.HasNextExpected"/>.</summary>
    [FieldOffset(96)]
    public long NextExpectedMsgSeqNum;

    /// <summary>HeartBtInt (108) in seconds; 0 means no heartbeats.</summary>
    [FieldOffset(104)]
    public int HeartBtIntSec;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(108)]
    public int Padding;
}

/// <summary>Heartbeat (0) and TestRequest (1).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct TestReqCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 160;

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>TestReqID (112); empty when absent.</summary>
    [FieldOffset(96)]
    public Text64 TestReqId;
}

/// <summary>ResendRequest (2).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct RangeCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 112;

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>BeginSeqNo (7).</summary>
    [FieldOffset(96)]
    public long BeginSeqNo;

    /// <summary>EndSeqNo (16); 0 means up to the last.</summary>
    [FieldOffset(104)]
    public long EndSeqNo;
}

/// <summary>SequenceReset (4); <see cref="FixMessageFlags.GapFill"/> tells the mode.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SequenceResetCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 104;

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>NewSeqNo (36).</summary>
    [FieldOffset(96)]
    public long NewSeqNo;
}
