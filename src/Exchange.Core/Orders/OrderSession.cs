using Exchange.Core.Requests;

namespace Exchange.Core.Orders;

/// <summary>What order management keeps per session: its open orders, oldest first, its ClOrdIDs and its closed orders.</summary>
internal sealed class OrderSession(int id, OrderEntryLimits limits) : IDisposable
{
    /// <summary>The value of <see cref="RequestCursor"/> while no long request is being worked on.</summary>
    public const int NoRequest = -1;

    /// <summary>Session id.</summary>
    public int Id { get; } = id;

    /// <summary>The ids it has used.</summary>
    public ClOrdIdWindow Window { get; } = new(limits.ClOrdIdWindow);

    /// <summary>Its orders that closed last.</summary>
    public ClosedOrders Closed { get; } = new(limits.ClosedOrdersKept);

    /// <summary>Most open orders it may have.</summary>
    public int OpenOrdersMax { get; set; }

    /// <summary>Open orders it has.</summary>
    public int OpenCount { get; set; }

    /// <summary>Slot of its oldest open order; 0 when it has none.</summary>
    public int OpenHead { get; set; }

    /// <summary>Slot of its youngest open order.</summary>
    public int OpenTail { get; set; }

    /// <summary>Its requests with long answers.</summary>
    public RequestQueue Requests { get; } = new();

    /// <summary>
    /// Slot of the open order that the long request being worked on looks at next, 0 at the end, <see cref="NoRequest"/> when there is no
    /// request. Whoever closes that order moves it on.
    /// </summary>
    public int RequestCursor { get; set; } = NoRequest;

    /// <summary>Slot of the open order that the venue's sweep looks at next; 0 when there is none. Whoever closes that order moves it on.</summary>
    public int SweepCursor { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Window.Dispose();
        Closed.Dispose();
    }
}
