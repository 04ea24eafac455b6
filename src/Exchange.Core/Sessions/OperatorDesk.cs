using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Sessions;

/// <summary>What operators do to sessions. A client whose numbers are moved is logged out first: it must not find out in mid-stream.</summary>
internal sealed class OperatorDesk
{
    private readonly SessionTable _sessions;
    private readonly SessionOutbox _outbox;
    private readonly SessionLifecycle _lifecycle;

    /// <summary>Creates the desk.</summary>
    public OperatorDesk(SessionTable sessions, SessionOutbox outbox, SessionLifecycle lifecycle)
    {
        _sessions = sessions;
        _outbox = outbox;
        _lifecycle = lifecycle;
    }

    /// <summary>Carries a command out; false when it names no session or no possible number.</summary>
    public bool Handle(in SessionAdminCommand command, in CommandContext context)
    {
        if (!_sessions.Contains(command.Header.SessionId) || !IsNumber(command.NextIn) || !IsNumber(command.NextOut))
        {
            return false;
        }

        Session session = _sessions[command.Header.SessionId];
        switch (command.Header.Type)
        {
            case CommandType.LogOutSession:
                if (session is { IsLoggedOn: true, IsLogoutSent: false })
                {
                    _lifecycle.LogOutAndWait(session, ReasonCode.Operator, in context);
                }

                return true;
            case CommandType.ResetSession:
                Reset(session, ReasonCode.Operator, in context);
                return true;
            default:
                LogOut(session, ReasonCode.Operator, in context);
                SetNumbers(session, in command);
                return true;
        }
    }

    /// <summary>
    /// Both numbers restart at 1, the client logged out before with the reason given. What it has not proven to have received is restated
    /// at its next Logon, as after a reset of its own.
    /// </summary>
    public void Reset(Session session, ReasonCode reason, in CommandContext context)
    {
        LogOut(session, reason, in context);
        _lifecycle.RestartNumbers(session);
        session.IsRestatementDue = true;
    }

    private void SetNumbers(Session session, in SessionAdminCommand command)
    {
        long nextIn = command.NextIn == 0 ? session.NextIn : command.NextIn;
        long nextOut = command.NextOut == 0 ? session.NextOut : command.NextOut;
        if (nextOut != session.NextOut)
        {
            _outbox.AppendUnsequenced<RangeEvent>(EventType.HistoryStart, session).BeginSeqNo = nextOut;
            session.IsRestatementDue = true;
        }

        _lifecycle.StartNumbers(session, nextIn, nextOut);
    }

    private void LogOut(Session session, ReasonCode reason, in CommandContext context)
    {
        if (session.IsLoggedOn)
        {
            _lifecycle.LogOutAndClose(session, reason, value: 0, limit: 0, in context);
        }
    }

    private static bool IsNumber(long value) => value is >= 0 and <= Session.SequenceNumberMax;
}
