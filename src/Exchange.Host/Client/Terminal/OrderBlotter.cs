// The book of own orders, made from what was sent and what the exchange reported, and from nothing else. Reports may be repeated (a
// resend after a reconnect, a restatement after a reset): an ExecID seen before changes nothing.
namespace Exchange.Host.Client.Terminal;

/// <summary>Own orders and fills of one session.</summary>
internal sealed class OrderBlotter
{
    private readonly List<BlotterOrder> _orders = [];
    private readonly List<BlotterFill> _fills = [];
    private readonly Dictionary<string, BlotterOrder> _byClOrdId = new(StringComparer.Ordinal);
    private readonly HashSet<string> _execIds = new(StringComparer.Ordinal);

    /// <summary>All orders, oldest first.</summary>
    public IReadOnlyList<BlotterOrder> Orders => _orders;

    /// <summary>All executions, oldest first.</summary>
    public IReadOnlyList<BlotterFill> Fills => _fills;

    /// <summary>Finds an order by its number (with or without #) or any of its ClOrdIDs.</summary>
    public BlotterOrder? Find(string id)
    {
        if (_byClOrdId.TryGetValue(id, out BlotterOrder? order))
        {
            return order;
        }

        string digits = id.StartsWith('#') ? id[1..] : id;
        return int.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number)
            && number >= 1 && number <= _orders.Count ? _orders[number - 1] : null;
    }

    /// <summary>Notes an order that was just sent.</summary>
    public BlotterOrder AddSent(TerminalCommand command, string clOrdId)
    {
        BlotterOrder order = Add(clOrdId);
        order.Symbol = command.Symbol;
        order.Side = command.Side;
        order.Quantity = command.Quantity;
        order.LeavesQty = command.Quantity;
        order.Price = command.Price;
        order.OrdType = command.OrdType;
        order.StopPrice = command.StopPrice;
        order.TimeInForce = command.TimeInForce;
        return order;
    }

    /// <summary>Another ClOrdID was sent for an order: of a cancel or replace request.</summary>
    public void AddRequest(BlotterOrder order, string clOrdId) => _byClOrdId.TryAdd(clOrdId, order);

    /// <summary>Takes in an ExecutionReport (8).</summary>
    /// <returns>The order, and whether the report was new.</returns>
    public (BlotterOrder Order, bool IsNew) Apply(FixMessageView report)
    {
        // A side of a quote has no ClOrdID; its fills are those of an order that its number names.
        string clOrdId = report.TryGet(11, out _) ? report.Text(11) : $"Q{report.Text(37)}";
        string origClOrdId = report.Text(41);
        BlotterOrder order = (origClOrdId.Length > 0 ? Find(origClOrdId) : null) ?? Find(clOrdId) ?? Add(clOrdId);
        _byClOrdId.TryAdd(clOrdId, order);
        char type = report.ExecType();
        string execId = report.Text(17);

        // An order status is no event of the order, and its ExecID (0 or repeated) says nothing.
        if (type != 'I' && execId.Length > 0 && !_execIds.Add(execId) && type != 'D')
        {
            return (order, false);
        }

        Update(order, report, clOrdId, type);
        if (type == 'F' && report.TryGetDecimal(32, out decimal quantity) && report.TryGetDecimal(31, out decimal price))
        {
            _fills.Add(new BlotterFill(FixWords.TimeOfDay(report.Text(60)), execId, order, quantity, price));
        }

        return (order, true);
    }

    private static void Update(BlotterOrder order, FixMessageView report, string clOrdId, char type)
    {
        string orderId = report.Text(37);
        order.OrderId = orderId is "NONE" ? order.OrderId : orderId;
        order.Symbol = report.TryGet(55, out _) ? report.Text(55) : order.Symbol;
        order.Side = report.TryGet(54, out _) ? report.Char(54) : order.Side;
        order.Quantity = report.TryGetDecimal(38, out decimal quantity) ? quantity : order.Quantity;
        order.Price = report.TryGetDecimal(44, out decimal price) ? price : order.Price;
        order.OrdType = report.TryGet(40, out _) ? report.Char(40) : order.OrdType;
        order.StopPrice = report.TryGetDecimal(99, out decimal stop) ? stop : order.StopPrice;
        order.TimeInForce = report.TryGet(59, out _) ? report.Char(59) : order.TimeInForce;
        order.CumQty = report.TryGetDecimal(14, out decimal cumQty) ? cumQty : order.CumQty;
        order.LeavesQty = report.TryGetDecimal(151, out decimal leavesQty) ? leavesQty : order.LeavesQty;
        order.AvgPx = report.TryGetDecimal(6, out decimal avgPx) ? avgPx : order.AvgPx;
        order.Status = report.TryGet(39, out _) ? report.Char(39) : order.Status;
        order.Text = report.Text(58);
        if (type is '5' or 'D')
        {
            order.ClOrdId = clOrdId;
        }
    }

    private BlotterOrder Add(string clOrdId)
    {
        BlotterOrder order = new() { Number = _orders.Count + 1, ClOrdId = clOrdId };
        _orders.Add(order);
        _byClOrdId[clOrdId] = order;
        return order;
    }
}
