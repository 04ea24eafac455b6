namespace Exchange.Core.Matching;

/// <summary>
/// One side of a book. Prices are indices counted so that a better price is a higher index: bids from the lowest price up, asks
/// mirrored, from the highest price down. So both sides run through the same code.
/// </summary>
internal struct BookSide
{
    /// <summary>Page of the pool for each page number of the side; 0 where no order rests.</summary>
    public NativeArray<int> PageOf;

    /// <summary>Which page numbers are in use.</summary>
    public PageBitmap Used;

    /// <summary>Index of the best price; -1 when the side is empty.</summary>
    public int Best;
}
