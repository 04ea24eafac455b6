namespace Exchange.Host.Client.Terminal;

/// <summary>One line of the user, understood.</summary>
internal sealed record TerminalCommand
{
    /// <summary>What to do.</summary>
    public required TerminalVerb Verb { get; init; }

    /// <summary>Side (54): '1' buy, '2' sell; NUL when not given.</summary>
    public char Side { get; init; }

    /// <summary>Quantity, or seconds to sleep.</summary>
    public decimal Quantity { get; init; }

    /// <summary>Symbol (55).</summary>
    public string Symbol { get; init; } = string.Empty;

    /// <summary>Limit price; none for a market order.</summary>
    public decimal? Price { get; init; }

    /// <summary>TimeInForce (59).</summary>
    public char TimeInForce { get; init; } = '0';

    /// <summary>OrdType (40).</summary>
    public char OrdType { get; init; } = '2';

    /// <summary>StopPx (99).</summary>
    public decimal? StopPrice { get; init; }

    /// <summary>DisplayQty (1138) or MaxFloor (111).</summary>
    public decimal? DisplayQuantity { get; init; }

    /// <summary>MinQty (110).</summary>
    public decimal? MinQuantity { get; init; }

    /// <summary>Whether ExecInst (18) is 6.</summary>
    public bool IsPostOnly { get; init; }

    /// <summary>ExpireDate (432), or with a time of day ExpireTime (126); empty when not given.</summary>
    public string Expiry { get; init; } = string.Empty;

    /// <summary>SelfMatchPreventionID (2362); empty when not given.</summary>
    public string SelfTradeId { get; init; } = string.Empty;

    /// <summary>SelfMatchPreventionInstruction (2964); NUL when not given.</summary>
    public char SelfTradeInstruction { get; init; }

    /// <summary>The bid of a quote.</summary>
    public QuotedSide Bid { get; init; }

    /// <summary>The offer of a quote.</summary>
    public QuotedSide Offer { get; init; }

    /// <summary>The identifier typed: of the new order, or of the order meant.</summary>
    public string Id { get; init; } = string.Empty;

    /// <summary>First sequence number of a resend.</summary>
    public long Begin { get; init; }

    /// <summary>Last sequence number of a resend; 0 for all.</summary>
    public long End { get; init; }

    /// <summary>The rest of the line: a raw message or the argument of a command.</summary>
    public string Text { get; init; } = string.Empty;
}
