// What limits of messages do to a connection. An application message beyond its limit goes to the core all the same, with a verdict, since
// its number counts. Messages that the client sends again because we asked for them are free within a budget: it may have been away for long.
// Session messages and invalid ones have a limit of their own, so generous that only a flood reaches it; the session is ended then, and
// nothing more is read.
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Connections;

internal sealed partial class FixConnection
{
    private SessionAllowance? _allowance;
    private long _highestNumberIn;
    private long _resendFrom;
    private long _resendThrough;

    /// <summary>Whether the client has flooded us with session messages or invalid ones: the core has been told, and what else comes is thrown away.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>The participant's definition has changed while its session is logged on over this connection.</summary>
    public void Redefine(Participant participant) => _allowance?.SetLimit(participant.Definition.MessagesPerSecondMax);

    private void ForgetAllowance()
    {
        _allowance = null;
        _highestNumberIn = 0;
        _resendFrom = 0;
        _resendThrough = 0;
        IsCutOff = false;
    }

    /// <summary>Takes note of what we ask the client to send again.</summary>
    private void NoteAskedFor(long from, long through)
    {
        _resendFrom = from;
        _resendThrough = through == 0 ? _highestNumberIn : Math.Min(through, _highestNumberIn);
    }

    /// <summary>Judges a message against the limits; an application message beyond its limit becomes a refusal.</summary>
    /// <returns>What it is to be counted as once it is on its way.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private MessageToll Throttle(Span<byte> command, ref int length, long nowNs)
    {
        ref FixCommandHeader message = ref InboundTranslator.As<FixCommandHeader>(command);
        CommandType type = message.Command.Type;
        _highestNumberIn = Math.Max(_highestNumberIn, message.MsgSeqNum);
        SessionAllowance allowance = _allowance!;
        MessageToll toll = MessageToll.None;
        if (type <= CommandType.UserRequest)
        {
            if (!allowance.MayKeepUp(nowNs))
            {
                return MessageToll.Flood;
            }

            toll = MessageToll.Upkeep;
        }

        if (!allowance.IsLimited || type is >= CommandType.Logon and <= CommandType.Logout)
        {
            return toll;
        }

        bool wasAskedFor = (message.Flags & FixMessageFlags.PossDup) != 0 && message.MsgSeqNum >= _resendFrom && message.MsgSeqNum <= _resendThrough;
        if (wasAskedFor && allowance.MayResend(nowNs))
        {
            return toll | MessageToll.Resent;
        }

        if (type == CommandType.InvalidMessage || allowance.MaySend(nowNs, IsCancel(type)))
        {
            return toll | MessageToll.Message;
        }

        command[FixCommandHeader.SizeBytes..length].Clear();
        length = FixCommandHeader.SizeBytes;
        message.Command.Type = CommandType.InvalidMessage;
        InboundTranslator.Refuse(ref message, GatewayVerdict.Throttled, reason: 0, refTag: 0);
        _context.Counters.MessageThrottled();
        return toll;
    }

    /// <summary>Has the core end the session. The message that was one too many was not processed; its number stays unused.</summary>
    /// <returns>The bytes consumed; 0 when there was no room to tell the core.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int CutOff<TSink>(Span<byte> bytes, in GatewayTime now, ref TSink sink)
        where TSink : struct, ICommandSink
    {
        if (!OfferDue(CommandType.LogoutDue, ReasonCode.SessionMessageFlood, in now, ref sink))
        {
            _backPressured = true;
            _context.Counters.BackPressured();
            return 0;
        }

        IsCutOff = true;
        _timers.LogoutAsked(now.MonotonicNs, _context.CloseGraceNs);
        _context.Counters.SessionFlooded();
        CryptographicOperations.ZeroMemory(bytes);
        return bytes.Length;
    }

    /// <summary>Whatever takes orders or quotes back passes as long as anything does.</summary>
    private static bool IsCancel(CommandType type) =>
        type is CommandType.CancelOrder or CommandType.MassCancel or CommandType.QuoteCancel or CommandType.MassAction;
}
