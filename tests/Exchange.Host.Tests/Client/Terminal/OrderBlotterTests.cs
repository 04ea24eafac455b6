using System.Text;
using Exchange.Host.Client;
using Exchange.Host.Client.Terminal;

namespace Exchange.Host.Tests.Client.Terminal;

public class OrderBlotterTests
{
    private readonly OrderBlotter _blotter = new();

    [Fact]
    public void An_order_lives_from_sent_to_filled()
    {
        BlotterOrder order = _blotter.AddSent(Buy(), "a");
        Assert.Equal('A', order.Status);
        Apply("11=a|37=7|17=1|150=0|39=0|38=100|14=0|151=100|");
        Apply("11=a|37=7|17=2|150=F|39=1|38=100|14=40|151=60|32=40|31=10|6=10|60=20261121-01:02:03|");
        Apply("11=a|37=7|17=3|150=F|39=2|38=100|14=100|151=0|32=60|31=11|6=10.6|60=20261121-01:02:04|");
        Assert.Equal(('2', 100m, 0m, 10.6m, "7"), (order.Status, order.CumQty, order.LeavesQty, order.AvgPx, order.OrderId));
        Assert.False(order.IsOpen);
        Assert.Equal([40m, 60m], _blotter.Fills.Select(f => f.Quantity));
        Assert.Equal("01:02:03", _blotter.Fills[0].Time);
    }

    [Fact]
    public void A_repeated_execution_changes_nothing()
    {
        _blotter.AddSent(Buy(), "a");
        Assert.True(Apply("11=a|17=2|150=F|39=1|14=40|151=60|32=40|31=10|"));
        Assert.False(Apply("11=a|17=2|150=F|39=1|14=40|151=60|32=40|31=10|43=Y|"));
        Assert.Single(_blotter.Fills);
    }

    [Fact]
    public void A_replaced_order_answers_to_its_number_and_all_its_ids()
    {
        BlotterOrder order = _blotter.AddSent(Buy(), "a");
        Apply("11=a|17=1|150=0|39=0|");
        _blotter.AddRequest(order, "b");
        Apply("11=b|41=a|17=2|150=5|39=0|38=50|44=12|151=50|");
        Assert.Same(order, _blotter.Find("1"));
        Assert.Same(order, _blotter.Find("#1"));
        Assert.Same(order, _blotter.Find("a"));
        Assert.Same(order, _blotter.Find("b"));
        Assert.Equal(("b", 50m, 12m), (order.ClOrdId, order.Quantity, order.Price));
        _blotter.AddRequest(order, "c");
        Apply("11=c|41=b|17=3|150=4|39=4|151=0|");
        Assert.Equal('4', order.Status);
        Assert.Single(_blotter.Orders);
        Assert.Null(_blotter.Find("2"));
        Assert.Null(_blotter.Find("nothing"));
    }

    [Fact]
    public void A_restated_order_of_an_earlier_life_appears_with_all_it_needs()
    {
        Apply("11=old|37=9|17=5|150=D|39=1|55=MSFT|54=2|38=10|44=50|59=1|14=4|151=6|6=50|");
        BlotterOrder order = Assert.Single(_blotter.Orders);
        Assert.Equal(("MSFT", '2', 6m, true), (order.Symbol, order.Side, order.LeavesQty, order.IsOpen));
        Assert.Equal("#1 sell 10 MSFT @ 50", order.Describe());
    }

    private static TerminalCommand Buy() => new() { Verb = TerminalVerb.Order, Side = '1', Quantity = 100, Symbol = "AAPL", Price = 10 };

    private bool Apply(string fields) => _blotter.Apply(new FixMessageView(Encoding.ASCII.GetBytes(fields.Replace('|', '\u0001')))).IsNew;
}
