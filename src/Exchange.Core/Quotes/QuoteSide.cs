using Exchange.Core.Risk;
using Exchange.Protocol;

namespace Exchange.Core.Quotes;

/// <summary>One side of an entry of a mass quote on its way through the checks.</summary>
internal struct QuoteSide
{
    /// <summary>The side.</summary>
    public Side Side;

    /// <summary>What is to be done.</summary>
    public QuoteAction Action;

    /// <summary>Slot of the session's quote on this side; 0 when there is none.</summary>
    public int Slot;

    /// <summary>Price.</summary>
    public long PriceTicks;

    /// <summary>Size.</summary>
    public long Lots;

    /// <summary>Its way through the checks of risk.</summary>
    public RiskOrder Risked;
}
