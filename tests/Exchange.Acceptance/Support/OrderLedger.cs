// What one client knows of its orders, from what it sent and what it was told. What must hold, and is checked with every report: an
// order is accepted or refused once; a fill is told once (ExecID) and its totals add up; nothing is reported that was never sent.
namespace Exchange.Acceptance.Support;

/// <summary>The books that a client keeps for itself.</summary>
internal sealed class OrderLedger
{
    private readonly Dictionary<string, Entry> _orders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _execIds = new(StringComparer.Ordinal);

    /// <summary>What cannot be, with the report that says it.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Orders that were sent and have no answer yet.</summary>
    public int Unanswered { get; private set; }

    /// <summary>Orders accepted so far.</summary>
    public int Accepted { get; private set; }

    /// <summary>Quantity bought less quantity sold.</summary>
    public int Position { get; private set; }

    /// <summary>Fills so far.</summary>
    public int Fills { get; private set; }

    /// <summary>Every order sent.</summary>
    public IReadOnlyDictionary<string, Entry> Orders => _orders;

    /// <summary>Notes an order that is about to be sent.</summary>
    public void Sent(string id, string side, int quantity)
    {
        _orders.Add(id, new Entry { Side = side, Quantity = quantity });
        Unanswered++;
    }

    /// <summary>Takes an execution report into account.</summary>
    public void Report(FixMessage report)
    {
        if (report.Type == "B")
        {
            // News, as before a planned switchover: about no order.
            return;
        }

        if (report.Type != "8" || !_orders.TryGetValue(report[11] ?? "", out Entry? order))
        {
            Violations.Add($"not about an order that was sent: {report.Raw}");
            return;
        }

        if (report[150] == "I")
        {
            order.LastStatus = report;
            return;
        }

        if (!_execIds.Add(report[17]!))
        {
            Violations.Add($"ExecID told twice: {report.Raw}");
        }

        Apply(report, order);
        if (order.IsAccepted && report.Number(14) != order.Filled)
        {
            Violations.Add($"filled {order.Filled}, but CumQty says otherwise: {report.Raw}");
        }
    }

    private void Apply(FixMessage report, Entry order)
    {
        switch (report[150])
        {
            case "0":
            case "8":
                if (order.Answers++ > 0)
                {
                    Violations.Add($"answered twice: {report.Raw}");
                }
                else
                {
                    Unanswered--;
                }

                order.IsAccepted = report[150] == "0";
                Accepted += order.IsAccepted ? 1 : 0;
                break;
            case "F":
                int quantity = report.Int(32);
                order.Filled += quantity;
                Fills++;
                Position += order.Side == Support.Orders.Buy ? quantity : -quantity;
                if (!order.IsAccepted || order.Filled > order.Quantity || report.Number(151) != order.Quantity - order.Filled)
                {
                    Violations.Add($"a fill that does not fit {order.Filled} of {order.Quantity}: {report.Raw}");
                }

                break;
            default:
                Violations.Add($"unexpected: {report.Raw}");
                break;
        }
    }

    /// <summary>One order.</summary>
    internal sealed class Entry
    {
        /// <summary>Side (54).</summary>
        public required string Side { get; init; }

        /// <summary>Quantity ordered.</summary>
        public required int Quantity { get; init; }

        /// <summary>Sum of the fills told.</summary>
        public int Filled { get; set; }

        /// <summary>Whether it was accepted.</summary>
        public bool IsAccepted { get; set; }

        /// <summary>Answers to the order itself: accepted, or refused.</summary>
        public int Answers { get; set; }

        /// <summary>The latest answer to a status request.</summary>
        public FixMessage? LastStatus { get; set; }
    }
}
