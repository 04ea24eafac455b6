using Exchange.Core.Instruments;
using Exchange.Core.Markets;
using Exchange.Core.Orders;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Core.Sessions;

// A gateway knows nothing by itself: who may log on and what instruments are called comes to it as events, first everything when it
// attaches, then each change. GatewayReady closes the first batch, so a gateway never turns away a participant that it has merely not
// heard of yet.

/// <summary>Applies definitions and tells them to the attached gateways.</summary>
internal sealed class ReferencePublisher
{
    private readonly SessionTable _sessions;
    private readonly GatewayTable _gateways;
    private readonly SessionOutbox _outbox;
    private readonly MarketTable _markets;
    private readonly OrderEntry _orders;

    /// <summary>Creates the publisher.</summary>
    public ReferencePublisher(SessionTable sessions, GatewayTable gateways, SessionOutbox outbox, MarketTable markets, OrderEntry orders)
    {
        _sessions = sessions;
        _gateways = gateways;
        _outbox = outbox;
        _markets = markets;
        _orders = orders;
    }

    /// <summary>Definitions that were refused: the log holds them, but they change nothing.</summary>
    public long RefusedCount { get; set; }

    /// <summary>Sends all reference data to a gateway that has just attached, then lets it open.</summary>
    public void Welcome(in CommandHeader header, long term)
    {
        ConnectionBinding target = new() { GatewayId = header.GatewayId, GatewayIncarnation = header.GatewayIncarnation };
        for (int id = 0; id < _sessions.Count; id++)
        {
            Publish(_sessions[id], in target);
        }

        for (int id = 0; id < _markets.Count; id++)
        {
            Publish(_markets[id].Instrument, in target);
        }

        _outbox.AppendTo<GatewayReadyEvent>(EventType.GatewayReady, sessionId: -1, in target).LeadershipTerm = term;
    }

    /// <summary>Defines a participant or changes its definition; its session and numbers stay.</summary>
    /// <returns>The session; null when the definition was refused.</returns>
    public Session? Define(in DefineParticipantCommand command)
    {
        Session? session = ParticipantDefinition.Check(in command) is null ? _sessions.Find(in command) : null;
        if (session is not null)
        {
            session.Definition = command;
            session.ResetAtNs = long.MaxValue;
        }
        else if (ParticipantDefinition.Check(in command) is null && _sessions.Count < SessionTable.CountMax)
        {
            session = _sessions.Add(in command);
        }
        else
        {
            RefusedCount++;
            return null;
        }

        _orders.AddSession(session.Id, in command.SenderCompId, command.OpenOrdersMax);
        Publish(session);
        return session;
    }

    /// <summary>Tells every attached gateway how a participant is defined now.</summary>
    public void Publish(Session session)
    {
        for (int gateway = 1; gateway <= GatewayTable.GatewayIdMax; gateway++)
        {
            if (TryTarget(gateway, out ConnectionBinding target))
            {
                Publish(session, in target);
            }
        }
    }

    /// <summary>Defines an instrument.</summary>
    public void Define(in DefineInstrumentCommand command)
    {
        int id = _markets.Define(in command);
        if (id < 0)
        {
            RefusedCount++;
            return;
        }

        _orders.NoteInstrument(id);
        for (int gateway = 1; gateway <= GatewayTable.GatewayIdMax; gateway++)
        {
            if (TryTarget(gateway, out ConnectionBinding target))
            {
                Publish(_markets[id].Instrument, in target);
            }
        }
    }

    private bool TryTarget(int gatewayId, out ConnectionBinding target)
    {
        target = new ConnectionBinding { GatewayId = gatewayId, GatewayIncarnation = _gateways.Incarnation(gatewayId) };
        return target.GatewayIncarnation != 0;
    }

    private void Publish(Session session, in ConnectionBinding target) =>
        _outbox.AppendTo<ParticipantEvent>(EventType.Participant, session.Id, in target).Definition = session.Definition;

    private void Publish(Instrument instrument, in ConnectionBinding target)
    {
        ref InstrumentEvent record = ref _outbox.AppendTo<InstrumentEvent>(EventType.Instrument, sessionId: -1, in target);
        record.InstrumentId = instrument.Id;
        record.Definition = instrument.Definition;
    }
}
