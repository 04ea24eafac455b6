using Exchange.Core.Instruments;
using Exchange.Core.Matching;

namespace Exchange.Core.Orders;

/// <summary>
/// The stops of one market (trading rule 4.10): those that wait for their price, in a book of their own, those that have been elected, in
/// line, and the range of prices that have traded since stops were last looked at. A market that never had a stop has none of this.
///
/// In the book buy stops stand on the side of asks, where the lowest price is the best, and sell stops on the side of bids: so the next to be
/// elected is always the best of its side.
/// </summary>
internal sealed class MarketStops(OrderPool pool, PricePages pages, Instrument instrument) : IDisposable
{
    /// <summary>Stops that wait for their price.</summary>
    public OrderBook Book { get; } = new(pool, pages, instrument.PriceMinTicks, instrument.PriceMaxTicks);

    /// <summary>Stops that have been elected, first in, first out.</summary>
    public SlotQueue Elected { get; } = new();

    /// <summary>Highest price at which buy stops are still to be elected; 0 when none is.</summary>
    public long HighTicks { get; set; }

    /// <summary>Lowest price at which sell stops are still to be elected; <see cref="long.MaxValue"/> when none is.</summary>
    public long LowTicks { get; set; } = long.MaxValue;

    /// <summary>Whether a task works off what one command could not.</summary>
    public bool HasTask { get; set; }

    /// <summary>Whether prices have traded that stops have not been looked at for.</summary>
    public bool HasRange => HighTicks != 0;

    /// <summary>Takes note of a price that traded.</summary>
    public void Traded(long priceTicks)
    {
        HighTicks = Math.Max(HighTicks, priceTicks);
        LowTicks = Math.Min(LowTicks, priceTicks);
    }

    /// <summary>Stops have been looked at, or what has traded elects none.</summary>
    public void ForgetRange()
    {
        HighTicks = 0;
        LowTicks = long.MaxValue;
    }

    /// <inheritdoc/>
    public void Dispose() => Book.Dispose();
}
