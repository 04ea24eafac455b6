namespace Exchange.Core.Orders;

/// <summary>
/// The sizes of order management. They shape behaviour, so they must be the same on all members and over the life of a log; a snapshot
/// holds them and refuses to load under others.
/// </summary>
/// <param name="OpenOrdersMax">Most open orders of the whole venue, at most 2^24 - 1.</param>
/// <param name="ClOrdIdWindow">ClOrdIDs remembered per session, a power of two.</param>
/// <param name="ClosedOrdersKept">Closed orders per session whose final state can still be told, a power of two.</param>
/// <param name="SliceActionsMax">Most orders cancelled, or reports or other messages sent, by one command for a request with a long answer.</param>
/// <param name="SliceVisitsMax">Most orders that one command looks at for a request with a long answer.</param>
/// <param name="FillsMax">Most resting orders that one aggressor meets, and most trades behind which triggered stops wait for a later command.</param>
/// <param name="TriggersMax">Most stops triggered by one command.</param>
/// <param name="ElectionsMax">Most stops elected by one command.</param>
public sealed record OrderEntryLimits(
    int OpenOrdersMax = 1 << 20,
    int ClOrdIdWindow = 1 << 20,
    int ClosedOrdersKept = 1 << 16,
    int SliceActionsMax = 256,
    int SliceVisitsMax = 1_024,
    int FillsMax = 1_024,
    int TriggersMax = 64,
    int ElectionsMax = 1_024)
{
    /// <summary>More open orders than this could overflow the total of a price level.</summary>
    public const int OpenOrdersCeiling = (1 << 24) - 1;
}
