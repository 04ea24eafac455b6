
namespace Exchange.Reference;

/// <summary>What the rules bound and the venue shares (10.1).</summary>
/// <param name="OpenOrdersMax">Most open orders of the venue (3.14).</param>
/// <param name="ClOrdIdWindow">ClOrdIDs remembered per session (3.1).</param>
/// <param name="ClosedOrdersKept">Closed orders per session whose end can be told.</param>
/// <param name="FillsMax">Resting orders that one aggressor may meet (4.6).</param>
/// <param name="TriggersMax">Stops that one command works off (4.10).</param>
/// <param name="StepsMax">Steps of one slice (10.1).</param>
/// <param name="LooksMax">Orders that one slice looks at (10.1).</param>
public sealed record ReferenceLimits(int OpenOrdersMax, int ClOrdIdWindow, int ClosedOrdersKept, int FillsMax = 1_024, int TriggersMax = 64, int StepsMax = 256,
    int LooksMax = 1_024);
