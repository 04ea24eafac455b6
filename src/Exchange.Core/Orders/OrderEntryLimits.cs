namespace Exchange.Core.Orders;

/// <summary>
/// The sizes of order management. They shape behaviour, so they must be the same on all members and over the life of a log; a snapshot
/// holds them and refuses to load under others.
/// </summary>
/// <param name="OpenOrdersMax">Most open orders of the whole venue, at most 2^22 - 1.</param>
/// <param name="ClOrdIdWindow">ClOrdIDs remembered per session, a power of two.</param>
/// <param name="ClosedOrdersKept">Closed orders per session whose final state can still be told, a power of two.</param>
public sealed record OrderEntryLimits(int OpenOrdersMax = 1 << 20, int ClOrdIdWindow = 1 << 20, int ClosedOrdersKept = 1 << 16)
{
    /// <summary>More open orders than this could overflow the total of a price level.</summary>
    public const int OpenOrdersCeiling = (1 << 22) - 1;
}
