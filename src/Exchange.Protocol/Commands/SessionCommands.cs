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

/// <summary>
/// UserRequest (BE). The gateway has checked Password (554) and hashed NewPassword (925), and neither is here: the record says what came
/// of it.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct UserRequestCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 240;

    /// <summary>Size in bytes that older builds wrote, without <see cref="BasedOn"/>.</summary>
    public const int FormerSizeBytes = 232;

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>UserRequestID (923).</summary>
    [FieldOffset(96)]
    public Text40 UserRequestId;

    /// <summary>Username (553).</summary>
    [FieldOffset(136)]
    public Text40 Username;

    /// <summary>Hash of the new password when <see cref="Outcome"/> is <see cref="UserRequestOutcome.NewPassword"/>, else zero.</summary>
    [FieldOffset(176)]
    public Digest32 PasswordHash;

    /// <summary>Its salt.</summary>
    [FieldOffset(208)]
    public Digest16 PasswordSalt;

    /// <summary>Its iterations.</summary>
    [FieldOffset(224)]
    public int PasswordIterations;

    /// <summary>What is asked for, and what the gateway found.</summary>
    [FieldOffset(228)]
    public UserRequestOutcome Outcome;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(229)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(230)]
    public ushort Padding1;

    /// <summary><see cref="DefineParticipantCommand.PasswordStamp"/> of the password that the old one was compared with; 0 when none was.</summary>
    [FieldOffset(232)]
    public uint BasedOn;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(236)]
    public uint Padding2;

    /// <summary>Reads a record of this build or of an older one.</summary>
    public static UserRequestCommand Read(ReadOnlySpan<byte> bytes)
    {
        UserRequestCommand command = default;
        bytes.CopyTo(MemoryMarshal.AsBytes(new Span<UserRequestCommand>(ref command)));
        command.Header.Command.Length = SizeBytes;
        return command;
    }
}

/// <summary>What a gateway found when it looked at a UserRequest (BE).</summary>
public enum UserRequestOutcome : byte
{
    /// <summary>UserRequestType (924) is one that this exchange does not carry out.</summary>
    Unsupported = 0,

    /// <summary>924=4: how the user stands.</summary>
    Status = 1,

    /// <summary>924=3, and the old password was right: the record holds the new one's hash.</summary>
    NewPassword = 2,

    /// <summary>924=3, and the old password was wrong.</summary>
    PasswordIncorrect = 3,

    /// <summary>924=3, and NewPassword (925) is absent, empty or too long.</summary>
    NewPasswordUnusable = 4,
}

/// <summary>Gives the participant that is logged on over a connection another password: its Logon brought a NewPassword (925).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ChangePasswordCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = SetPasswordCommand.SizeBytes;

    /// <summary>Everything; the header names the connection that the Logon came over.</summary>
    [FieldOffset(0)]
    public SetPasswordCommand Password;
}
