using Exchange.Protocol;

namespace Exchange.Reference;

/// <summary>What an order or its replacement asks for, whichever message it came in.</summary>
internal readonly record struct Terms(
    Side Side, OrdType Type, TimeInForce TimeInForce, OrderFlags Flags, long Price, long Quantity, long StopPrice, long Display, long MinQuantity, long ExpireNs)
{
    public bool IsPostOnly => (Flags & OrderFlags.PostOnly) != 0;

    public bool IsStop => Type is OrdType.Stop or OrdType.StopLimit;

    public bool IsImmediate => TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;

    public bool MayStay => TimeInForce is TimeInForce.Day or TimeInForce.GoodTillCancel or TimeInForce.GoodTillDate;

    public bool IsForAuction => TimeInForce is TimeInForce.AtTheOpening or TimeInForce.AtTheClose;
}
