using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Sessions;

// A session is either bound to one connection or to none. This is the only place that changes it, because each change has company:
// what belonged to the connection (a ResendRequest, a probe) ends with it, its end starts the grace of cancel on disconnect, and the
// deadlines must be looked at again. So does what waits behind a gap: its number has not been used, so the client is asked for it again, and
// decides whether it still means it.
//
//      unbound --Logon accepted--> logged on --Logout, error, connection, gateway or term lost--> unbound
//                                      |                                                             ^
//                                      +--our Logout, friendly--> logout sent --answer or deadline---+
//
// A close is an instruction of its own behind the Logout, and the session is unbound in the same command: whatever is already on its
// way from that connection no longer passes the fence.

/// <summary>Binds sessions to connections and ends the binding.</summary>
internal sealed class SessionLifecycle
{
    /// <summary>How long a client may take to answer our Logout.</summary>
    public const long LogoutAnswerLimitNs = 2_000_000_000;

    private readonly SessionTable _sessions;
    private readonly SessionOutbox _outbox;
    private readonly DeadlineCalendar _calendar;
    private readonly HeldMessages _held;

    /// <summary>Creates the lifecycle of the sessions in <paramref name="sessions"/>.</summary>
    public SessionLifecycle(SessionTable sessions, SessionOutbox outbox, DeadlineCalendar calendar, HeldMessages held)
    {
        _held = held;
        _sessions = sessions;
        _outbox = outbox;
        _calendar = calendar;
    }

    /// <summary>Number of sessions logged on.</summary>
    public int LoggedOnCount { get; private set; }

    /// <summary>Binds a session to the connection that its Logon came from.</summary>
    public void Bind(Session session, in CommandHeader header)
    {
        Invariant.Require(!session.IsLoggedOn && header.ConnectionId != 0);

        // A snapshot of an older build may hold what came over a connection that was lost.
        _held.Clear(session);
        session.Binding = ConnectionBinding.Of(in header);
        LoggedOnCount++;
    }

    /// <summary>Sends a Logout, has the connection closed, and unbinds the session.</summary>
    public void LogOutAndClose(Session session, ReasonCode reason, long value, long limit, in CommandContext context)
    {
        SendLogout(session, reason, value, limit);
        Close(session, reason, in context);
    }

    /// <summary>As <see cref="LogOutAndClose"/>, behind a Reject that has said why already.</summary>
    public void CloseRejected(Session session, ReasonCode reason, in CommandContext context)
    {
        SendLogout(session, ReasonCode.None, value: 0, limit: 0);
        Close(session, reason, in context);
    }

    /// <summary>Sends a Logout and leaves the session bound until the client has answered or the limit has passed.</summary>
    public void LogOutAndWait(Session session, ReasonCode reason, in CommandContext context)
    {
        SendLogout(session, reason, value: 0, limit: 0);
        session.LogoutDeadlineNs = context.LogTimeNs + LogoutAnswerLimitNs;
        _calendar.Add(session.LogoutDeadlineNs);
    }

    /// <summary>Has the connection closed and unbinds the session.</summary>
    public void Close(Session session, ReasonCode reason, in CommandContext context)
    {
        _outbox.AppendUnsequenced<CloseConnectionEvent>(EventType.CloseConnection, session).Reason = reason;
        Unbind(session, in context);
    }

    /// <summary>Ends the binding: the connection is gone, or nothing more is wanted from it.</summary>
    public void Unbind(Session session, in CommandContext context)
    {
        Invariant.Require(session.IsLoggedOn);
        session.LastBinding = session.Binding;
        session.Binding = default;
        _held.Clear(session);
        session.ForgetGap();
        session.TestReqId = default;
        session.TestReqSeqNum = 0;
        session.ProbeOutstanding = false;
        LoggedOnCount--;
        if (session.IsLogoutSent)
        {
            session.LogoutDeadlineNs = long.MaxValue;
            _calendar.Refresh();
        }

        // A refused Logon ends here too; it must not prolong a grace that is already running.
        if ((session.Definition.Flags & ParticipantFlags.CancelOnDisconnect) != 0 && session.CancelDeadlineNs == long.MaxValue)
        {
            session.CancelDeadlineNs = DeadlineCalendar.After(in context, session.Definition.CancelOnDisconnectGraceNs);
            _calendar.Add(session.CancelDeadlineNs);
        }
    }

    /// <summary>Starts both numbers again at 1, and forgets whatever was said in terms of the old ones.</summary>
    public void RestartNumbers(Session session)
    {
        _outbox.AppendUnsequenced<EventHeader>(EventType.HistoryReset, session);
        StartNumbers(session, 1, 1);
    }

    /// <summary>Moves the numbers; what waits behind a gap of the old ones is forgotten with them.</summary>
    public void StartNumbers(Session session, long nextIn, long nextOut)
    {
        _held.Clear(session);
        session.StartNumbers(nextIn, nextOut);
    }

    /// <summary>Unbinds the sessions of one gateway: of the given life, or of all its other lives.</summary>
    public void UnbindGateway(int gatewayId, long incarnation, bool others, in CommandContext context)
    {
        for (int id = 0; id < _sessions.Count; id++)
        {
            Session session = _sessions[id];
            if (session.IsLoggedOn && session.Binding.GatewayId == gatewayId && session.Binding.GatewayIncarnation == incarnation != others)
            {
                Unbind(session, in context);
            }
        }
    }

    /// <summary>Unbinds every session.</summary>
    public void UnbindAll(in CommandContext context)
    {
        for (int id = 0; id < _sessions.Count; id++)
        {
            if (_sessions[id].IsLoggedOn)
            {
                Unbind(_sessions[id], in context);
            }
        }
    }

    /// <summary>Counts again after a snapshot has been loaded.</summary>
    public void Recount()
    {
        LoggedOnCount = 0;
        for (int id = 0; id < _sessions.Count; id++)
        {
            LoggedOnCount += _sessions[id].IsLoggedOn ? 1 : 0;
        }
    }

    private void SendLogout(Session session, ReasonCode reason, long value, long limit)
    {
        ref LogoutEvent logout = ref _outbox.Append<LogoutEvent>(EventType.Logout, session.Id);
        logout.Text = reason;
        logout.Value = value;
        logout.Limit = limit;
    }
}
