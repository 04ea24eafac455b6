using Exchange.Core.Orders;
using Exchange.Core.Tests.Scenarios;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Orders;

public sealed class OrderEntryAllocationTests
{
    [Fact]
    public void After_warm_up_no_request_allocates()
    {
        OrderEntryLimits limits = new(OpenOrdersMax: 1 << 12, ClOrdIdWindow: 1 << 10, ClosedOrdersKept: 1 << 8);
        using OrderDesk desk = new(limits);
        RandomRequests.Prepare(desk, openOrdersMax: 1 << 10);
        long sent = 0;
        Send(desk, ref sent, 3_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Send(desk, ref sent, 20_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Send(OrderDesk desk, ref long sent, int rounds)
    {
        NewOrderCommand order = NewTemplate("S new 1 buy 7 NEAR @ 1.50");
        NewOrderCommand refused = NewTemplate("S new 1 buy 7 NEAR @ 1.501");
        NewOrderCommand taker = NewTemplate("S new 1 sell 5 NEAR @ 1.40 ioc");
        CancelOrderCommand cancel = ScenarioCommands.Cancel("S cancel 1 of 1 buy NEAR".Split(' '));
        ReplaceOrderCommand replace = ScenarioCommands.Replace("S replace 1 of 1 buy 9 NEAR @ 1.51".Split(' '));
        OrderStatusCommand status = ScenarioCommands.Status("S status 1 buy NEAR".Split(' '));
        for (int i = 0; i < rounds; i++)
        {
            int session = i & 3;
            order.ClOrdId = Id(++sent);
            CommandContext context = desk.Next();
            desk.Orders.NewOrder(session, in order, in context);
            refused.ClOrdId = order.ClOrdId;
            desk.Orders.NewOrder(session, in refused, desk.Next());
            replace.OrigClOrdId = order.ClOrdId;
            replace.ClOrdId = Id(++sent);
            desk.Orders.Replace(session, in replace, desk.Next());
            status.ClOrdId = order.ClOrdId;
            desk.Orders.Status(session, in status, desk.Next());
            taker.ClOrdId = Id(++sent);
            desk.Orders.NewOrder(session ^ 1, in taker, desk.Next());
            cancel.OrigClOrdId = order.ClOrdId;
            cancel.ClOrdId = Id(++sent);
            desk.Orders.Cancel(session, in cancel, desk.Next());
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
