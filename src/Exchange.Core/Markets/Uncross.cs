using Exchange.Protocol;

namespace Exchange.Core.Markets;

/// <summary>An uncross under way: where it leads, how far it has come, and what is known of its price.</summary>
internal sealed class Uncross
{
    /// <summary>The phase that follows, continuous or closed.</summary>
    public MarketPhase To { get; init; }

    /// <summary>Log time at which that phase ends by itself.</summary>
    public long ToEndNs { get; init; } = long.MaxValue;

    /// <summary>A further change that came meanwhile; <see cref="MarketPhase.Group"/> when none did.</summary>
    public MarketPhase Kept { get; set; }

    /// <summary>Log time at which the kept phase ends by itself.</summary>
    public long KeptEndNs { get; set; } = long.MaxValue;

    /// <summary>How far it has come.</summary>
    public UncrossStage Stage { get; set; }

    /// <summary>Whether it traded.</summary>
    public bool HasTraded { get; set; }

    /// <summary>The search for the price.</summary>
    public UncrossSearch Search;

    /// <summary>An order has left the book: a search that is not done begins anew.</summary>
    public void BookChanged()
    {
        if (Stage <= UncrossStage.Determine)
        {
            Search.IsStale = 1;
        }
    }
}
