using Exchange.Core.Instruments;

namespace Exchange.Core.Orders;

/// <summary>What a checked request asks for, in the units of the book.</summary>
internal struct OrderTerms
{
    /// <summary>The instrument; null when the symbol is unknown.</summary>
    public Instrument? Instrument;

    /// <summary>Limit; for a market order the far end of the instrument's range.</summary>
    public long PriceTicks;

    /// <summary>Quantity.</summary>
    public long QuantityLots;

    /// <summary>Whether what does not trade at once is cancelled: market, immediate-or-cancel, fill-or-kill.</summary>
    public bool IsImmediate;
}
