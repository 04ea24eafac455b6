using Exchange.Protocol;

namespace Exchange.Fix.Client;

/// <summary>What a client says in NewOrderSingle, OrderCancelRequest, OrderCancelReplaceRequest and OrderStatusRequest. Empty texts and absent numbers are not sent.</summary>
public ref struct ClientOrder
{
    /// <summary>Creates an order without price, quantity or type.</summary>
    public ClientOrder()
    {
    }

    /// <summary>ClOrdID (11).</summary>
    public ReadOnlySpan<byte> ClOrdId { get; set; }

    /// <summary>OrigClOrdID (41); cancel and replace.</summary>
    public ReadOnlySpan<byte> OrigClOrdId { get; set; }

    /// <summary>Symbol (55).</summary>
    public ReadOnlySpan<byte> Symbol { get; set; }

    /// <summary>Account (1).</summary>
    public ReadOnlySpan<byte> Account { get; set; }

    /// <summary>OrdStatusReqID (790); status only, and not in a version without it.</summary>
    public ReadOnlySpan<byte> OrdStatusReqId { get; set; }

    /// <summary>Side (54).</summary>
    public Side Side { get; set; }

    /// <summary>OrdType (40).</summary>
    public OrdType OrdType { get; set; }

    /// <summary>TimeInForce (59); 0 is not sent, which means Day.</summary>
    public TimeInForce TimeInForce { get; set; }

    /// <summary>OrderQty (38) in 10^-8.</summary>
    public long QuantityE8 { get; set; } = FixedPoint.Absent;

    /// <summary>Price (44) in 10^-8.</summary>
    public long PriceE8 { get; set; } = FixedPoint.Absent;

    /// <summary>PossResend (97) = Y.</summary>
    public bool IsPossResend { get; set; }
}
