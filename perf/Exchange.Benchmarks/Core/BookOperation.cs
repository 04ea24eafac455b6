namespace Exchange.Benchmarks.Core;

/// <summary>One operation of a stream.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Side">0 buys, 1 sells.</param>
/// <param name="Lots">Quantity.</param>
/// <param name="PriceTicks">Limit.</param>
/// <param name="OrderId">Id of the new order, or of the one to cancel.</param>
internal readonly record struct BookOperation(BookOperationKind Kind, byte Side, uint Lots, long PriceTicks, long OrderId);
