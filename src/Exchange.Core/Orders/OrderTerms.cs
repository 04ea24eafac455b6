using Exchange.Core.Markets;

namespace Exchange.Core.Orders;

/// <summary>What a checked request asks for, in the units of the book. The rest is in <see cref="OrderExtras"/> if there is any.</summary>
internal struct OrderTerms
{
    /// <summary>The market; null when the symbol is unknown.</summary>
    public Market? Market;

    /// <summary>Limit; the far end of the instrument's range for an order without one.</summary>
    public long PriceTicks;

    /// <summary>Quantity.</summary>
    public long QuantityLots;

    /// <summary>What the order is besides a plain one.</summary>
    public OrderTraits Traits;
}
