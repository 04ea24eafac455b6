using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Sessions;

// The gateway has checked who it is; here it is decided whether the session may be logged on, and with which numbers.
//
// The order of the events of an accepted Logon is fixed:
//
//      HistoryReset        with 141=Y only: egress forgets the old numbering before it sees the first message of the new one
//      Logon               with our 789 when the client sent one
//      ResendRange         when the client's 789 is below our number: what it has missed, resent without being asked
//      fills               with 141=Y, or after an operator has moved our number: those without proof of receipt, oldest first, PossResend, original ExecID
//      open orders         with 141=Y, or after an operator has moved our number: restated; behind the fills, so that the last word on each order is its present state
//      ResendRequest       when the client's number is too high, unless its 789 means that it resends by itself
//
// One short Logon with 141=Y can make tens of thousands of messages, so what a session has restated to it within a while is limited; a
// client that resets without end is refused, while one with little to restate may reset as often as it likes.
//
// A refused Logon is answered with a Logout that says why, since the password was right. It binds the session for as long as that
// takes, so that the Logout has a connection and a number.

/// <summary>Logs sessions on, resets their numbers, and turns second connections away.</summary>
internal sealed class LogonProcedure
{
    /// <summary>Messages restated within <see cref="RestatementWindowNs"/> after which a further reset is refused.</summary>
    public const long RestatedMax = 4 * UnseenFills.CountMax;

    /// <summary>Log time over which restated messages are counted.</summary>
    public const long RestatementWindowNs = 10_000_000_000;

    private readonly SessionOutbox _outbox;
    private readonly SessionReplies _replies;
    private readonly SessionLifecycle _lifecycle;
    private readonly SequenceGate _gate;
    private readonly DeadlineCalendar _calendar;
    private readonly OrderEntry _orders;

    /// <summary>Creates the procedure.</summary>
    public LogonProcedure(
        SessionOutbox outbox, SessionReplies replies, SessionLifecycle lifecycle, SequenceGate gate, DeadlineCalendar calendar, OrderEntry orders)
    {
        _outbox = outbox;
        _replies = replies;
        _lifecycle = lifecycle;
        _gate = gate;
        _calendar = calendar;
        _orders = orders;
    }

    /// <summary>A Logon from an attached gateway.</summary>
    /// <returns>False when it is stale and is discarded.</returns>
    public bool Handle(Session session, in LogonCommand logon, in CommandContext context)
    {
        ref readonly CommandHeader command = ref logon.Header.Command;
        if (session.Binding.Matches(in command))
        {
            HandleInSession(session, in logon, in context);
            return true;
        }

        if (session.LastBinding.IsOf(command.GatewayId, command.GatewayIncarnation) && command.ConnectionId <= session.LastBinding.ConnectionId)
        {
            // Sent before its connection was closed, or checked more slowly than a later one's: too late either way.
            CloseUnbound(session, in command, ReasonCode.DuplicateLogon);
            return false;
        }

        if (session.IsLoggedOn)
        {
            TurnAway(session, in command, in context);
            return true;
        }

        Begin(session, in logon, in context);
        return true;
    }

    /// <summary>Has a connection closed that the session is not bound to.</summary>
    public void CloseUnbound(Session session, in CommandHeader command, ReasonCode reason)
    {
        ConnectionBinding target = ConnectionBinding.Of(in command);
        _outbox.AppendTo<CloseConnectionEvent>(EventType.CloseConnection, session.Id, in target).Reason = reason;
    }

    /// <summary>
    /// A second connection is closed without a word, and the first is probed: if it is dead without knowing, the gateway closes it
    /// when no answer comes, and the client's next attempt succeeds.
    /// </summary>
    private void TurnAway(Session session, in CommandHeader command, in CommandContext context)
    {
        CloseUnbound(session, in command, ReasonCode.DuplicateLogon);
        if (!session.ProbeOutstanding)
        {
            _replies.TestRequest(session, isProbe: true, in context);
        }
    }

    private void Begin(Session session, in LogonCommand logon, in CommandContext context)
    {
        _lifecycle.Bind(session, in logon.Header.Command);
        ref readonly FixCommandHeader message = ref logon.Header;
        bool isReset = (message.Flags & FixMessageFlags.ResetSeqNum) != 0;
        if (!isReset && (session.Definition.Flags & ParticipantFlags.ResetOnLogon) != 0 && MayRestate(session, in context))
        {
            // As if the numbers had been reset while nobody was logged on: a number above 1 is a gap like any other, and 141 is not ours to say.
            _lifecycle.RestartNumbers(session);
            session.IsRestatementDue = true;
        }

        if (!isReset && message.MsgSeqNum < session.NextIn)
        {
            RefuseTooLow(session, in message, in context);
            return;
        }

        if (!Check(session, in logon, isReset, in context))
        {
            return;
        }

        Accept(session, in logon, isReset, in context);
    }

    /// <summary>A Logon over the connection that is logged on already: a reset in mid-session, or an error.</summary>
    private void HandleInSession(Session session, in LogonCommand logon, in CommandContext context)
    {
        ref readonly FixCommandHeader message = ref logon.Header;
        bool isPossDup = (message.Flags & FixMessageFlags.PossDup) != 0;
        if ((message.Flags & FixMessageFlags.ResetSeqNum) != 0 && !isPossDup)
        {
            if (Check(session, in logon, isReset: true, in context))
            {
                Accept(session, in logon, isReset: true, in context);
            }

            return;
        }

        // A Logon that comes again as part of a resend has done its work long ago; its number is all that it is good for.
        if (_gate.Admit(session, in message, in context) && !isPossDup)
        {
            _lifecycle.LogOutAndClose(session, ReasonCode.LogonInSession, value: 0, limit: 0, in context);
        }
    }

    private void RefuseTooLow(Session session, in FixCommandHeader message, in CommandContext context)
    {
        if (message.MsgSeqNum < 0)
        {
            _lifecycle.LogOutAndClose(session, ReasonCode.MsgSeqNumMissing, value: 0, limit: 0, in context);
        }
        else if ((message.Flags & FixMessageFlags.PossDup) != 0)
        {
            // Already processed, so there is nothing to answer; but without a Logon of its own the connection is of no use.
            _lifecycle.Close(session, ReasonCode.MsgSeqNumTooLow, in context);
        }
        else
        {
            _lifecycle.LogOutAndClose(session, ReasonCode.MsgSeqNumTooLow, message.MsgSeqNum, session.NextIn, in context);
        }
    }

    /// <summary>Checks everything about a Logon but a number that is too low; refuses it when something is wrong.</summary>
    private bool Check(Session session, in LogonCommand logon, bool isReset, in CommandContext context)
    {
        ref readonly DefineParticipantCommand definition = ref session.Definition;
        long nextOut = isReset ? 1 : session.NextOut;
        long expected = logon.NextExpectedMsgSeqNum;
        ReasonCode reason = ReasonCode.None;
        long value = 0;
        long limit = 0;
        if ((definition.Flags & ParticipantFlags.Disabled) != 0)
        {
            reason = ReasonCode.ParticipantDisabled;
        }
        else if (isReset && logon.Header.MsgSeqNum != 1)
        {
            (reason, value, limit) = (ReasonCode.ResetRequiresSeqNumOne, logon.Header.MsgSeqNum, 1);
        }
        else if ((isReset || (definition.Flags & ParticipantFlags.ResetOnLogon) != 0) && !MayRestate(session, in context))
        {
            (reason, value, limit) = (ReasonCode.ResendLimit, session.RestatedCount, RestatedMax);
        }
        else if (logon.HeartBtIntSec < definition.HeartBtIntMinSec || logon.HeartBtIntSec > definition.HeartBtIntMaxSec)
        {
            (reason, value) = (ReasonCode.HeartBtIntOutOfRange, logon.HeartBtIntSec);
            limit = logon.HeartBtIntSec < definition.HeartBtIntMinSec ? definition.HeartBtIntMinSec : definition.HeartBtIntMaxSec;
        }
        else if (HasNextExpected(in logon) && expected < 1)
        {
            (reason, value, limit) = (ReasonCode.SeqNumOutOfRange, expected, 1);
        }
        else if (HasNextExpected(in logon) && expected > nextOut)
        {
            (reason, value, limit) = (ReasonCode.NextExpectedTooHigh, expected, nextOut);
        }

        if (reason == ReasonCode.None)
        {
            return true;
        }

        // The client has used this number, so that its next attempt carries the one behind it.
        if (logon.Header.MsgSeqNum == session.NextIn)
        {
            _gate.Advance(session, session.NextIn + 1, in context);
        }

        _lifecycle.LogOutAndClose(session, reason, value, limit, in context);
        return false;
    }

    private static bool MayRestate(Session session, in CommandContext context) =>
        session.RestatedCount <= RestatedMax || context.LogTimeNs - session.RestatedSinceNs >= RestatementWindowNs;

    private void Accept(Session session, in LogonCommand logon, bool isReset, in CommandContext context)
    {
        long msgSeqNum = logon.Header.MsgSeqNum;
        bool hasNextExpected = HasNextExpected(in logon);
        if (isReset)
        {
            _lifecycle.RestartNumbers(session);
        }
        else if (hasNextExpected && !session.IsRestatementDue)
        {
            // After an operator has moved our number, what the client expects proves nothing about fills of the old numbering.
            session.UnseenFills.ForgetBelow(logon.NextExpectedMsgSeqNum);
        }

        bool isGap = msgSeqNum > session.NextIn;
        if (!isGap)
        {
            _gate.Advance(session, msgSeqNum + 1, in context);
        }

        if (session.CancelDeadlineNs != long.MaxValue)
        {
            session.CancelDeadlineNs = long.MaxValue;
            _calendar.Refresh();
        }

        ref LogonEvent reply = ref _outbox.Append<LogonEvent>(EventType.Logon, session.Id);
        reply.HeartBtIntSec = logon.HeartBtIntSec;
        reply.NextExpectedMsgSeqNum = hasNextExpected ? session.NextIn : 0;
        reply.ResetSeqNum = isReset ? 1 : 0;

        if (hasNextExpected && logon.NextExpectedMsgSeqNum < session.NextOut - 1)
        {
            // Up to and with our own Logon: a client that waits at the first missing number has not consumed that one either.
            _replies.ResendRange(session, logon.NextExpectedMsgSeqNum, session.NextOut - 1);
        }

        if (isReset || session.IsRestatementDue)
        {
            session.IsRestatementDue = false;
            Restate(session, in context);
        }

        if (isGap)
        {
            _gate.NoteLogonGap(session, msgSeqNum, hasNextExpected, in context);
        }
    }

    private void Restate(Session session, in CommandContext context)
    {
        long first = session.NextOut;
        int count = session.UnseenFills.Count;
        for (int i = 0; i < count; i++)
        {
            _outbox.Restate(session, i);
        }

        _orders.RestateOpenOrders(session.Id, in context);
        if (context.LogTimeNs - session.RestatedSinceNs >= RestatementWindowNs)
        {
            session.RestatedCount = 0;
            session.RestatedSinceNs = context.LogTimeNs;
        }

        session.RestatedCount += session.NextOut - first;
    }

    private static bool HasNextExpected(in LogonCommand logon) => (logon.Header.Flags & FixMessageFlags.HasNextExpected) != 0;
}
