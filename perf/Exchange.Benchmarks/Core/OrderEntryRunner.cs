using System.Buffers.Binary;
using Exchange.Core.Instruments;
using Exchange.Core.Markets;
using Exchange.Core.Orders;
using Exchange.Core.Sessions;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Benchmarks.Core;

/// <summary>
/// A stream of book operations as FIX requests of eight sessions, through the whole of order management: ids resolved and remembered,
/// prices and quantities converted, reports written for both sides. What the book stream calls a cancel or an order is one command.
/// </summary>
internal sealed class OrderEntryRunner : IDisposable
{
    private const int SessionCount = 8;
    private const long TickE8 = FixedPoint.Scale / 100;

    private readonly SessionTable _sessions = new();
    private readonly MarketTable _markets = new(new InstrumentTable());
    private readonly SessionOutbox _outbox;
    private readonly OrderEntry _orders;
    private readonly EventBuffer _events = new();
    private readonly byte[] _sides;
    private NewOrderCommand _order;
    private CancelOrderCommand _cancel;
    private long _position;
    private long _cancels;

    /// <summary>Creates an exchange with one instrument and eight sessions.</summary>
    public OrderEntryRunner(BookOperation[] operations)
    {
        _sides = new byte[operations.Length + 1];
        foreach (BookOperation operation in operations)
        {
            if (operation.Kind == BookOperationKind.Add)
            {
                _sides[operation.OrderId] = operation.Side;
            }
        }

        Text24 symbol = Text24.From("MIX");
        DefineInstrumentCommand instrument = new()
        {
            Symbol = symbol,
            PriceTickE8 = TickE8,
            QuantityStepE8 = FixedPoint.Scale,
            QuantityMaxE8 = 1_000_000 * FixedPoint.Scale,
            PriceMinE8 = BookStream.PriceMinTicks * TickE8,
            PriceMaxE8 = BookStream.PriceMaxTicks * TickE8,
        };
        Invariant.Require(_markets.Define(in instrument) == 0);
        _outbox = new SessionOutbox(_sessions);
        _orders = new OrderEntry(_outbox, _markets);
        for (int id = 0; id < SessionCount; id++)
        {
            DefineParticipantCommand participant = new() { OpenOrdersMax = 1 << 20 };
            _orders.AddSession(_sessions.Add(in participant).Id, in participant.SenderCompId, participant.OpenOrdersMax);
        }

        _order.Symbol = symbol;
        _order.OrdType = OrdType.Limit;
        _cancel.Symbol = symbol;
    }

    /// <summary>Events made so far.</summary>
    public long EventCount { get; private set; }

    /// <summary>Bytes of these events.</summary>
    public long EventBytes { get; private set; }

    /// <summary>Open orders.</summary>
    public int Live => _orders.OpenOrders.Count;

    /// <summary>Applies operations, one command each.</summary>
    public void Apply(ReadOnlySpan<BookOperation> operations)
    {
        foreach (ref readonly BookOperation operation in operations)
        {
            Apply(in operation);
        }
    }

    /// <summary>Applies one operation.</summary>
    public void Apply(in BookOperation operation)
    {
        _events.Clear();
        _position += 256;
        CommandContext context = new(_position, 1, _position);
        _outbox.Begin(in context, _events);
        int session = (int)(operation.OrderId % SessionCount);
        if (operation.Kind == BookOperationKind.Cancel)
        {
            SetId(ref _cancel.OrigClOrdId, 'N', operation.OrderId);
            SetId(ref _cancel.ClOrdId, 'C', ++_cancels);
            _cancel.Side = SideOf(_sides[operation.OrderId]);
            _orders.Cancel(session, in _cancel, in context);
        }
        else
        {
            SetId(ref _order.ClOrdId, 'N', operation.OrderId);
            _order.Side = SideOf(operation.Side);
            _order.PriceE8 = operation.PriceTicks * TickE8;
            _order.QuantityE8 = operation.Lots * FixedPoint.Scale;
            _order.TimeInForce = operation.Kind == BookOperationKind.Add ? TimeInForce.Day : TimeInForce.ImmediateOrCancel;
            _orders.NewOrder(session, in _order, in context);
        }

        EventBytes += _events.Length;
        Count();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _orders.Dispose();
        _sessions.Dispose();
        _events.Dispose();
    }

    private static Side SideOf(byte side) => side == 0 ? Side.Buy : Side.Sell;

    // An id such as a client makes: a letter and a number, sixteen digits.
    private static void SetId(ref Text40 id, char kind, long number)
    {
        Span<byte> text = stackalloc byte[17];
        text[0] = (byte)kind;
        for (int i = 16; i > 0; i--)
        {
            text[i] = (byte)('0' + (number & 7));
            number >>= 3;
        }

        _ = Text40.TryCreate(text, out id);
    }

    private void Count()
    {
        long offset = 0;
        while (_events.TryRead(ref offset, out ReadOnlySpan<byte> bytes))
        {
            EventCount += BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) > 0 ? 1 : 0;
        }
    }
}
