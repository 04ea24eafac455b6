namespace Exchange.Simulation.Clients;

/// <summary>An order that its client takes to be open.</summary>
internal sealed class TraderOrder
{
    public required string OrderId { get; init; }

    public required string ClOrdId { get; set; }

    public required string Symbol { get; init; }

    public required string Side { get; init; }

    /// <summary>OrdType (40).</summary>
    public required string Kind { get; set; }

    /// <summary>StopPx (99); empty when it has none.</summary>
    public string StopPrice { get; set; } = "";

    public decimal Price { get; set; }

    public decimal Quantity { get; set; }

    public decimal Executed { get; set; }
}
