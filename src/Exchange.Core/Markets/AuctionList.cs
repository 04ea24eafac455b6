namespace Exchange.Core.Markets;

/// <summary>Head, tail and cursor of a market's list of auction orders, see <see cref="AuctionOrders"/>. Slots; 0 for none.</summary>
internal sealed class AuctionList
{
    /// <summary>The oldest.</summary>
    public int Head { get; set; }

    /// <summary>The youngest.</summary>
    public int Tail { get; set; }

    /// <summary>The next one that an uncross looks at; moves on when that order goes.</summary>
    public int Cursor { get; set; }
}
