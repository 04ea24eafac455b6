using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Translation;

/// <summary>
/// Turns a framed FIX message of a client into a command record, or into a verdict on it. The gateway judges form only; whether
/// the message is next in sequence and what it means is the core's to say, which is why even a bad message becomes a command.
/// <para>
/// What must hold: each frame gives exactly one command; a command other than InvalidMessage comes from a message that is valid
/// in every field; nothing is allocated. Fields of the header that belong to the gateway (term, incarnation,
/// connection, gateway, session) are left zero for the caller to fill. One translator serves one thread.
/// </para>
/// </summary>
public sealed class InboundTranslator
{
    /// <summary>The longest command that <see cref="Translate"/> writes.</summary>
    public const int CommandLengthMax = MassQuoteCommand.SizeMaxBytes;

    /// <summary>What is cleared for each message: the longest command but a MassQuote, whose entries are written whole.</summary>
    private const int ClearedLength = ReplaceOrderCommand.SizeBytes;

    /// <summary>The longest ClOrdID (11) and OrigClOrdID (41) accepted.</summary>
    public const int ClOrdIdLengthMax = 36;

    /// <summary>How far SendingTime (52) may be from the gateway's clock, nanoseconds.</summary>
    public const long SendingTimeToleranceNs = 120_000_000_000;

    /// <summary>BusinessRejectReason (380): unsupported message type.</summary>
    private const ushort UnsupportedMessageType = 3;

    private readonly FixParser[] _parsers = [.. FixDictionaries.All.Select(dictionary => new FixParser(dictionary))];

    /// <summary>Identifies a Logon on a connection that is not bound to a session yet; false means: close without a word.</summary>
    /// <param name="frame">One message of the framer.</param>
    /// <param name="identity">Slices of the frame.</param>
    public bool TryReadLogon(ReadOnlySpan<byte> frame, out LogonIdentity identity)
    {
        identity = default;
        ReadOnlySpan<byte> beginString = frame[2..frame.IndexOf((byte)1)];
        FixDictionary? dictionary = FixDictionaries.Find(beginString);
        if (dictionary is null)
        {
            return false;
        }

        FixMessage message = ParserOf(dictionary).Parse(frame);
        if (message.Kind != FixMessageKind.Logon || !message.IsWellFormed || message.Int64(FixTag.MsgSeqNum) <= 0)
        {
            return false;
        }

        identity = new LogonIdentity
        {
            BeginString = beginString,
            SenderCompId = message.Text(FixTag.SenderCompID),
            TargetCompId = message.Text(FixTag.TargetCompID),
            Username = message.Text(FixTag.Username),
            Password = message.Text(FixTag.Password),
            NewPassword = message.Text(FixTag.NewPassword),
        };
        return !identity.SenderCompId.IsEmpty && !identity.TargetCompId.IsEmpty;
    }

    /// <summary>Reads the passwords of a UserRequest (BE) that has been translated, as slices of the frame.</summary>
    public void ReadPasswords(ReadOnlySpan<byte> frame, SessionProfile profile, out ReadOnlySpan<byte> password, out ReadOnlySpan<byte> newPassword)
    {
        FixMessage message = ParserOf(profile.Dictionary).Parse(frame);
        password = message.Text(FixTag.Password);
        newPassword = message.Text(FixTag.NewPassword);
    }

    /// <summary>Translates one message.</summary>
    /// <param name="frame">One message of the framer.</param>
    /// <param name="profile">The session it came on.</param>
    /// <param name="nowNs">The gateway's clock, nanoseconds since 1970.</param>
    /// <param name="target">At least <see cref="CommandLengthMax"/> bytes, aligned to 8 for speed.</param>
    /// <returns>Length of the command in bytes.</returns>
    public int Translate(ReadOnlySpan<byte> frame, SessionProfile profile, long nowNs, Span<byte> target)
    {
        if (target.Length < CommandLengthMax)
        {
            ThrowTargetTooSmall();
        }

        target[..ClearedLength].Clear();
        FixMessage message = ParserOf(profile.Dictionary).Parse(frame);
        FixFault fault = FixValidator.Validate(message, profile.Switches);
        ref FixCommandHeader header = ref As<FixCommandHeader>(target);
        header.Command.Layout = CommandHeader.CurrentLayout;
        header.Command.ReceivedNs = nowNs;
        if (fault.IsValid)
        {
            ReadHeader(message, ref header);
        }
        else
        {
            ReadHeaderOfInvalid(message, ref header);
        }

        int length = Judge(message, fault, profile, nowNs, ref header) ? Fill(message, target) : 0;
        if (length == 0)
        {
            // Nothing of a message that is refused is left in the record.
            length = FixCommandHeader.SizeBytes;
            target[length..ClearedLength].Clear();
            header.Command.Type = CommandType.InvalidMessage;
        }

        header.Command.Length = length;
        return length;
    }

    private static void ReadHeader(FixMessage message, ref FixCommandHeader header)
    {
        Text16.TryCreate(message.MsgType, out header.MsgType);
        header.MsgSeqNum = message.Number(FixTag.MsgSeqNum, -1);
        header.SendingTimeNs = message.Number(FixTag.SendingTime, FixedPoint.Absent);
        header.OrigSendingTimeNs = message.Number(FixTag.OrigSendingTime, FixedPoint.Absent);
        if (message.Number(FixTag.PossDupFlag, 0) == 1)
        {
            header.Flags |= FixMessageFlags.PossDup;
        }

        if (message.Number(FixTag.PossResend, 0) == 1)
        {
            header.Flags |= FixMessageFlags.PossResend;
        }
    }

    /// <summary>The numbers of an invalid message are read from its text, as far as they can be.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReadHeaderOfInvalid(FixMessage message, ref FixCommandHeader header)
    {
        header.MsgType = Text16.Truncate(message.MsgType);
        header.MsgSeqNum = Math.Max(-1, message.Int64(FixTag.MsgSeqNum));
        header.SendingTimeNs = message.TimestampNs(FixTag.SendingTime);
        header.OrigSendingTimeNs = message.TimestampNs(FixTag.OrigSendingTime);
        header.Flags |= message.IsYes(FixTag.PossDupFlag) ? FixMessageFlags.PossDup : FixMessageFlags.None;
        header.Flags |= message.IsYes(FixTag.PossResend) ? FixMessageFlags.PossResend : FixMessageFlags.None;
    }

    /// <summary>Writes the verdict; true when it is Valid. What ends the session comes before what rejects a message.</summary>
    private static bool Judge(FixMessage message, FixFault fault, SessionProfile profile, long nowNs, ref FixCommandHeader header)
    {
        if (!message.Frame.StartsWith(profile.BeginStringField))
        {
            return Refuse(ref header, GatewayVerdict.IncorrectBeginString, 0, FixTag.BeginString);
        }

        if (header.MsgSeqNum < 0)
        {
            return Refuse(ref header, GatewayVerdict.MsgSeqNumMissing, (ushort)SessionRejectReason.RequiredTagMissing, FixTag.MsgSeqNum);
        }

        ReadOnlySpan<byte> sender = message.Text(FixTag.SenderCompID);
        ReadOnlySpan<byte> receiver = message.Text(FixTag.TargetCompID);
        bool isOfAnother = (!sender.SequenceEqual(profile.ClientCompId) && !sender.IsEmpty) || (!receiver.SequenceEqual(profile.OurCompId) && !receiver.IsEmpty);
        if (profile.ChecksCompIds && isOfAnother)
        {
            return Refuse(ref header, GatewayVerdict.CompIdProblem, (ushort)SessionRejectReason.CompIdProblem, refTag: 0);
        }

        // A resent message carries the time of the resend in 52, so it is checked like any other. The unsigned comparison holds for
        // any two times, however far apart.
        ulong distance = (ulong)(header.SendingTimeNs - nowNs + SendingTimeToleranceNs);
        if (distance > 2 * (ulong)SendingTimeToleranceNs && profile.ChecksLatency && header.SendingTimeNs != FixedPoint.Absent)
        {
            return Refuse(ref header, GatewayVerdict.SendingTimeAccuracy, (ushort)SessionRejectReason.SendingTimeAccuracy, refTag: 0);
        }

        if (fault.IsValid)
        {
            // Nobody can tell whether an encrypted section agrees with what stands beside it.
            if (message.Contains(FixTag.SecureData))
            {
                return Refuse(ref header, GatewayVerdict.SessionReject, (ushort)SessionRejectReason.DecryptionProblem, FixTag.SecureData);
            }

            return profile.ApplVerId.IsEmpty || IsOurVersion(message, profile, ref header);
        }

        return fault.IsUnsupportedMessage
            ? Refuse(ref header, GatewayVerdict.BusinessReject, UnsupportedMessageType, 0)
            : Refuse(ref header, GatewayVerdict.SessionReject, (ushort)fault.Reason, fault.RefTag);
    }

    /// <summary>A message may name the version of the session in ApplVerID (1128), and no other.</summary>
    private static bool IsOurVersion(FixMessage message, SessionProfile profile, ref FixCommandHeader header)
    {
        ReadOnlySpan<byte> version = message.Text(FixTag.ApplVerID);
        return version.IsEmpty || version.SequenceEqual(profile.ApplVerId.Span)
            || Refuse(ref header, GatewayVerdict.SessionReject, (ushort)SessionRejectReason.InvalidApplVer, FixTag.ApplVerID);
    }

    private static int Fill(FixMessage message, Span<byte> target)
    {
        switch (message.Kind)
        {
            case FixMessageKind.NewOrderSingle:
                return OrderTranslation.NewOrder(message, ref As<NewOrderCommand>(target));
            case FixMessageKind.OrderCancelRequest:
                return OrderTranslation.Cancel(message, ref As<CancelOrderCommand>(target));
            case FixMessageKind.OrderCancelReplaceRequest:
                return OrderTranslation.Replace(message, ref As<ReplaceOrderCommand>(target));
            case FixMessageKind.OrderStatusRequest:
                return OrderTranslation.Status(message, ref As<OrderStatusCommand>(target));
            case FixMessageKind.OrderMassStatusRequest:
                return RequestTranslation.MassStatus(message, ref As<MassOrderCommand>(target));
            case FixMessageKind.OrderMassCancelRequest:
                return RequestTranslation.MassCancel(message, ref As<MassOrderCommand>(target));
            case FixMessageKind.MassQuote:
                return QuoteTranslation.MassQuote(message, target);
            case FixMessageKind.QuoteCancel:
                return QuoteTranslation.QuoteCancel(message, ref As<QuoteCancelCommand>(target));
            case FixMessageKind.OrderMassActionRequest:
                return QuoteTranslation.MassAction(message, ref As<MassActionCommand>(target));
            case FixMessageKind.SecurityListRequest:
                return RequestTranslation.SecurityList(message, ref As<SecurityRequestCommand>(target));
            case FixMessageKind.SecurityDefinitionRequest:
                return RequestTranslation.SecurityDefinition(message, ref As<SecurityRequestCommand>(target));
            case FixMessageKind.SecurityStatusRequest:
                return RequestTranslation.SecurityStatus(message, ref As<SecurityRequestCommand>(target));
            case FixMessageKind.TradingSessionStatusRequest:
                return RequestTranslation.TradingSessionStatus(message, ref As<SecurityRequestCommand>(target));
            default:
                return SessionTranslation.Fill(message, target);
        }
    }

    /// <summary>Writes a refusal into the header; always false, so that a caller can return it.</summary>
    internal static bool Refuse(ref FixCommandHeader header, GatewayVerdict verdict, ushort reason, int refTag)
    {
        header.Verdict = verdict;
        header.Reason = reason;
        header.RefTagId = refTag;
        return false;
    }

    /// <summary>The record at the start of a target that is long enough.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ref T As<T>(Span<byte> target)
        where T : unmanaged => ref MemoryMarshal.AsRef<T>(target);

    private FixParser ParserOf(FixDictionary dictionary)
    {
        foreach (FixParser parser in _parsers)
        {
            if (ReferenceEquals(parser.Dictionary, dictionary))
            {
                return parser;
            }
        }

        throw new ArgumentException($"no parser for {dictionary.BeginString}", nameof(dictionary));
    }

    private static void ThrowTargetTooSmall() => throw new ArgumentException($"the target must hold {CommandLengthMax} bytes", "target");
}
