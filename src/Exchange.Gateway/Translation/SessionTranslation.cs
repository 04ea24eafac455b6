using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Translation;

/// <summary>Fills the commands of the session layer from valid messages. Each returns the command's length; 0 after a refusal.</summary>
internal static class SessionTranslation
{
    /// <summary>Fills the command that the message stands for.</summary>
    public static int Fill(FixMessage message, Span<byte> target)
    {
        ref FixCommandHeader header = ref InboundTranslator.As<FixCommandHeader>(target);
        switch (message.Kind)
        {
            case FixMessageKind.Logon:
                return Logon(message, ref InboundTranslator.As<LogonCommand>(target));
            case FixMessageKind.Heartbeat:
                return TestReq(message, CommandType.Heartbeat, ref InboundTranslator.As<TestReqCommand>(target));
            case FixMessageKind.TestRequest:
                return TestReq(message, CommandType.TestRequest, ref InboundTranslator.As<TestReqCommand>(target));
            case FixMessageKind.ResendRequest:
                return ResendRequest(message, ref InboundTranslator.As<RangeCommand>(target));
            case FixMessageKind.SequenceReset:
                return SequenceReset(message, ref InboundTranslator.As<SequenceResetCommand>(target));
            case FixMessageKind.Reject:
            case FixMessageKind.BusinessMessageReject:
                header.Command.Type = CommandType.ClientReject;
                return FixCommandHeader.SizeBytes;
            case FixMessageKind.UserRequest:
                return UserRequest(message, ref InboundTranslator.As<UserRequestCommand>(target));
            case FixMessageKind.Logout:
                header.Command.Type = CommandType.Logout;
                return FixCommandHeader.SizeBytes;
            default:
                // Validation lets through only what fix-spec says clients send; a message added there must be added here.
                InboundTranslator.Refuse(ref header, GatewayVerdict.BusinessReject, 3, 0);
                return 0;
        }
    }

    private static int Logon(FixMessage message, ref LogonCommand command)
    {
        long heartBtInt = message.Number(FixTag.HeartBtInt, 0);
        if (heartBtInt is < 0 or > int.MaxValue)
        {
            InboundTranslator.Refuse(ref command.Header, GatewayVerdict.SessionReject, (ushort)SessionRejectReason.ValueOutOfRange, FixTag.HeartBtInt);
            return 0;
        }

        command.Header.Command.Type = CommandType.Logon;
        command.HeartBtIntSec = (int)heartBtInt;
        command.NextExpectedMsgSeqNum = message.Number(FixTag.NextExpectedMsgSeqNum, 0);
        if (message.Contains(FixTag.NextExpectedMsgSeqNum))
        {
            command.Header.Flags |= FixMessageFlags.HasNextExpected;
        }

        if (message.Number(FixTag.ResetSeqNumFlag, 0) == 1)
        {
            command.Header.Flags |= FixMessageFlags.ResetSeqNum;
        }

        return LogonCommand.SizeBytes;
    }

    private static int TestReq(FixMessage message, CommandType type, ref TestReqCommand command)
    {
        if (!Text64.TryCreate(message.Text(FixTag.TestReqID), out command.TestReqId))
        {
            InboundTranslator.Refuse(ref command.Header, GatewayVerdict.SessionReject, (ushort)SessionRejectReason.ValueOutOfRange, FixTag.TestReqID);
            return 0;
        }

        command.Header.Command.Type = type;
        return TestReqCommand.SizeBytes;
    }

    private static int ResendRequest(FixMessage message, ref RangeCommand command)
    {
        command.Header.Command.Type = CommandType.ResendRequest;
        command.BeginSeqNo = message.Number(FixTag.BeginSeqNo, 0);
        command.EndSeqNo = message.Number(FixTag.EndSeqNo, 0);
        return RangeCommand.SizeBytes;
    }

    /// <summary>What is asked for; the passwords are the connection's business, and never get into a record.</summary>
    private static int UserRequest(FixMessage message, ref UserRequestCommand command)
    {
        if (!Text40.TryCreate(message.Text(FixTag.UserRequestID), out command.UserRequestId))
        {
            InboundTranslator.Refuse(ref command.Header, GatewayVerdict.SessionReject, (ushort)SessionRejectReason.ValueOutOfRange, FixTag.UserRequestID);
            return 0;
        }

        if (!Text40.TryCreate(message.Text(FixTag.Username), out command.Username))
        {
            InboundTranslator.Refuse(ref command.Header, GatewayVerdict.SessionReject, (ushort)SessionRejectReason.ValueOutOfRange, FixTag.Username);
            return 0;
        }

        command.Header.Command.Type = CommandType.UserRequest;
        command.Outcome = message.Number(FixTag.UserRequestType, 0) switch
        {
            3 => UserRequestOutcome.NewPassword,
            4 => UserRequestOutcome.Status,
            _ => UserRequestOutcome.Unsupported,
        };
        return UserRequestCommand.SizeBytes;
    }

    private static int SequenceReset(FixMessage message, ref SequenceResetCommand command)
    {
        command.Header.Command.Type = CommandType.SequenceReset;
        command.NewSeqNo = message.Number(FixTag.NewSeqNo, 0);
        if (message.Number(FixTag.GapFillFlag, 0) == 1)
        {
            command.Header.Flags |= FixMessageFlags.GapFill;
        }

        return SequenceResetCommand.SizeBytes;
    }
}
