using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Sessions;

// Every message of a logged-on client passes here before anything else is done with it, also the messages that the gateway found
// invalid: a reject needs a number, and a bad message behind a gap is a gap.
//
//      number      PossDup    what happens
//      ---------   -------    -----------------------------------------------------------------------------------
//      next        no         consumed; processed, or rejected by its verdict
//      next        yes        consumed; processed as new, or rejected for its OrigSendingTime       (2e, 2f, 2g)
//      too high    any        held until its turn; one ResendRequest is outstanding at a time       (2b)
//      too low     no         Logout "MsgSeqNum too low", close                                     (2c)
//      too low     yes        already processed: ignored, or rejected for its OrigSendingTime       (2e, 2f, 2g)
//      unreadable  any        Logout, close; so too when BeginString changes                        (2i)
//
// The order in which messages are executed is always the order of their numbers. What is held is not asked for again: the first request of
// a gap is open (EndSeqNo=0), because whatever the client has on its way belongs to it; any further one ends before the first message
// held. What found no room, or would end the session if it came now, is dropped, and asked for when its turn has come. Must hold: as long as a
// session that is logged on holds messages, a ResendRequest is outstanding.

/// <summary>Checks MsgSeqNum, PossDup and the gateway's verdict, and consumes the number.</summary>
internal sealed class SequenceGate
{
    /// <summary>Log time without progress after which an unanswered ResendRequest may be repeated.</summary>
    public const long ResendPatienceNs = 5_000_000_000;

    /// <summary>Log time over which messages refused by the throttle are counted.</summary>
    public const long ThrottleWindowNs = 10_000_000_000;

    /// <summary>Seconds' worth of messages refused within <see cref="ThrottleWindowNs"/> after which the session is ended.</summary>
    public const long ThrottleAbuseFactor = 5;

    private readonly SessionReplies _replies;
    private readonly SessionLifecycle _lifecycle;
    private readonly HeldMessages _held;
    private Session? _progressed;

    /// <summary>Creates the gate.</summary>
    public SequenceGate(SessionReplies replies, SessionLifecycle lifecycle, HeldMessages held)
    {
        _held = held;
        _replies = replies;
        _lifecycle = lifecycle;
    }

    /// <summary>Whether the numbers of a session in a gap have moved, and <see cref="TryTakeHeld"/> must be asked.</summary>
    public bool HasProgressed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _progressed is not null;
    }

    /// <summary>
    /// Admits a message that has passed the fence.
    /// </summary>
    /// <returns>True when it is the next one, its number is consumed, and it is to be processed; otherwise it has been dealt with.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Admit(Session session, in FixCommandHeader message, in CommandContext context)
    {
        if (message.MsgSeqNum == session.NextIn && message.Verdict == GatewayVerdict.Valid && (message.Flags & FixMessageFlags.PossDup) == 0)
        {
            Advance(session, message.MsgSeqNum + 1, in context);
            return true;
        }

        return AdmitSlow(session, in message, in context);
    }

    /// <summary>Moves the number expected next, and with it the end of an outstanding gap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(Session session, long nextIn, in CommandContext context)
    {
        session.NextIn = nextIn;
        if (session.ResendUntil != 0)
        {
            AdvanceInGap(session, in context);
        }
    }

    /// <summary>A SequenceReset in mode Reset: nothing before the number is awaited, and nothing that came before counts.</summary>
    public void Restart(Session session, long nextIn)
    {
        _held.Clear(session);
        session.ForgetGap();
        session.NextIn = nextIn;
    }

    /// <summary>Takes note of a message behind a gap that has been answered already: only its number waits for its turn.</summary>
    public void NoteAnswered(Session session, long msgSeqNum, in CommandContext context)
    {
        NoteGap(session, msgSeqNum, in context);
        Hold(session, msgSeqNum, command: default);
    }

    /// <summary>Takes note of an accepted Logon behind a gap. A client that sent a 789 resends by itself what ours says is missing.</summary>
    public void NoteLogonGap(Session session, long msgSeqNum, bool hasNextExpected, in CommandContext context)
    {
        if (hasNextExpected)
        {
            session.HighestIn = msgSeqNum;
            Await(session, msgSeqNum - 1, in context);
        }

        NoteAnswered(session, msgSeqNum, in context);
    }

    /// <summary>
    /// Takes the next message out of the list of the session that has progressed, if its turn has come. When nothing more can be taken, whatever
    /// is still missing is asked for.
    /// </summary>
    /// <returns>False when there is none.</returns>
    public bool TryTakeHeld(out int place, in CommandContext context)
    {
        Session session = _progressed!;
        while (session.IsLoggedOn)
        {
            _held.DropBelow(session, session.NextIn);
            if (_held.FirstNumber(session) != session.NextIn)
            {
                AskForRest(session, in context);
                break;
            }

            place = _held.TakeFirst(session);
            if (!_held.Command(place).IsEmpty)
            {
                return true;
            }

            _held.Return(place);
            Advance(session, session.NextIn + 1, in context);
        }

        place = 0;
        _progressed = null;
        return false;
    }

    /// <summary>Takes note of a number beyond the next one, and asks for what is missing unless that has been asked for already.</summary>
    private void NoteGap(Session session, long msgSeqNum, in CommandContext context)
    {
        session.HighestIn = Math.Max(session.HighestIn, msgSeqNum);
        if (session.ResendUntil != 0 && context.LogTimeNs - session.ResendProgressNs < ResendPatienceNs)
        {
            return;
        }

        long held = _held.FirstNumber(session);
        Await(session, held == 0 ? msgSeqNum - 1 : held - 1, in context);
        _replies.ResendRequest(session, held == 0 ? 0 : held - 1);
    }

    /// <summary>Asks for what is missing up to the next message held, or up to the highest that was dropped.</summary>
    private void AskForRest(Session session, in CommandContext context)
    {
        long held = _held.FirstNumber(session);
        long end = held == 0 ? session.HighestIn : held - 1;
        if (session.ResendUntil == 0 && session.NextIn <= end)
        {
            Await(session, end, in context);
            _replies.ResendRequest(session, end);
        }
    }

    private static void Await(Session session, long until, in CommandContext context)
    {
        session.ResendUntil = until;
        session.ResendProgressNs = context.LogTimeNs;
    }

    /// <summary>Holds a message, if there is room; what is dropped is asked for when all before it has come.</summary>
    private void Hold(Session session, long msgSeqNum, ReadOnlySpan<byte> command)
    {
        if (msgSeqNum <= Session.SequenceNumberMax)
        {
            _held.TryHold(session, msgSeqNum, command);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AdvanceInGap(Session session, in CommandContext context)
    {
        _progressed = session;
        session.ResendProgressNs = context.LogTimeNs;
        if (session.NextIn > session.ResendUntil)
        {
            session.ResendUntil = 0;
            session.ResendProgressNs = 0;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AdmitSlow(Session session, in FixCommandHeader message, in CommandContext context)
    {
        if (message.Verdict == GatewayVerdict.IncorrectBeginString)
        {
            _lifecycle.LogOutAndClose(session, ReasonCode.IncorrectBeginString, value: 0, limit: 0, in context);
            return false;
        }

        if (message.Verdict == GatewayVerdict.MsgSeqNumMissing || message.MsgSeqNum < 0)
        {
            _lifecycle.LogOutAndClose(session, ReasonCode.MsgSeqNumMissing, value: 0, limit: 0, in context);
            return false;
        }

        if (message.MsgSeqNum > session.NextIn)
        {
            NoteGap(session, message.MsgSeqNum, in context);
            if (message.Verdict is not (GatewayVerdict.SendingTimeAccuracy or GatewayVerdict.CompIdProblem))
            {
                Hold(session, message.MsgSeqNum, Bytes(in message));
            }

            return false;
        }

        bool isPossDup = (message.Flags & FixMessageFlags.PossDup) != 0;
        if (message.MsgSeqNum < session.NextIn)
        {
            if (!isPossDup)
            {
                _lifecycle.LogOutAndClose(session, ReasonCode.MsgSeqNumTooLow, message.MsgSeqNum, session.NextIn, in context);
            }
            else if (message.Verdict == GatewayVerdict.Valid)
            {
                RejectUnsoundOrigSendingTime(session, in message);
            }

            return false;
        }

        Advance(session, message.MsgSeqNum + 1, in context);
        return message.Verdict == GatewayVerdict.Valid
            ? !isPossDup || !RejectUnsoundOrigSendingTime(session, in message)
            : ActOnVerdict(session, in message, in context);
    }

    /// <summary>The whole command that a message's header begins.</summary>
    private static ReadOnlySpan<byte> Bytes(ref readonly FixCommandHeader message) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<FixCommandHeader, byte>(ref Unsafe.AsRef(in message)), message.Command.Length);

    private bool RejectUnsoundOrigSendingTime(Session session, in FixCommandHeader message)
    {
        if (message.OrigSendingTimeNs == FixedPoint.Absent)
        {
            // Engines in wide use leave 122 out of the gap fills that they make up while they resend; nothing hangs on it there.
            if (message.Command.Type == CommandType.SequenceReset)
            {
                return false;
            }

            _replies.Reject(session, in message, SessionRejectReason.RequiredTagMissing, FixTag.OrigSendingTime, ReasonCode.OrigSendingTimeMissing);
            return true;
        }

        if (message.OrigSendingTimeNs > message.SendingTimeNs)
        {
            _replies.Reject(
                session, in message, SessionRejectReason.SendingTimeAccuracyProblem, refTag: 0, ReasonCode.OrigSendingTimeAfterSendingTime);
            return true;
        }

        return false;
    }

    private bool ActOnVerdict(Session session, in FixCommandHeader message, in CommandContext context)
    {
        switch (message.Verdict)
        {
            case GatewayVerdict.SessionReject:
                _replies.Reject(session, in message, message.Reason, message.RefTagId, ReasonCode.InvalidMessage);
                break;
            case GatewayVerdict.BusinessReject:
                _replies.BusinessReject(session, in message, message.Reason == UnsupportedMessageType ? ReasonCode.UnsupportedMessageType : ReasonCode.InvalidMessage);
                break;
            case GatewayVerdict.Throttled:
                RefuseThrottled(session, in message, in context);
                break;
            case GatewayVerdict.SendingTimeAccuracy:
                _replies.Reject(session, in message, SessionRejectReason.SendingTimeAccuracyProblem, refTag: 0, ReasonCode.SendingTimeAccuracy);
                _lifecycle.CloseRejected(session, ReasonCode.SendingTimeAccuracy, in context);
                break;
            case GatewayVerdict.CompIdProblem:
                _replies.Reject(session, in message, SessionRejectReason.CompIdProblem, message.RefTagId, ReasonCode.CompIdProblem);
                _lifecycle.CloseRejected(session, ReasonCode.CompIdProblem, in context);
                break;
            default:
                Invariant.Require(false, "a verdict that ingress validation lets through has an answer");
                break;
        }

        return false;
    }

    /// <summary>The gateway's clock has found the message one too many; how long that may go on is counted here, in log time.</summary>
    private void RefuseThrottled(Session session, in FixCommandHeader message, in CommandContext context)
    {
        long limit = session.Definition.MessagesPerSecondMax;
        _replies.BusinessReject(session, in message, ReasonCode.ThrottleLimit, limit);
        if (context.LogTimeNs - session.ThrottledSinceNs >= ThrottleWindowNs)
        {
            session.ThrottledSinceNs = context.LogTimeNs;
            session.ThrottledCount = 0;
        }

        session.ThrottledCount++;
        if (session.ThrottledCount > Math.Max(limit, 1) * ThrottleAbuseFactor)
        {
            _lifecycle.LogOutAndClose(session, ReasonCode.ThrottleAbuse, session.ThrottledCount, limit, in context);
            session.ThrottledCount = 0;
        }
    }

    // BusinessRejectReason (380) "Unsupported Message Type".
    private const ushort UnsupportedMessageType = 3;
}
