namespace Exchange.Core.Markets;

/// <summary>
/// Which market has something due next: a binary heap by deadline, then by number. The deadlines are state and stand in the markets; the heap
/// follows from them, and what comes out of it does not depend on how it came about.
/// </summary>
internal sealed class MarketDeadlines
{
    private Market[] _heap = new Market[16];
    private int _count;

    /// <summary>The earliest deadline; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextNs => _count == 0 ? long.MaxValue : _heap[0].DeadlineNs;

    /// <summary>The market with the earliest deadline, which must exist.</summary>
    public Market First => _heap[0];

    /// <summary>The deadline of a market is another one, or it is a new market.</summary>
    public void Changed(Market market)
    {
        if (market.HeapIndex < 0)
        {
            if (_count == _heap.Length)
            {
                Array.Resize(ref _heap, _count * 2);
            }

            market.HeapIndex = _count;
            _heap[_count++] = market;
        }

        Up(market.HeapIndex);
        Down(market.HeapIndex);
    }

    private static bool IsBefore(Market one, Market other) =>
        one.DeadlineNs < other.DeadlineNs || (one.DeadlineNs == other.DeadlineNs && one.Id < other.Id);

    private void Up(int index)
    {
        while (index > 0 && IsBefore(_heap[index], _heap[(index - 1) / 2]))
        {
            Swap(index, (index - 1) / 2);
            index = (index - 1) / 2;
        }
    }

    private void Down(int index)
    {
        while (true)
        {
            int least = index;
            for (int child = (2 * index) + 1; child <= (2 * index) + 2 && child < _count; child++)
            {
                least = IsBefore(_heap[child], _heap[least]) ? child : least;
            }

            if (least == index)
            {
                return;
            }

            Swap(index, least);
            index = least;
        }
    }

    private void Swap(int one, int other)
    {
        (_heap[one], _heap[other]) = (_heap[other], _heap[one]);
        _heap[one].HeapIndex = one;
        _heap[other].HeapIndex = other;
    }
}
