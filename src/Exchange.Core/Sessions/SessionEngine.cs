using System.Runtime.CompilerServices;
using Exchange.Core.Markets;
using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Sessions;

// The FIX session layer, as far as it is replicated: who is logged on over which connection, and which number comes next in each
// direction. Bytes, heartbeats' clocks and passwords belong to the gateway, which says in commands what happened there.
//
// Three gates stand in front of everything:
//      fence       term, gateway life and connection must be those that the session is bound to; what does not match was sent to a past
//                  that is over, and is discarded without an answer (a Logon binds, so it needs only an attached gateway)
//      number      SequenceGate: whether the message is the next one
//      verdict     what the gateway's validation found, acted on only for the message that is next

/// <summary>Applies the commands of the session layer.</summary>
internal sealed class SessionEngine
{
    private readonly SessionTable _sessions;
    private readonly GatewayTable _gateways;
    private readonly SessionReplies _replies;
    private readonly SessionLifecycle _lifecycle;
    private readonly SequenceGate _gate;
    private readonly ResendDesk _resends;
    private readonly LogonProcedure _logons;
    private readonly DeadlineCalendar _calendar;
    private readonly OrderEntry _orders;
    private readonly MarketTable _markets;
    private readonly OperatorDesk _operators;
    private readonly HeldMessages _held;

    /// <summary>Creates the engine over its state.</summary>
    public SessionEngine(SessionTable sessions, GatewayTable gateways, SessionOutbox outbox, OrderEntry orders, MarketTable markets, DeadlineCalendar calendar, HeldMessages held)
    {
        _held = held;
        _sessions = sessions;
        _gateways = gateways;
        _orders = orders;
        _markets = markets;
        _calendar = calendar;
        _replies = new SessionReplies(outbox);
        _lifecycle = new SessionLifecycle(sessions, outbox, calendar, held);
        _gate = new SequenceGate(_replies, _lifecycle, held);
        _resends = new ResendDesk(_replies);
        _operators = new OperatorDesk(sessions, outbox, _lifecycle);
        _logons = new LogonProcedure(outbox, _replies, _lifecycle, _gate, calendar, orders);
    }

    /// <summary>The current leadership term.</summary>
    public long Term { get; private set; }

    /// <summary>Commands discarded by the fence.</summary>
    public long DiscardedCount { get; private set; }

    /// <summary>Number of sessions logged on.</summary>
    public int LoggedOnCount => _lifecycle.LoggedOnCount;

    /// <summary>
    /// Fence and sequence check of an application message.
    /// </summary>
    /// <returns>True when it is to be processed; otherwise it has been dealt with.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Admit(in FixCommandHeader message, in CommandContext context) =>
        TryPass(in message.Command, out Session? session) && _gate.Admit(session!, in message, in context);

    /// <summary>Whether the command applied last has let messages that wait behind a gap come closer to their turn.</summary>
    public bool HasProgressed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _gate.HasProgressed;
    }

    /// <summary>Takes the message out of the queue behind a gap whose turn has come; its place is to be returned when it was applied.</summary>
    public bool TryTakeHeld(out int place, in CommandContext context) => _gate.TryTakeHeld(out place, in context);

    /// <summary>Logon (A).</summary>
    public void Logon(in LogonCommand logon, in CommandContext context)
    {
        if (!IsFromAttached(in logon.Header.Command) || !_logons.Handle(_sessions[logon.Header.Command.SessionId], in logon, in context))
        {
            DiscardedCount++;
        }
    }

    /// <summary>Heartbeat (0): the answer to our TestRequest proves that everything up to it has arrived.</summary>
    public void Heartbeat(in TestReqCommand heartbeat, in CommandContext context)
    {
        if (!TryPass(in heartbeat.Header.Command, out Session? session) || !_gate.Admit(session!, in heartbeat.Header, in context))
        {
            return;
        }

        if (!session!.TestReqId.IsEmpty && heartbeat.TestReqId == session.TestReqId)
        {
            session.UnseenFills.ForgetBelow(session.TestReqSeqNum + 1);
            session.TestReqId = default;
            session.TestReqSeqNum = 0;
        }
    }

    /// <summary>TestRequest (1).</summary>
    public void TestRequest(in TestReqCommand request, in CommandContext context)
    {
        if (TryPass(in request.Header.Command, out Session? session) && _gate.Admit(session!, in request.Header, in context))
        {
            _replies.Heartbeat(session!, in request.TestReqId);
        }
    }

    /// <summary>ResendRequest (2), also behind a gap: there it is answered before our own.</summary>
    public void ResendRequest(in RangeCommand request, in CommandContext context)
    {
        if (!TryPass(in request.Header.Command, out Session? session))
        {
            return;
        }

        if (request.Header.MsgSeqNum > session!.NextIn && _resends.TryAnswerBehindGap(session, in request, in context))
        {
            _gate.NoteAnswered(session, request.Header.MsgSeqNum, in context);
        }
        else if (_gate.Admit(session, in request.Header, in context))
        {
            _resends.Answer(session, in request, in context);
        }
    }

    /// <summary>SequenceReset (4), both modes.</summary>
    public void SequenceReset(in SequenceResetCommand reset, in CommandContext context)
    {
        if (!TryPass(in reset.Header.Command, out Session? session))
        {
            return;
        }

        // Reset is for when nothing else helps, so its own number says nothing. GapFill is a message like any other.
        bool isGapFill = (reset.Header.Flags & FixMessageFlags.GapFill) != 0;
        if (isGapFill && !_gate.Admit(session!, in reset.Header, in context))
        {
            return;
        }

        if (reset.NewSeqNo < session!.NextIn)
        {
            _replies.Reject(
                session, in reset.Header, SessionRejectReason.ValueIsIncorrect, refTag: 0, ReasonCode.SequenceResetLowers, reset.NewSeqNo, session.NextIn);
        }
        else if (reset.NewSeqNo > Session.SequenceNumberMax)
        {
            _replies.Reject(
                session, in reset.Header, SessionRejectReason.ValueIsIncorrect, refTag: 0, ReasonCode.SeqNumOutOfRange, reset.NewSeqNo, Session.SequenceNumberMax);
        }
        else if (isGapFill)
        {
            _gate.Advance(session, reset.NewSeqNo, in context);
        }
        else
        {
            _gate.Restart(session, reset.NewSeqNo);
        }
    }

    /// <summary>Reject (3) or BusinessMessageReject (j) of the client: nothing of ours can be taken back, so it is counted.</summary>
    public void ClientReject(in FixCommandHeader message, in CommandContext context)
    {
        if (TryPass(in message.Command, out Session? session) && _gate.Admit(session!, in message, in context))
        {
            session!.ClientRejectCount++;
        }
    }

    /// <summary>Logout (5): the answer to ours, or to be answered.</summary>
    public void Logout(in FixCommandHeader message, in CommandContext context)
    {
        if (!TryPass(in message.Command, out Session? session))
        {
            return;
        }

        // Behind a gap there is no point in asking for what is missing: the client is leaving. Its number is not consumed, so the
        // gap is found again at its next Logon. One whose number is too low ends the session either way, and is confirmed.
        long next = session!.NextIn;
        bool isLate = message.MsgSeqNum >= 0 && message.MsgSeqNum < next && (message.Flags & FixMessageFlags.PossDup) == 0;
        if (!isLate && message.MsgSeqNum <= next && !_gate.Admit(session, in message, in context))
        {
            return;
        }

        if (session.IsLogoutSent)
        {
            _lifecycle.Close(session, ReasonCode.LogoutConfirmed, in context);
        }
        else
        {
            _lifecycle.LogOutAndClose(session, ReasonCode.LogoutConfirmed, value: 0, limit: 0, in context);
        }
    }

    /// <summary>A well-framed message that the gateway's validation refused.</summary>
    public void InvalidMessage(in FixCommandHeader message, in CommandContext context)
    {
        ref readonly CommandHeader command = ref message.Command;
        if (IsFromAttached(in command) && !_sessions[command.SessionId].Binding.Matches(in command))
        {
            // Only a Logon may come from a connection that is not bound. An invalid one was never authenticated, so it must not move
            // any number; the connection is closed.
            if (message.MsgType.AsSpan().SequenceEqual("A"u8))
            {
                _logons.CloseUnbound(_sessions[command.SessionId], in command, ReasonCode.InvalidMessage);
            }

            DiscardedCount++;
            return;
        }

        if (TryPass(in command, out Session? session) && _gate.Admit(session!, in message, in context))
        {
            Invariant.Require(false, "an invalid message has a verdict");
        }
    }

    /// <summary>The connection of a session is gone.</summary>
    public void ConnectionLost(in ConnectionCommand command, in CommandContext context)
    {
        if (TryFind(in command.Header, out Session? session))
        {
            _lifecycle.Unbind(session!, in context);
        }
    }

    /// <summary>Nothing was sent for a heartbeat interval.</summary>
    public void HeartbeatDue(in ConnectionCommand command)
    {
        if (TryFind(in command.Header, out Session? session))
        {
            _replies.Heartbeat(session!, default);
        }
    }

    /// <summary>Nothing was received for longer than a heartbeat interval.</summary>
    public void TestRequestDue(in ConnectionCommand command, in CommandContext context)
    {
        if (TryFind(in command.Header, out Session? session))
        {
            _replies.TestRequest(session!, isProbe: false, in context);
        }
    }

    /// <summary>The gateway wants the session logged out: at once, or for an operator in good order.</summary>
    public void LogoutDue(in ConnectionCommand command, in CommandContext context)
    {
        if (!TryFind(in command.Header, out Session? session))
        {
            return;
        }

        if (session!.IsLogoutSent)
        {
            _lifecycle.Close(session, command.Reason, in context);
        }
        else if (command.Reason == ReasonCode.Operator)
        {
            _lifecycle.LogOutAndWait(session, command.Reason, in context);
        }
        else
        {
            _lifecycle.LogOutAndClose(session, command.Reason, value: 0, limit: 0, in context);
        }
    }

    /// <summary>A gateway incarnation was accepted: whatever an older one held is gone with it.</summary>
    public void GatewayAttached(in CommandHeader header, in CommandContext context)
    {
        _lifecycle.UnbindGateway(header.GatewayId, header.GatewayIncarnation, others: true, in context);
        _gateways.Attach(header.GatewayId, header.GatewayIncarnation);
    }

    /// <summary>A gateway incarnation is gone and all that it sent has been logged.</summary>
    public void GatewayLost(in CommandHeader header, in CommandContext context)
    {
        _lifecycle.UnbindGateway(header.GatewayId, header.GatewayIncarnation, others: false, in context);
        _gateways.Detach(header.GatewayId, header.GatewayIncarnation);
    }

    /// <summary>A leadership term begins: no gateway is attached to it yet, and no session bound.</summary>
    public void TermStarted(in CommandContext context)
    {
        Invariant.Require(context.Term >= Term);
        Term = context.Term;
        _lifecycle.UnbindAll(in context);
        _gateways.Clear();
    }

    /// <summary>What an operator does to a session; a command that names none is only counted.</summary>
    public void Operate(in SessionAdminCommand command, in CommandContext context) => DiscardedCount += _operators.Handle(in command, in context) ? 0 : 1;

    /// <summary>The session that is logged on over the connection that a command came from; null when there is none.</summary>
    public Session? FindBound(in CommandHeader header) => TryFind(in header, out Session? session) ? session : null;

    /// <summary>A session whose participant has been disabled is logged out.</summary>
    public void LogOutDisabled(Session session, in CommandContext context)
    {
        if (session.IsLoggedOn && (session.Definition.Flags & ParticipantFlags.Disabled) != 0)
        {
            _lifecycle.LogOutAndClose(session, ReasonCode.ParticipantDisabled, value: 0, limit: 0, in context);
        }
    }

    /// <summary>Does what has become due: called before any command whose log time has reached the next deadline.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void RunDeadlines(in CommandContext context)
    {
        for (int id = 0; id < _sessions.Count; id++)
        {
            Session session = _sessions[id];
            if (session.LogoutDeadlineNs <= context.LogTimeNs)
            {
                _lifecycle.Close(session, ReasonCode.PeerSilent, in context);
            }

            if (session.ResetAtNs <= context.LogTimeNs)
            {
                session.ResetAtNs = long.MaxValue;
                _operators.Reset(session, ReasonCode.ScheduledReset, in context);
            }

            if (session.CancelDeadlineNs <= context.LogTimeNs)
            {
                session.CancelDeadlineNs = long.MaxValue;
                _orders.Sweeps.Disconnect(id, in context);
            }
        }

        if (_calendar.DayEndNs <= context.LogTimeNs)
        {
            EndTradingDay(in context);
        }

        _calendar.Refresh();
    }

    /// <summary>Writes term, gateways, sessions and trading day.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(Term);
        writer.WriteInt64(DiscardedCount);
        _gateways.Save(writer);
        _sessions.Save(writer);
        _held.Save(_sessions, writer);
        _calendar.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(SnapshotReader reader)
    {
        Term = reader.ReadInt64();
        DiscardedCount = reader.ReadInt64();
        _gateways.Load(reader);
        _sessions.Load(reader);
        _held.Load(_sessions, reader);
        _calendar.Load(reader);
        _lifecycle.Recount();
    }

    private void EndTradingDay(in CommandContext context)
    {
        long endNs = _calendar.DayEndNs;
        _orders.Sweeps.EndDay(in context);
        _orders.Risk.EndDay();
        for (int id = 0; id < _sessions.Count; id++)
        {
            // An order of the past day must not be executed on the next, when the gap before it is closed.
            _held.Clear(_sessions[id]);
            _sessions[id].UnseenFills.ForgetOlderThan(endNs);
        }

        _markets.StartDay();
        _calendar.StartDay(in context);
    }

    private bool IsFromAttached(in CommandHeader header) =>
        header.LeadershipTerm == Term
        && header.ConnectionId != 0
        && _sessions.Contains(header.SessionId)
        && _gateways.IsAttached(header.GatewayId, header.GatewayIncarnation);

    /// <summary>The fence for a message of the client: whatever it is, it shows that the connection is alive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryPass(in CommandHeader header, out Session? session)
    {
        if (!TryFind(in header, out session))
        {
            return false;
        }

        session!.ProbeOutstanding = false;
        return true;
    }

    /// <summary>The fence: finds the session if it is bound to where the command came from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFind(in CommandHeader header, out Session? session)
    {
        session = null;
        if (header.LeadershipTerm == Term && _sessions.Contains(header.SessionId))
        {
            session = _sessions[header.SessionId];
            if (session.Binding.Matches(in header))
            {
                return true;
            }
        }

        DiscardedCount++;
        return false;
    }
}
