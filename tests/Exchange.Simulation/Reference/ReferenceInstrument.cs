namespace Exchange.Simulation.Reference;

/// <summary>An instrument with its book: two sorted sets, which is all that price-time priority means.</summary>
internal sealed class ReferenceInstrument
{
    public required string Symbol { get; init; }

    public required long Tick { get; init; }

    public required long Step { get; init; }

    public required long QuantityMax { get; init; }

    public required long PriceMin { get; init; }

    public required long PriceMax { get; init; }

    public SortedSet<ReferenceOrder> Bids { get; } = new(Comparer<ReferenceOrder>.Create(static (a, b) => Compare(a, b, -1)));

    public SortedSet<ReferenceOrder> Asks { get; } = new(Comparer<ReferenceOrder>.Create(static (a, b) => Compare(a, b, 1)));

    public SortedSet<ReferenceOrder> SideOf(ReferenceOrder order) => order.IsBuy ? Bids : Asks;

    public SortedSet<ReferenceOrder> AgainstSideOf(ReferenceOrder order) => order.IsBuy ? Asks : Bids;

    private static int Compare(ReferenceOrder a, ReferenceOrder b, int sign)
    {
        int byPrice = sign * a.Price.CompareTo(b.Price);
        return byPrice != 0 ? byPrice : a.Arrival.CompareTo(b.Arrival);
    }
}
