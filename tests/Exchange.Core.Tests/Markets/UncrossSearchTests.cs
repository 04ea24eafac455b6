using Exchange.Core.Markets;
using Exchange.Core.Matching;
using Exchange.Core.Orders;
using Exchange.Protocol;

namespace Exchange.Core.Tests.Markets;

/// <summary>The price of an uncross against one that is looked for at every tick, as rules 5.2 to 5.4 say it.</summary>
public sealed class UncrossSearchTests
{
    private const int PriceMax = 40;
    private const int OrdersMax = 64;

    private sealed record Order(Side Side, long PriceTicks, long Lots, bool HasNoPrice);

    [Fact]
    public void The_price_is_that_of_a_search_over_all_ticks()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        int crossed = 0;
        for (int round = 0; round < 100_000; round++)
        {
            Order[] orders = Draw(random);
            long reference = random.Next(3) == 0 ? 0 : random.Next(1, PriceMax + 1);
            (long price, long volume) expected = Naive(orders, reference);
            (long, long) found = Search(orders, reference, levelsASlice: random.Next(1, 6));
            crossed += expected.price != 0 ? 1 : 0;
            Assert.True(expected == found, $"seed {seed}, round {round}: {found} instead of {expected}, reference {reference}: {string.Join(", ", orders.AsEnumerable())}");
        }

        Assert.True(crossed > 10_000, $"seed {seed}: only {crossed} books uncrossed");
    }

    [Fact]
    public void A_slice_looks_at_no_more_levels_than_it_may()
    {
        using Book book = new();
        for (int i = 0; i < 20; i++)
        {
            book.Rest(new Order(Side.Buy, 20 + i, 1, HasNoPrice: false));
            book.Rest(new Order(Side.Sell, 1 + i, 1, HasNoPrice: false));
        }

        UncrossSearch search = default;
        int slices = 0;
        int levels;
        do
        {
            levels = 3;
            slices++;
        }
        while (!search.Run(book.Orders, book.Open, 0, ref levels));

        // 20 levels on each side are used up, and one more on each is looked for.
        Assert.Equal(14, slices);
        Assert.Equal(20, search.VolumeLots);
    }

    [Fact]
    public void A_search_begins_anew_when_an_order_has_gone()
    {
        using Book book = new();
        book.Rest(new Order(Side.Sell, 10, 5, HasNoPrice: false));
        int gone = book.Rest(new Order(Side.Buy, 30, 5, HasNoPrice: false));
        book.Rest(new Order(Side.Buy, 20, 5, HasNoPrice: false));
        UncrossSearch search = default;
        int levels = 2;
        Assert.False(search.Run(book.Orders, book.Open, 0, ref levels));
        book.Orders.Remove(gone);
        search.IsStale = 1;
        levels = 10;
        Assert.True(search.Run(book.Orders, book.Open, 0, ref levels));
        Assert.Equal((20, 5), (search.PriceTicks, search.VolumeLots));
    }

    private static Order[] Draw(Random random)
    {
        Order[] orders = new Order[random.Next(0, 13)];
        int width = random.Next(2, PriceMax);
        for (int i = 0; i < orders.Length; i++)
        {
            Side side = random.Next(2) == 0 ? Side.Buy : Side.Sell;
            bool hasNoPrice = random.Next(6) == 0;
            long farEnd = side == Side.Buy ? PriceMax : 1;
            long price = hasNoPrice || random.Next(20) == 0 ? farEnd : random.Next(1, PriceMax - width + 1) + random.Next(0, width);
            orders[i] = new Order(side, price, random.Next(1, 5), hasNoPrice);
        }

        return orders;
    }

    private static (long Price, long Volume) Naive(Order[] orders, long reference)
    {
        long highestBid = orders.Where(order => order.Side == Side.Buy).Select(order => order.PriceTicks).DefaultIfEmpty(0).Max();
        long lowestAsk = orders.Where(order => order.Side == Side.Sell).Select(order => order.PriceTicks).DefaultIfEmpty(long.MaxValue).Min();
        var candidates = Enumerable.Range(1, PriceMax)
            .Select(price => (long)price)
            .Where(price => price >= lowestAsk && price <= highestBid)
            .Where(price => price == reference || orders.Any(order => !order.HasNoPrice && order.PriceTicks == price))
            .Select(price =>
            {
                long demand = orders.Where(order => order.Side == Side.Buy && order.PriceTicks >= price).Sum(order => order.Lots);
                long supply = orders.Where(order => order.Side == Side.Sell && order.PriceTicks <= price).Sum(order => order.Lots);
                return (Price: price, Volume: Math.Min(demand, supply), Surplus: demand - supply);
            })
            .ToList();
        if (candidates.Count == 0 || candidates.Max(one => one.Volume) == 0)
        {
            return (0, 0);
        }

        candidates = [.. candidates.Where(one => one.Volume == candidates.Max(other => other.Volume))];
        candidates = [.. candidates.Where(one => Math.Abs(one.Surplus) == candidates.Min(other => Math.Abs(other.Surplus)))];
        var best = candidates.All(one => one.Surplus > 0) ? candidates.MaxBy(one => one.Price)
            : candidates.All(one => one.Surplus < 0) ? candidates.MinBy(one => one.Price)
            : reference == 0 ? candidates.MaxBy(one => one.Price)
            : candidates.OrderBy(one => Math.Abs(one.Price - reference)).ThenByDescending(one => one.Price).First();
        return (best.Price, best.Volume);
    }

    private static (long Price, long Volume) Search(Order[] orders, long reference, int levelsASlice)
    {
        using Book book = new();
        foreach (Order order in orders)
        {
            book.Rest(order);
        }

        UncrossSearch search = default;
        int levels;
        do
        {
            levels = levelsASlice;
        }
        while (!search.Run(book.Orders, book.Open, reference, ref levels));
        return (search.PriceTicks, search.VolumeLots);
    }

    private sealed class Book : IDisposable
    {
        private readonly PricePages _pages = new(OrdersMax);
        private long _nextId;

        public Book() => Orders = new OrderBook(Open.Pool, _pages, 1, PriceMax);

        public OpenOrders Open { get; } = new(OrdersMax);

        public OrderBook Orders { get; }

        public int Rest(Order order)
        {
            OrderDetail detail = new() { Side = order.Side, OrdType = order.HasNoPrice ? OrdType.Market : OrdType.Limit, QuantityLots = order.Lots, PriceTicks = order.PriceTicks };
            int slot = Open.Take(++_nextId, in detail);
            Orders.Rest(slot, detail.BookSide, order.PriceTicks, order.Lots);
            return slot;
        }

        public void Dispose()
        {
            Orders.Dispose();
            _pages.Dispose();
            Open.Dispose();
        }
    }
}
