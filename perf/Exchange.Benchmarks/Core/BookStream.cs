using Exchange.Core.Matching;

namespace Exchange.Benchmarks.Core;

/// <summary>
/// The deterministic streams on which order books are compared: about 52 % adds, 38 % cancels (uniform over what is live) and 10 %
/// aggressive immediate-or-cancel orders around a mid price that wanders. The same seed gives the same operations in every language,
/// so that trades and hash can be compared with those of other engines.
/// </summary>
internal sealed class BookStream
{
    /// <summary>Lowest price of the streams; the range is 65,536 ticks.</summary>
    public const long PriceMinTicks = 100_000;

    /// <summary>Highest price of the streams.</summary>
    public const long PriceMaxTicks = PriceMinTicks + 65_535;

    private const long MidStartTicks = PriceMinTicks + 32_768;

    private readonly BookRunner<FilledMakersSink> _runner;
    private readonly List<long> _filled;
    private readonly List<long> _live = [];
    private readonly int[] _positions;
    private readonly int _liveTarget;
    private ulong _state;
    private long _midTicks = MidStartTicks;
    private long _lastOrderId;

    private BookStream(BookRunner<FilledMakersSink> runner, int operationCount, int liveTarget, ulong seed)
    {
        unchecked
        {
            _state = (seed * 0x9E3779B97F4A7C15UL) + 1;
        }

        _runner = runner;
        _filled = runner.Sink.Filled;
        _liveTarget = liveTarget;
        _positions = new int[operationCount + 10];
    }

    /// <summary>Makes a stream.</summary>
    /// <param name="operationCount">Number of operations.</param>
    /// <param name="liveTarget">Orders resting in the steady state.</param>
    /// <param name="seed">Seed.</param>
    public static BookOperation[] Generate(int operationCount, int liveTarget, ulong seed)
    {
        using BookRunner<FilledMakersSink> runner = new(new FilledMakersSink([]));
        BookStream stream = new(runner, operationCount, liveTarget, seed);
        BookOperation[] operations = new BookOperation[operationCount];
        for (int i = 0; i < operations.Length; i++)
        {
            operations[i] = stream.Next();
        }

        return operations;
    }

    private BookOperation Next()
    {
        // The order in which numbers are drawn is part of the stream.
        ulong kind = Draw(1000);
        if (Draw(2000) == 0)
        {
            _midTicks += (long)Draw(3) - 1;
        }

        bool full = _live.Count >= _liveTarget;
        bool half = _live.Count > _liveTarget / 2;
        if (kind < 100 && half)
        {
            return Trade(MakeAggressive());
        }

        if ((full ? kind < 640 : kind < 400) && half)
        {
            long orderId = _live[(int)Draw((ulong)_live.Count)];
            BookOperation cancel = new(BookOperationKind.Cancel, 0, 0, 0, orderId);
            _runner.Apply(in cancel);
            Forget(orderId);
            return cancel;
        }

        return Trade(MakePassive());
    }

    private BookOperation MakeAggressive()
    {
        byte side = (byte)Draw(2);
        uint lots = (uint)(100 * (1 + Draw(15)));
        OrderBook book = _runner.Book;
        int opposite = side ^ 1;
        long touch = book.BestIndex(opposite) >= 0
            ? book.PriceOf(opposite, book.BestIndex(opposite))
            : _midTicks + (side == OrderBook.BuySide ? 1 : -1);
        long through = (long)Draw(3);
        return new BookOperation(BookOperationKind.ImmediateOrCancel, side, lots, side == OrderBook.BuySide ? touch + through : touch - through, ++_lastOrderId);
    }

    private BookOperation MakePassive()
    {
        byte side = (byte)Draw(2);
        uint lots = (uint)(100 * (1 + Draw(10)));
        long distance = 0;
        while (distance < 400 && Draw(100) < 90)
        {
            distance++;
        }

        if (Draw(20) == 0)
        {
            distance += (long)Draw(400);
        }

        long price = side == OrderBook.BuySide ? _midTicks - 1 - distance : _midTicks + 1 + distance;
        return new BookOperation(BookOperationKind.Add, side, lots, price, ++_lastOrderId);
    }

    private BookOperation Trade(BookOperation operation)
    {
        _filled.Clear();
        _runner.Apply(in operation);
        foreach (long orderId in _filled)
        {
            Forget(orderId);
        }

        if (operation.Kind == BookOperationKind.Add && _runner.IsLive(operation.OrderId))
        {
            _live.Add(operation.OrderId);
            _positions[operation.OrderId] = _live.Count;
        }

        return operation;
    }

    private void Forget(long orderId)
    {
        int position = _positions[orderId];
        if (position == 0)
        {
            return;
        }

        long last = _live[^1];
        _live[position - 1] = last;
        _positions[last] = position;
        _positions[orderId] = 0;
        _live.RemoveAt(_live.Count - 1);
    }

    private ulong Draw(ulong bound)
    {
        unchecked
        {
            _state ^= _state << 13;
            _state ^= _state >> 7;
            _state ^= _state << 17;
            return Math.BigMul(_state * 2685821657736338717UL, bound, out _);
        }
    }

    private readonly struct FilledMakersSink(List<long> filled) : ITradeSink
    {
        public List<long> Filled { get; } = filled;

        public long OnTrade(int makerSlot, ref readonly OrderNode maker, long takerOrderId, long priceTicks, long lots)
        {
            if (maker.LeavesLots == 0)
            {
                Filled.Add(maker.OrderId);
            }

            return 0;
        }
    }
}
