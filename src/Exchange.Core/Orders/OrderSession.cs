namespace Exchange.Core.Orders;

/// <summary>What order management keeps per session: its open orders, oldest first, its ClOrdIDs and its closed orders.</summary>
internal sealed class OrderSession : IDisposable
{
    /// <summary>Creates the state of a session that has sent nothing yet.</summary>
    public OrderSession(int id, OrderEntryLimits limits)
    {
        Id = id;
        Window = new ClOrdIdWindow(limits.ClOrdIdWindow);
        Closed = new ClosedOrders(limits.ClosedOrdersKept);
    }

    /// <summary>Session id.</summary>
    public int Id { get; }

    /// <summary>The ids it has used.</summary>
    public ClOrdIdWindow Window { get; }

    /// <summary>Its orders that closed last.</summary>
    public ClosedOrders Closed { get; }

    /// <summary>Most open orders it may have.</summary>
    public int OpenOrdersMax { get; set; }

    /// <summary>Open orders it has.</summary>
    public int OpenCount { get; set; }

    /// <summary>Slot of its oldest open order; 0 when it has none.</summary>
    public int OpenHead { get; set; }

    /// <summary>Slot of its youngest open order.</summary>
    public int OpenTail { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Window.Dispose();
        Closed.Dispose();
    }
}
