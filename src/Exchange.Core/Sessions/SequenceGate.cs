using System.Runtime.CompilerServices;
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
//      too high    any        dropped, not queued; one ResendRequest is outstanding at a time       (2b)
//      too low     no         Logout "MsgSeqNum too low", close                                     (2c)
//      too low     yes        already processed: ignored, or rejected for its OrigSendingTime       (2e, 2f, 2g)
//      unreadable  any        Logout, close; so too when BeginString changes                        (2i)
//
// Dropping behind a gap costs a resend of what had already arrived, and needs no queue that a client could fill: the order in which
// messages are executed is always the order of their numbers.

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

    /// <summary>Creates the gate.</summary>
    public SequenceGate(SessionReplies replies, SessionLifecycle lifecycle)
    {
        _replies = replies;
        _lifecycle = lifecycle;
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
    public static void Advance(Session session, long nextIn, in CommandContext context)
    {
        session.NextIn = nextIn;
        if (session.ResendUntil != 0)
        {
            AdvanceInGap(session, in context);
        }
    }

    /// <summary>Takes note of a number beyond the next one, and asks for what is missing unless that has been asked for already.</summary>
    public void NoteGap(Session session, long msgSeqNum, in CommandContext context)
    {
        if (session.ResendUntil != 0 && context.LogTimeNs - session.ResendProgressNs < ResendPatienceNs)
        {
            return;
        }

        OpenGap(session, msgSeqNum, in context);
        _replies.ResendRequest(session);
    }

    /// <summary>Marks a gap as asked for.</summary>
    public static void OpenGap(Session session, long msgSeqNum, in CommandContext context)
    {
        session.ResendUntil = msgSeqNum;
        session.ResendProgressNs = context.LogTimeNs;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AdvanceInGap(Session session, in CommandContext context)
    {
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
                session, in message, SessionRejectReason.SendingTimeAccuracyProblem, FixTag.OrigSendingTime, ReasonCode.OrigSendingTimeAfterSendingTime);
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
                _replies.Reject(session, in message, SessionRejectReason.SendingTimeAccuracyProblem, FixTag.SendingTime, ReasonCode.SendingTimeAccuracy);
                _lifecycle.LogOutAndClose(session, ReasonCode.SendingTimeAccuracy, value: 0, limit: 0, in context);
                break;
            case GatewayVerdict.CompIdProblem:
                _replies.Reject(session, in message, SessionRejectReason.CompIdProblem, message.RefTagId, ReasonCode.CompIdProblem);
                _lifecycle.LogOutAndClose(session, ReasonCode.CompIdProblem, value: 0, limit: 0, in context);
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
