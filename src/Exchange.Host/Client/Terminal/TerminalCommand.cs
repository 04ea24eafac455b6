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

    /// <summary>The identifier typed: of the new order, or of the order meant.</summary>
    public string Id { get; init; } = string.Empty;

    /// <summary>First sequence number of a resend.</summary>
    public long Begin { get; init; }

    /// <summary>Last sequence number of a resend; 0 for all.</summary>
    public long End { get; init; }

    /// <summary>The rest of the line: a raw message or the argument of a command.</summary>
    public string Text { get; init; } = string.Empty;
}
