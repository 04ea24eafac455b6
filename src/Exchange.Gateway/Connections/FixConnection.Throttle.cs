// What a limit of messages a second does to a connection. Session messages are free: they keep the session alive. So are messages that
// the client sends again because we asked for them: it may have been away for long. A message beyond the limit goes to the core all the
// same, with a verdict, since its number counts.
using System.Runtime.CompilerServices;
using Exchange.Gateway.Translation;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Connections;

internal sealed partial class FixConnection
{
    /// <summary>The participant's definition has changed while its session is logged on over this connection.</summary>
    public void Redefine(Participant participant) => _throttle.SetLimit(participant.Definition.MessagesPerSecondMax);

    /// <summary>Judges a message against the limit; one beyond it becomes a refusal.</summary>
    /// <returns>False when the message is to be counted once it is on its way.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Throttle(Span<byte> command, ref int length, long nowNs)
    {
        ref FixCommandHeader message = ref InboundTranslator.As<FixCommandHeader>(command);
        CommandType type = message.Command.Type;
        _highestNumberIn = Math.Max(_highestNumberIn, message.MsgSeqNum);
        if (type is >= CommandType.Logon and <= CommandType.Logout)
        {
            return true;
        }

        bool wasAskedFor = (message.Flags & FixMessageFlags.PossDup) != 0 && message.MsgSeqNum <= _resendThrough;
        if (wasAskedFor)
        {
            return true;
        }

        if (type == CommandType.InvalidMessage || _throttle.MayPass(nowNs, IsCancel(type)))
        {
            return false;
        }

        command[FixCommandHeader.SizeBytes..length].Clear();
        length = FixCommandHeader.SizeBytes;
        message.Command.Type = CommandType.InvalidMessage;
        InboundTranslator.Refuse(ref message, GatewayVerdict.Throttled, reason: 0, refTag: 0);
        _context.Counters.MessageThrottled();
        return true;
    }

    /// <summary>Whatever takes orders or quotes back passes as long as anything does.</summary>
    private static bool IsCancel(CommandType type) =>
        type is CommandType.CancelOrder or CommandType.MassCancel or CommandType.QuoteCancel or CommandType.MassAction;
}
