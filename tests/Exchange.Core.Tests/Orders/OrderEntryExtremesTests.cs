using Exchange.Core.Instruments;
using Exchange.Core.Matching;
using Exchange.Core.Orders;
using Exchange.Core.Tests.Scenarios;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Orders;

/// <summary>Numbers at the edges of what fits: refused or exact, never an overflow.</summary>
public sealed class OrderEntryExtremesTests
{
    private static readonly long[] Edges =
    [
        long.MinValue, long.MinValue + 1, long.MinValue + 2, -1L << 40, -1, 0, 1, 2, 100_000_000, 1L << 38, (1L << 38) + 1, 1L << 53,
        long.MaxValue - 1, long.MaxValue,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_number_in_a_request_makes_order_management_fail(int seed)
    {
        using OrderDesk desk = WideDesk();
        Random random = new(seed);
        for (int step = 0; step < 20_000; step++)
        {
            NewOrderCommand order = ScenarioCommands.New($"S new {step * 4} buy 1 WIDE @ 1".Split(' '));
            order.PriceE8 = Number(random);
            order.QuantityE8 = Number(random);
            order.Side = (Side)random.Next(256);
            order.OrdType = (OrdType)random.Next('0', '4');
            order.TimeInForce = (TimeInForce)random.Next('0', '6');
            order.Header.Flags = (FixMessageFlags)random.Next(256);
            if (random.Next(2) == 0)
            {
                order.Side = random.Next(2) == 0 ? Side.Buy : Side.Sell;
                order.OrdType = OrdType.Limit;
                order.PriceE8 = long.MaxValue - random.Next(3);
            }

            desk.Orders.NewOrder(0, in order, desk.Next());
            CancelOrderCommand cancel = ScenarioCommands.Cancel($"S cancel {(step * 4) + 1} of {random.Next(step + 1) * 4} buy WIDE".Split(' '));
            cancel.OrderId = Number(random);
            desk.Orders.Cancel(0, in cancel, desk.Next());
            ReplaceOrderCommand replace = ScenarioCommands.Replace($"S replace {(step * 4) + 2} of {random.Next(step + 1) * 4} buy 1 WIDE @ 1".Split(' '));
            replace.PriceE8 = Number(random);
            replace.QuantityE8 = Number(random);
            replace.OrderId = random.Next(2) == 0 ? 0 : Number(random);
            desk.Orders.Replace(0, in replace, desk.Next());
            OrderStatusCommand status = new() { OrderId = Number(random) };
            desk.Orders.Status(0, in status, desk.Next());
        }
    }

    [Fact]
    public void The_largest_orders_at_the_highest_prices_trade_exactly()
    {
        using OrderDesk desk = WideDesk();
        ReportLedger ledger = new();
        for (int i = 0; i < 8; i++)
        {
            Send(desk, ledger, i, Side.Sell, long.MaxValue - i, 1L << 38);
        }

        for (int i = 8; i < 16; i++)
        {
            Send(desk, ledger, i, Side.Buy, long.MaxValue, (1L << 38) - i);
        }

        Assert.True(ledger.Trades >= 8);
    }

    [Fact]
    public void A_level_holds_as_many_of_the_largest_orders_as_the_venue_takes()
    {
        using OrderDesk desk = WideDesk();
        ReportLedger ledger = new();
        for (int i = 0; i < 4096; i++)
        {
            Send(desk, ledger, i, Side.Sell, long.MaxValue, 1L << 38);
        }

        Assert.Equal(4096L << 38, desk.BookOf("WIDE").LevelAt(1, desk.BookOf("WIDE").BestIndex(1)).Lots);
        NewOrderCommand order = Order(5000, Side.Sell, long.MaxValue, 1);
        desk.Orders.NewOrder(0, in order, desk.Next());
        Assert.Equal(4096, desk.Orders.OpenOrders.Count);
    }

    private static void Send(OrderDesk desk, ReportLedger ledger, int id, Side side, long priceE8, long quantityE8)
    {
        NewOrderCommand order = Order(id, side, priceE8, quantityE8);
        desk.Orders.NewOrder(0, in order, desk.Next());
        ledger.Observe(desk, $"order {id}");
    }

    private static NewOrderCommand Order(int id, Side side, long priceE8, long quantityE8) => new()
    {
        ClOrdId = Text40.From($"{id}"),
        Symbol = Text24.From("WIDE"),
        Side = side,
        OrdType = OrdType.Limit,
        TimeInForce = TimeInForce.Day,
        PriceE8 = priceE8,
        QuantityE8 = quantityE8,
    };

    private static OrderDesk WideDesk()
    {
        OrderDesk desk = new();
        Assert.Equal(0, desk.Define("WIDE", 1, 1, 1L << 38, long.MaxValue - (1L << 30) + 1, long.MaxValue));
        desk.AddSession(1 << 20);
        return desk;
    }

    private static long Number(Random random) => random.Next(3) switch
    {
        0 => Edges[random.Next(Edges.Length)],
        1 => random.NextInt64(long.MinValue, long.MaxValue),
        _ => random.Next(-100, 100),
    };

    [Fact]
    public void A_level_of_as_many_largest_orders_as_there_may_be_still_adds_up() =>
        Assert.True((Int128)Instrument.QuantityMaxLots * OrderEntryLimits.OpenOrdersCeiling <= long.MaxValue);

    [Fact]
    public void Room_for_ten_million_orders_is_reserved_and_works()
    {
        using OrderDesk desk = new(new OrderEntryLimits(OpenOrdersMax: 10_000_000, ClOrdIdWindow: 64, ClosedOrdersKept: 64));
        RandomRequests.Prepare(desk, openOrdersMax: 1_000);
        RandomRequests requests = new(1, isRich: true);
        for (int i = 0; i < 1_000; i++)
        {
            requests.Apply(desk);
        }

        Assert.True(desk.Orders.OpenOrders.Count > 0);
    }

    [Fact]
    public void More_addresses_than_the_box_has_memory_can_be_reserved_and_are_zero()
    {
        const long Count = 1L << 37;
        using NativeBlock<long> block = new(Count);
        Assert.Equal(0, block.Items[0]);
        block.Items[int.MaxValue] = 7;
        Assert.Equal(7, block.Items[int.MaxValue]);
        Assert.Equal(0, block.Items[int.MaxValue - 1]);
    }
}
