using Exchange.Protocol;

namespace Exchange.Reference;

/// <summary>The session's last new order and how often it came in a row (8.8).</summary>
internal record struct RepeatedOrder(int Instrument, Side Side, long Price, long Quantity, long SinceNs, int Count);
