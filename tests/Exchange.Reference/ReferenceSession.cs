using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Reference;

/// <summary>A FIX session: its orders and the ids it has used.</summary>
internal sealed class ReferenceSession(int id, int window, int closedKept)
{
    private readonly Queue<Text40> _window = new();
    private readonly Dictionary<Text40, IdUse> _uses = [];
    private readonly List<ReferenceOrder> _closed = [];

    public int Id => id;

    public required ReferenceFirm Firm { get; set; }

    public Text16 DefaultAccount { get; set; }

    public int OpenOrdersMax { get; set; }

    public bool CancelsOnDisconnect { get; set; }

    public long GraceNs { get; set; }

    public bool IsConnected { get; set; }

    /// <summary>When the grace of cancel on disconnect ends.</summary>
    public long CancelAtNs { get; set; } = long.MaxValue;

    public bool IsKilled { get; set; }

    /// <summary>Open orders and quotes, oldest first.</summary>
    public List<ReferenceOrder> Open { get; } = [];

    public RepeatedOrder Repeated { get; set; }

    /// <summary>Whether an id has ever been forgotten, so that an unknown one may be old.</summary>
    public bool HasForgotten { get; private set; }

    public IdUse? Find(Text40 clOrdId) => _uses.GetValueOrDefault(clOrdId);

    /// <summary>Remembers an id; the oldest one makes room unless it is the id of an open order.</summary>
    public void Use(Text40 clOrdId, ReferenceOrder? order, bool boreOrder, ReasonCode refused = ReasonCode.DuplicateClOrdId)
    {
        _uses[clOrdId] = new IdUse(order, boreOrder, refused);
        _window.Enqueue(clOrdId);
        if (_window.Count > window)
        {
            HasForgotten = true;
            Text40 oldest = _window.Dequeue();
            IdUse use = _uses[oldest];
            use.IsInWindow = false;
            ForgetIfClosed(oldest, use);
        }
    }

    /// <summary>The order is closed: ids outside of the window are forgotten, and its end is kept for a while.</summary>
    public void Close(ReferenceOrder order)
    {
        Open.Remove(order);
        if (order.IsQuote)
        {
            // 9.2: requests about orders do not find quotes.
            return;
        }

        foreach (Text40 clOrdId in order.Chain)
        {
            if (_uses.TryGetValue(clOrdId, out IdUse? use) && use.Order == order)
            {
                ForgetIfClosed(clOrdId, use);
            }
        }

        _closed.Add(order);
        if (_closed.Count > closedKept)
        {
            _closed.RemoveAt(0);
        }
    }

    /// <summary>An id that no longer bears an order is kept no longer than the window.</summary>
    public void Leave(Text40 clOrdId)
    {
        if (_uses.TryGetValue(clOrdId, out IdUse? use))
        {
            ForgetIfClosed(clOrdId, use);
        }
    }

    public bool KeepsEndOf(ReferenceOrder order) => order.IsOpen || _closed.Contains(order);

    /// <summary>An own order by OrderID, open or closed lately.</summary>
    public ReferenceOrder? FindById(long orderId) => Open.Find(order => order.Id == orderId && !order.IsQuote) ?? _closed.Find(order => order.Id == orderId);

    private void ForgetIfClosed(Text40 clOrdId, IdUse use)
    {
        if (!use.IsInWindow && (use.Order is null || !use.Order.IsOpen || use.Order.ClOrdId != clOrdId))
        {
            _uses.Remove(clOrdId);
        }
    }
}
