using Exchange.Core.Orders;
using Exchange.Core.Tests.Scenarios;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Orders;

public sealed class OrderEntryAllocationTests
{
    private NewOrderCommand _order = NewTemplate("S new 1 buy 7 NEAR @ 1.50");
    private NewOrderCommand _refused = NewTemplate("S new 1 buy 7 NEAR @ 1.501");
    private NewOrderCommand _taker = NewTemplate("S new 1 sell 5 NEAR @ 1.40 ioc");
    private CancelOrderCommand _cancel = ScenarioCommands.Cancel("S cancel 1 of 1 buy NEAR".Split(' '));
    private ReplaceOrderCommand _replace = ScenarioCommands.Replace("S replace 1 of 1 buy 9 NEAR @ 1.51".Split(' '));
    private OrderStatusCommand _status = ScenarioCommands.Status("S status 1 buy NEAR".Split(' '));

    [Fact]
    public void After_warm_up_no_request_allocates()
    {
        OrderEntryLimits limits = new(OpenOrdersMax: 1 << 12, ClOrdIdWindow: 1 << 10, ClosedOrdersKept: 1 << 8);
        using OrderDesk desk = new(limits);
        RandomRequests.Prepare(desk, openOrdersMax: 1 << 10);
        long sent = 0;
        Send(desk, ref sent, 3_000);
        Assert.Equal(0, AllocationProbe.Measure(() => Send(desk, ref sent, 20_000)));
    }

    [Fact]
    public void After_warm_up_no_order_of_any_kind_allocates()
    {
        OrderEntryLimits limits = new(OpenOrdersMax: 1 << 12, ClOrdIdWindow: 1 << 10, ClosedOrdersKept: 1 << 8);
        using OrderDesk desk = new(limits);
        RandomRequests.Prepare(desk, openOrdersMax: 1 << 10);
        string[] lines =
        [
            "S new 1 sell 9 NEAR @ 1.50 display 2 stpid G", "S new 1 buy 3 NEAR stop 1.50", "S new 1 sell 3 NEAR @ 1.49 stop 1.50",
            "S new 1 buy 5 NEAR @ 1.50 min 3", "S new 1 buy 3 NEAR mtl", "S new 1 buy 9 NEAR @ 1.50 fok", "S new 1 buy 9 NEAR @ 1.40 postonly",
            "S new 1 buy 6 NEAR @ 1.50 stpid G stp decrement", "S new 1 buy 2 NEAR @ 1.30 atc", "S new 1 sell 40 NEAR market",
        ];
        NewOrderCommand[] orders = [.. lines.Select(NewTemplate)];
        CancelOrderCommand cancel = ScenarioCommands.Cancel("S cancel 1 of 1 buy NEAR".Split(' '));
        long sent = 0;
        Send(desk, orders, ref cancel, ref sent, 2_000);
        Assert.Equal(0, AllocationProbe.Measure(() => Send(desk, orders, ref cancel, ref sent, 5_000)));
    }

    // Each kind of order by one of two sessions; then all that is left is cancelled, so that rounds are alike.
    private static void Send(OrderDesk desk, NewOrderCommand[] orders, ref CancelOrderCommand cancel, ref long sent, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            long first = sent + 1;
            foreach (ref NewOrderCommand order in orders.AsSpan())
            {
                order.ClOrdId = Id(++sent);
                desk.Orders.NewOrder((int)(sent & 1), in order, desk.Next());
            }

            for (int at = 0; at < orders.Length; at++)
            {
                cancel.OrigClOrdId = Id(first + at);
                cancel.ClOrdId = Id(++sent);
                cancel.Side = orders[at].Side;
                desk.Orders.Cancel((int)((first + at) & 1), in cancel, desk.Next());
            }
        }
    }

    private void Send(OrderDesk desk, ref long sent, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            int session = i & 3;
            _order.ClOrdId = Id(++sent);
            CommandContext context = desk.Next();
            desk.Orders.NewOrder(session, in _order, in context);
            _refused.ClOrdId = _order.ClOrdId;
            desk.Orders.NewOrder(session, in _refused, desk.Next());
            _replace.OrigClOrdId = _order.ClOrdId;
            _replace.ClOrdId = Id(++sent);
            desk.Orders.Replace(session, in _replace, desk.Next());
            _status.ClOrdId = _order.ClOrdId;
            desk.Orders.Status(session, in _status, desk.Next());
            _taker.ClOrdId = Id(++sent);
            desk.Orders.NewOrder(session ^ 1, in _taker, desk.Next());
            _cancel.OrigClOrdId = _order.ClOrdId;
            _cancel.ClOrdId = Id(++sent);
            desk.Orders.Cancel(session, in _cancel, desk.Next());
        }
    }

    private static NewOrderCommand NewTemplate(string line) => ScenarioCommands.New(line.Split(' '));

    private static Text40 Id(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        _ = System.Buffers.Text.Utf8Formatter.TryFormat(number, digits, out int length);
        _ = Text40.TryCreate(digits[..length], out Text40 id);
        return id;
    }
}
