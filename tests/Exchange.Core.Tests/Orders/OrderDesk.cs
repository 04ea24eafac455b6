using Exchange.Core.Instruments;
using Exchange.Core.Markets;
using Exchange.Core.Matching;
using Exchange.Core.Orders;
using Exchange.Core.Sessions;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Orders;

/// <summary>Order management with the real outbox under it and no session logic above it: requests in, event bytes out.</summary>
public sealed class OrderDesk : IDisposable
{
    private readonly OrderEntryLimits _limits;
    private readonly SessionTable _sessions = new();
    private readonly SessionOutbox _outbox;
    private readonly EventBuffer _events = new(1 << 16);
    private long _position;
    private long _logTimeNs = 1_700_000_000_000_000_000;

    public OrderDesk(OrderEntryLimits? limits = null)
    {
        _limits = limits ?? new OrderEntryLimits(OpenOrdersMax: 1 << 12, ClOrdIdWindow: 1 << 12, ClosedOrdersKept: 1 << 12);
        _outbox = new SessionOutbox(_sessions);
        Orders = new OrderEntry(_outbox, Markets, _limits);
    }

    internal MarketTable Markets { get; } = new(new InstrumentTable());

    internal InstrumentTable Instruments => Markets.Instruments;

    internal OrderEntry Orders { get; }

    internal int SessionCount => _sessions.Count;

    internal EventBuffer Events => _events;

    /// <summary>Forgets the events so far and starts the next command.</summary>
    internal CommandContext Next(long passedNs = 1_000)
    {
        _events.Clear();
        _position += 256;
        _logTimeNs += passedNs;
        CommandContext context = new(_position, 1, _logTimeNs);
        _outbox.Begin(in context, _events);
        return context;
    }

    internal int AddSession(int openOrdersMax)
    {
        DefineParticipantCommand definition = new() { OpenOrdersMax = openOrdersMax };
        int sessionId = _sessions.Add(in definition).Id;
        Orders.AddSession(sessionId, in definition.SenderCompId, openOrdersMax);
        return sessionId;
    }

    internal int Define(string symbol, long tickE8, long stepE8, long quantityMaxE8, long priceMinE8, long priceMaxE8)
    {
        DefineInstrumentCommand command = new()
        {
            Symbol = Text24.From(symbol),
            PriceTickE8 = tickE8,
            QuantityStepE8 = stepE8,
            QuantityMaxE8 = quantityMaxE8,
            PriceMinE8 = priceMinE8,
            PriceMaxE8 = priceMaxE8,
        };
        return Markets.Define(in command);
    }

    internal byte[] Snapshot()
    {
        using MemoryStream stream = new();
        SnapshotWriter writer = new(stream);
        Markets.Save(writer);
        Orders.Save(writer);
        _ = writer.Complete();
        return stream.ToArray();
    }

    internal ulong StateHash()
    {
        SnapshotWriter writer = new(Stream.Null);
        Orders.Save(writer);
        return writer.Complete();
    }

    /// <summary>A new desk from a snapshot of this one, which continues at the same log position and sequence numbers.</summary>
    internal OrderDesk Restored()
    {
        OrderDesk copy = new(_limits) { _position = _position, _logTimeNs = _logTimeNs };
        for (int id = 0; id < _sessions.Count; id++)
        {
            copy._sessions.Add(in _sessions[id].Definition).NextOut = _sessions[id].NextOut;
        }

        using MemoryStream stream = new(Snapshot());
        SnapshotReader reader = new(stream);
        copy.Markets.Load(reader);
        copy.Orders.Load(reader);
        Assert.Equal(stream.Length, reader.Position);
        return copy;
    }

    internal OrderBook BookOf(string symbol)
    {
        Assert.True(Instruments.TryFind(Text24.From(symbol), out Instrument? instrument), symbol);
        return Orders.BookOf(instrument!.Id);
    }

    public void Dispose()
    {
        Orders.Dispose();
        _sessions.Dispose();
        _events.Dispose();
    }
}
