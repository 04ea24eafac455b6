namespace Exchange.Host.Client.Terminal;

/// <summary>One own order as the exchange last reported it.</summary>
internal sealed class BlotterOrder
{
    /// <summary>Short number for typing, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The newest ClOrdID (11) that the exchange accepted for it.</summary>
    public required string ClOrdId { get; set; }

    /// <summary>OrderID (37); empty until known.</summary>
    public string OrderId { get; set; } = string.Empty;

    /// <summary>Symbol (55).</summary>
    public string Symbol { get; set; } = string.Empty;

    /// <summary>Side (54).</summary>
    public char Side { get; set; }

    /// <summary>OrderQty (38).</summary>
    public decimal Quantity { get; set; }

    /// <summary>Price (44); none for a market order.</summary>
    public decimal? Price { get; set; }

    /// <summary>OrdType (40).</summary>
    public char OrdType { get; set; } = '2';

    /// <summary>StopPx (99); none for an order that is no stop.</summary>
    public decimal? StopPrice { get; set; }

    /// <summary>TimeInForce (59).</summary>
    public char TimeInForce { get; set; }

    /// <summary>CumQty (14).</summary>
    public decimal CumQty { get; set; }

    /// <summary>LeavesQty (151).</summary>
    public decimal LeavesQty { get; set; }

    /// <summary>AvgPx (6).</summary>
    public decimal AvgPx { get; set; }

    /// <summary>OrdStatus (39); 'A' (pending) until the exchange answered.</summary>
    public char Status { get; set; } = 'A';

    /// <summary>Text (58) of the last report.</summary>
    public string Text { get; set; } = string.Empty;

    /// <summary>Whether it may still trade.</summary>
    public bool IsOpen => Status is 'A' or '0' or '1';

    /// <summary>The order in words.</summary>
    public string Describe()
    {
        string price = Price is decimal limit ? $"@ {FixWords.Number(limit)}" : "at market";
        string stop = StopPrice is decimal trigger ? $" stop {FixWords.Number(trigger)}" : string.Empty;
        return $"#{Number} {FixWords.Side(Side)} {FixWords.Number(Quantity)} {Symbol} {price}{stop}";
    }
}
