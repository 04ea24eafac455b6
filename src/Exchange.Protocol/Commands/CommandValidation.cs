using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Protocol.Commands;

// A gateway is another process, and what it leaves in shared memory is believed by nobody. The member asks here before it logs a frame;
// whatever is in the log has passed, so the core and its replicas may read records without looking at their sizes again.

/// <summary>Whether the bytes of a command are what they claim to be.</summary>
public static class CommandValidation
{
    private const FixMessageFlags KnownFlags =
        FixMessageFlags.PossDup | FixMessageFlags.PossResend | FixMessageFlags.GapFill | FixMessageFlags.ResetSeqNum | FixMessageFlags.HasNextExpected;

    /// <summary>Whether a frame from a gateway's publication may be logged: a type that gateways send, the exact size of this build, sound texts and numbers in range.</summary>
    public static bool IsAcceptableFromGateway(ReadOnlySpan<byte> frame)
    {
        if (!IsWellFormed(frame))
        {
            return false;
        }

        ref readonly CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(frame);
        if (header.GatewayId is < 1 or > Limits.GatewayIdMax || header.GatewayIncarnation == 0 || IsFormerSize(in header))
        {
            return false;
        }

        switch (header.Type)
        {
            case CommandType.GatewayHello:
                return true;
            case CommandType.ConnectionLost or CommandType.HeartbeatDue or CommandType.TestRequestDue or CommandType.LogoutDue or CommandType.ChangePassword:
                return IsOfConnection(in header);
            case >= CommandType.Logon and <= CommandType.UserRequest or >= CommandType.NewOrder and <= CommandType.MassAction:
                return IsOfConnection(in header) && IsSoundMessage(header.Type, frame);
            default:
                return false;
        }
    }

    /// <summary>Whether the length, the layout and the size of the type agree.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> command)
    {
        if (command.Length < CommandHeader.SizeBytes)
        {
            return false;
        }

        ref readonly CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
        return header.Length == command.Length && header.Layout == CommandHeader.CurrentLayout
            && (command.Length == SizeBytes(header.Type) || IsFormerSize(in header) || IsMassQuote(command));
    }

    /// <summary>The size of a command of that type; -1 when there is no such type.</summary>
    public static int SizeBytes(CommandType type) => type switch
    {
        CommandType.Logon => LogonCommand.SizeBytes,
        CommandType.Heartbeat or CommandType.TestRequest => TestReqCommand.SizeBytes,
        CommandType.ResendRequest => RangeCommand.SizeBytes,
        CommandType.SequenceReset => SequenceResetCommand.SizeBytes,
        CommandType.ClientReject or CommandType.Logout or CommandType.InvalidMessage => FixCommandHeader.SizeBytes,
        CommandType.UserRequest => UserRequestCommand.SizeBytes,
        CommandType.NewOrder => NewOrderCommand.SizeBytes,
        CommandType.CancelOrder => CancelOrderCommand.SizeBytes,
        CommandType.ReplaceOrder => ReplaceOrderCommand.SizeBytes,
        CommandType.OrderStatus => OrderStatusCommand.SizeBytes,
        CommandType.MassStatus or CommandType.MassCancel => MassOrderCommand.SizeBytes,
        >= CommandType.SecurityListRequest and <= CommandType.TradingSessionStatusRequest => SecurityRequestCommand.SizeBytes,
        CommandType.GatewayHello or CommandType.GatewayAttached or CommandType.GatewayLost => GatewayCommand.SizeBytes,
        CommandType.ConnectionLost or CommandType.HeartbeatDue or CommandType.TestRequestDue or CommandType.LogoutDue => ConnectionCommand.SizeBytes,
        CommandType.ChangePassword => ChangePasswordCommand.SizeBytes,
        CommandType.TermStarted or CommandType.TimerDue or CommandType.UnplannedFailover => CommandHeader.SizeBytes,
        CommandType.DefineInstrument => DefineInstrumentCommand.SizeBytes,
        CommandType.DefineParticipant => DefineParticipantCommand.SizeBytes,
        CommandType.DefineVenue => DefineVenueCommand.SizeBytes,
        CommandType.SetPassword => SetPasswordCommand.SizeBytes,
        CommandType.ResetSession or CommandType.SetSequence or CommandType.LogOutSession => SessionAdminCommand.SizeBytes,
        CommandType.EnableParticipant or CommandType.DisableParticipant => SessionAdminCommand.SizeBytes,
        CommandType.ScheduleReset => ScheduleResetCommand.SizeBytes,
        CommandType.News => NewsCommand.SizeBytes,
        CommandType.QuoteCancel => QuoteCancelCommand.SizeBytes,
        CommandType.MassAction => MassActionCommand.SizeBytes,
        CommandType.DefineMarketGroup => DefineMarketGroupCommand.SizeBytes,
        CommandType.SchedulePhase => SchedulePhaseCommand.SizeBytes,
        CommandType.SetPhase => SetPhaseCommand.SizeBytes,
        CommandType.SetLimits => SetLimitsCommand.SizeBytes,
        CommandType.Restrict => RestrictCommand.SizeBytes,
        CommandType.KillSwitch => KillSwitchCommand.SizeBytes,
        CommandType.AssignFirm => AssignFirmCommand.SizeBytes,
        CommandType.DefineAccount => DefineAccountCommand.SizeBytes,
        CommandType.SetProtection => SetProtectionCommand.SizeBytes,
        _ => -1,
    };

    // Logs of older builds are read on.
    private static bool IsFormerSize(in CommandHeader header) => header.Type switch
    {
        CommandType.DefineParticipant => header.Length == DefineParticipantCommand.FormerSizeBytes,
        CommandType.UserRequest => header.Length == UserRequestCommand.FormerSizeBytes,
        CommandType.NewOrder => header.Length == NewOrderCommand.FormerSizeBytes,
        CommandType.ReplaceOrder => header.Length == ReplaceOrderCommand.FormerSizeBytes,
        CommandType.MassStatus or CommandType.MassCancel => header.Length == MassOrderCommand.FormerSizeBytes,
        CommandType.DefineInstrument => header.Length == DefineInstrumentCommand.FormerSizeBytes,
        _ => false,
    };

    // The one command of variable size: its count says how many entries follow.
    private static bool IsMassQuote(ReadOnlySpan<byte> command)
    {
        if (command.Length < MassQuoteCommand.SizeBytes || As<CommandHeader>(command).Type != CommandType.MassQuote)
        {
            return false;
        }

        int count = As<MassQuoteCommand>(command).EntryCount;
        return count is >= 0 and <= MassQuoteCommand.EntryCountMax && command.Length == MassQuoteCommand.SizeBytes + (count * QuoteEntry.SizeBytes);
    }

    private static bool IsOfConnection(in CommandHeader header) =>
        header.ConnectionId > 0 && header.SessionId is >= 0 and < Limits.SessionCountMax;

    private static bool IsSoundMessage(CommandType type, ReadOnlySpan<byte> frame)
    {
        ref readonly FixCommandHeader message = ref MemoryMarshal.AsRef<FixCommandHeader>(frame);
        bool isInvalid = type == CommandType.InvalidMessage;
        if (message.Verdict > GatewayVerdict.Throttled || message.Verdict == GatewayVerdict.Valid == isInvalid
            || (message.Flags & ~KnownFlags) != 0 || !IsSound(in message.MsgType))
        {
            return false;
        }

        switch (type)
        {
            case CommandType.Heartbeat or CommandType.TestRequest:
                return IsSound(in As<TestReqCommand>(frame).TestReqId);
            case CommandType.UserRequest:
                UserRequestCommand user = UserRequestCommand.Read(frame);
                return IsSound(in user.UserRequestId) && IsSound(in user.Username) && user.Outcome <= UserRequestOutcome.NewPasswordUnusable;
            case CommandType.NewOrder:
                ref readonly NewOrderCommand order = ref As<NewOrderCommand>(frame);
                return IsSound(in order.ClOrdId) && IsSound(in order.Symbol) && IsSound(in order.Account);
            case CommandType.CancelOrder:
                ref readonly CancelOrderCommand cancel = ref As<CancelOrderCommand>(frame);
                return IsSound(in cancel.ClOrdId) && IsSound(in cancel.OrigClOrdId) && IsSound(in cancel.Symbol);
            case CommandType.ReplaceOrder:
                ref readonly ReplaceOrderCommand replace = ref As<ReplaceOrderCommand>(frame);
                return IsSound(in replace.ClOrdId) && IsSound(in replace.OrigClOrdId) && IsSound(in replace.Symbol) && IsSound(in replace.Account);
            case CommandType.OrderStatus:
                ref readonly OrderStatusCommand status = ref As<OrderStatusCommand>(frame);
                return IsSound(in status.ClOrdId) && IsSound(in status.OrdStatusReqId) && IsSound(in status.Symbol);
            case CommandType.MassStatus or CommandType.MassCancel:
                ref readonly MassOrderCommand mass = ref As<MassOrderCommand>(frame);
                return IsSound(in mass.RequestId) && IsSound(in mass.Symbol) && IsSound(in mass.GroupName) && IsSound(in mass.Account);
            case >= CommandType.SecurityListRequest and <= CommandType.TradingSessionStatusRequest:
                ref readonly SecurityRequestCommand request = ref As<SecurityRequestCommand>(frame);
                return IsSound(in request.RequestId) && IsSound(in request.Subject);
            case CommandType.MassQuote:
                return IsSoundQuote(frame);
            case CommandType.QuoteCancel:
                ref readonly QuoteCancelCommand withdrawal = ref As<QuoteCancelCommand>(frame);
                return IsSound(in withdrawal.QuoteId) && IsSound(in withdrawal.Symbol) && IsSound(in withdrawal.GroupName);
            case CommandType.MassAction:
                ref readonly MassActionCommand action = ref As<MassActionCommand>(frame);
                return IsSound(in action.ClOrdId) && IsSound(in action.Symbol) && IsSound(in action.GroupName) && IsSound(in action.Account);
            default:
                return true;
        }
    }

    private static bool IsSoundQuote(ReadOnlySpan<byte> frame)
    {
        ref readonly MassQuoteCommand quote = ref As<MassQuoteCommand>(frame);
        if (!IsSound(in quote.QuoteId) || !IsSound(in quote.Account))
        {
            return false;
        }

        foreach (ref readonly QuoteEntry entry in MemoryMarshal.Cast<byte, QuoteEntry>(frame[MassQuoteCommand.SizeBytes..]))
        {
            if (!IsSound(in entry.QuoteEntryId) || !IsSound(in entry.Symbol) || !IsSound(in entry.QuoteSetId))
            {
                return false;
            }
        }

        return true;
    }

    // A text whose length byte lies would be read beyond its record, and one with anything behind its end would not equal itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSound<T>(in T text)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in text));
        int end = 1 + bytes[0];
        return end <= bytes.Length && !bytes[end..].ContainsAnyExcept((byte)0);
    }

    private static ref readonly T As<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged => ref MemoryMarshal.AsRef<T>(bytes);
}
