using Exchange.Core.Matching;
using Exchange.Core.Orders;
using Exchange.Protocol;

namespace Exchange.Core.Quotes;

/// <summary>
/// The sides of quotes that are open: by session, instrument and side, and per session in the order of their OrderIDs. All of it follows from
/// the open orders, so a snapshot holds nothing of it.
/// </summary>
internal sealed class QuoteTable : IDisposable
{
    private readonly OpenOrders _open;
    private readonly NativeBlock<QuoteLink> _linkBlock;
    private readonly NativeArray<QuoteLink> _links;
    private QuoteSession?[] _sessions = [];
    private int[] _countsByInstrument = [];

    /// <summary>Creates a table of no quotes.</summary>
    public QuoteTable(OpenOrders open)
    {
        _open = open;
        _linkBlock = new NativeBlock<QuoteLink>(open.OpenOrdersMax + 2L);
        _links = _linkBlock.Items;
    }

    /// <summary>The quotes of a session that may have had none before.</summary>
    public QuoteSession Of(int sessionId)
    {
        if (sessionId >= _sessions.Length)
        {
            Array.Resize(ref _sessions, sessionId + 1);
        }

        return _sessions[sessionId] ??= new QuoteSession();
    }

    /// <summary>The quotes of a session; null when it never had any.</summary>
    public QuoteSession? Find(int sessionId) => sessionId < _sessions.Length ? _sessions[sessionId] : null;

    /// <summary>Sides of quotes open in an instrument.</summary>
    public int CountIn(int instrumentId) => instrumentId < _countsByInstrument.Length ? _countsByInstrument[instrumentId] : 0;

    /// <summary>Slot of the side behind one in its session's list; 0 at the end.</summary>
    public int NextOf(int slot) => _links[slot].Next;

    /// <summary>Enters a side that has just been opened, and is the youngest of its session.</summary>
    public void Add(int slot)
    {
        ref OrderDetail order = ref _open[slot];
        QuoteSession session = Of(order.SessionId);
        Invariant.Require(session[order.InstrumentId, order.Side] == 0);
        session[order.InstrumentId, order.Side] = slot;
        _links[slot] = new QuoteLink { Prev = session.Tail };
        if (session.Tail != 0)
        {
            _links[session.Tail].Next = slot;
        }
        else
        {
            session.Head = slot;
        }

        session.Tail = slot;
        session.Count++;
        if (order.InstrumentId >= _countsByInstrument.Length)
        {
            Array.Resize(ref _countsByInstrument, (order.InstrumentId + 1) * 2);
        }

        _countsByInstrument[order.InstrumentId]++;
    }

    /// <summary>Forgets a side that is closing; its slot is still rented.</summary>
    public void Remove(int slot)
    {
        ref OrderDetail order = ref _open[slot];
        QuoteSession session = Of(order.SessionId);
        Invariant.Require(session[order.InstrumentId, order.Side] == slot);
        session[order.InstrumentId, order.Side] = 0;
        QuoteLink link = _links[slot];
        if (link.Prev != 0)
        {
            _links[link.Prev].Next = link.Next;
        }
        else
        {
            session.Head = link.Next;
        }

        if (link.Next != 0)
        {
            _links[link.Next].Prev = link.Prev;
        }
        else
        {
            session.Tail = link.Prev;
        }

        _links[slot] = default;
        session.Count--;
        _countsByInstrument[order.InstrumentId]--;
    }

    /// <summary>Slot of the session's oldest side with a higher OrderID than the one given; 0 when there is none.</summary>
    /// <param name="session">The session.</param>
    /// <param name="orderId">The last one looked at; it may be gone.</param>
    public int FirstBehind(QuoteSession session, long orderId)
    {
        int slot = orderId == 0 ? 0 : _open.Pool.Find(orderId);
        if (slot != 0)
        {
            return _links[slot].Next;
        }

        slot = session.Head;
        while (slot != 0 && _open.OrderIdOf(slot) <= orderId)
        {
            slot = _links[slot].Next;
        }

        return slot;
    }

    /// <summary>Finds all quotes among the open orders of a snapshot, session by session in the order of their lists.</summary>
    public void Restore(OrderSessions sessions)
    {
        for (int id = 0; id < sessions.Count; id++)
        {
            for (int slot = sessions[id].OpenHead; slot != 0; slot = _open[slot].SessionNext)
            {
                if (_open[slot].IsQuote)
                {
                    Add(slot);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _linkBlock.Dispose();
}
