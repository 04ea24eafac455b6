namespace Exchange.Core.Tests.Orders;

/// <summary>A book as one would write it in an afternoon: a list per side, sorted by price and then by arrival. Slow and plainly right.</summary>
internal sealed class NaiveBook
{
    private readonly List<Order> _orders = [];
    private long _arrivals;

    public IEnumerable<(bool IsBuy, long Price, long OrderId, long Leaves)> InPriority(bool isBuy) =>
        Sorted(isBuy).Select(order => (order.IsBuy, order.Price, order.Id, order.Leaves));

    /// <summary>Adds an order and returns its trades, and what is left of it.</summary>
    public (List<(long Maker, long Price, long Lots)> Trades, long Left) Add(long id, bool isBuy, long price, long lots, bool rests, bool allOrNothing)
    {
        List<(long, long, long)> trades = [];
        List<Order> candidates = [.. Sorted(!isBuy).Where(order => isBuy ? order.Price <= price : order.Price >= price)];
        if (allOrNothing && candidates.Sum(order => order.Leaves) < lots)
        {
            return (trades, lots);
        }

        foreach (Order maker in candidates)
        {
            long traded = Math.Min(maker.Leaves, lots);
            if (traded == 0)
            {
                break;
            }

            trades.Add((maker.Id, maker.Price, traded));
            lots -= traded;
            maker.Leaves -= traded;
        }

        _orders.RemoveAll(order => order.Leaves == 0);
        if (lots > 0 && rests)
        {
            _orders.Add(new Order { Id = id, IsBuy = isBuy, Price = price, Leaves = lots, Arrival = ++_arrivals });
        }

        return (trades, lots);
    }

    public bool Remove(long id) => _orders.RemoveAll(order => order.Id == id) > 0;

    public (List<(long Maker, long Price, long Lots)> Trades, long Left) Replace(long id, long price, long leaves)
    {
        Order order = _orders.Single(one => one.Id == id);
        if (order.Price == price && leaves <= order.Leaves)
        {
            order.Leaves = leaves;
            return ([], leaves);
        }

        Remove(id);
        return Add(id, order.IsBuy, price, leaves, rests: true, allOrNothing: false);
    }

    private IEnumerable<Order> Sorted(bool isBuy) => _orders
        .Where(order => order.IsBuy == isBuy)
        .OrderBy(order => isBuy ? -order.Price : order.Price)
        .ThenBy(order => order.Arrival);

    private sealed class Order
    {
        public long Id { get; init; }

        public bool IsBuy { get; init; }

        public long Price { get; init; }

        public long Leaves { get; set; }

        public long Arrival { get; init; }
    }
}
