using System.Runtime.CompilerServices;

namespace Exchange.Core.Matching;

/// <summary>
/// The price levels of all books, in pages of 64 neighbouring prices. A page exists only while an order rests in it, so a book pays
/// for prices in use and not for its range, and an order a million ticks away is as well kept as one at the touch. As each page in
/// use holds at least one order, there can never be more pages than orders: the pool cannot run out before the orders do.
/// A level is named by <c>page * 64 + offset</c>; page 0 is not used, so level 0 names none.
/// </summary>
internal sealed class PricePages : IDisposable
{
    /// <summary>Levels of a page, as a power of two.</summary>
    public const int PageBits = 6;

    /// <summary>Mask of a level's offset in its page.</summary>
    public const int OffsetMask = (1 << PageBits) - 1;

    private readonly NativeBlock<PriceLevel> _levelBlock;
    private readonly NativeBlock<PricePage> _pageBlock;
    private int _freeHead;
    private int _used = 1;

    /// <summary>Reserves pages for at most <paramref name="ordersMax"/> orders.</summary>
    public PricePages(int ordersMax)
    {
        _levelBlock = new NativeBlock<PriceLevel>((ordersMax + 2L) << PageBits);
        _pageBlock = new NativeBlock<PricePage>(ordersMax + 2L);
        Levels = _levelBlock.Items;
        Pages = _pageBlock.Items;
    }

    /// <summary>All levels.</summary>
    public NativeArray<PriceLevel> Levels { get; }

    /// <summary>All pages.</summary>
    public NativeArray<PricePage> Pages { get; }

    /// <summary>Pages in use.</summary>
    public int Count { get; private set; }

    /// <summary>Takes an empty page for page number <paramref name="number"/> of a book side.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Rent(int number)
    {
        int page = _freeHead;
        if (page != 0)
        {
            _freeHead = Pages[page].NextFree;
        }
        else
        {
            page = _used++;
        }

        Pages[page] = new PricePage { Number = number };
        Count++;
        return page;
    }

    /// <summary>Gives a page back; its levels are empty, and so it is as clean as a new one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Return(int page)
    {
        ref PricePage entry = ref Pages[page];
        entry.NextFree = _freeHead;
        _freeHead = page;
        Count--;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _levelBlock.Dispose();
        _pageBlock.Dispose();
    }
}
