using Exchange.Core.Matching;

namespace Exchange.Benchmarks.Core;

/// <summary>One book with a pool of its own, driven by a stream of operations.</summary>
/// <typeparam name="TSink">Where trades are told.</typeparam>
internal sealed class BookRunner<TSink> : IDisposable
    where TSink : struct, ITradeSink
{
    private const int SliceLength = 512;

    private readonly OrderPool _pool;
    private readonly PricePages _pages;
    private TSink _sink;

    /// <summary>Creates an empty book.</summary>
    public BookRunner(TSink sink, int ordersMax = 1 << 20)
    {
        _sink = sink;
        _pool = new OrderPool(ordersMax);
        _pages = new PricePages(ordersMax);
        Book = new OrderBook(_pool, _pages, BookStream.PriceMinTicks, BookStream.PriceMaxTicks);
    }

    /// <summary>The book.</summary>
    public OrderBook Book { get; }

    /// <summary>The sink as it stands.</summary>
    public TSink Sink => _sink;

    /// <summary>Orders that rest.</summary>
    public int Live => _pool.Count;

    /// <summary>Whether an order rests.</summary>
    public bool IsLive(long orderId) => _pool.Find(orderId) != 0;

    /// <summary>
    /// Applies operations, in slices: one call over millions would stay in the method version that the runtime patches into a running
    /// loop, and that is not what a member runs, which applies one command a call.
    /// </summary>
    public void Apply(ReadOnlySpan<BookOperation> operations)
    {
        while (!operations.IsEmpty)
        {
            int count = Math.Min(operations.Length, SliceLength);
            ApplySlice(operations[..count]);
            operations = operations[count..];
        }
    }

    /// <summary>Applies one operation.</summary>
    public void Apply(in BookOperation operation)
    {
        if (operation.Kind == BookOperationKind.Cancel)
        {
            int found = _pool.Find(operation.OrderId);
            if (found != 0)
            {
                Book.Remove(found);
                _pool.Return(found);
            }

            return;
        }

        int fillsLeft = int.MaxValue;
        long left = Book.Match(operation.OrderId, operation.Side, operation.PriceTicks, operation.Lots, ref _sink, ref fillsLeft);
        if (left != 0 && operation.Kind == BookOperationKind.Add)
        {
            int slot = _pool.Rent(operation.OrderId);
            Book.Rest(slot, operation.Side, operation.PriceTicks, left);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Book.Dispose();
        _pages.Dispose();
        _pool.Dispose();
    }

    private void ApplySlice(ReadOnlySpan<BookOperation> operations)
    {
        foreach (ref readonly BookOperation operation in operations)
        {
            Apply(in operation);
        }
    }
}
