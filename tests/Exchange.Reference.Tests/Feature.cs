namespace Exchange.Reference.Tests;

/// <summary>What a stream of commands may make use of.</summary>
[Flags]
internal enum Feature
{
    /// <summary>Limit and market orders, cancels, replacements, mass requests, lost connections, days.</summary>
    None = 0,

    /// <summary>Iceberg orders.</summary>
    Iceberg = 1 << 0,

    /// <summary>Stop and stop-limit orders.</summary>
    Stop = 1 << 1,

    /// <summary>Minimum quantities.</summary>
    MinQty = 1 << 2,

    /// <summary>Post-only orders.</summary>
    PostOnly = 1 << 3,

    /// <summary>Market-to-limit orders.</summary>
    MarketToLimit = 1 << 4,

    /// <summary>Good-till-date orders.</summary>
    Gtd = 1 << 5,

    /// <summary>Self-trade prevention.</summary>
    SelfTrade = 1 << 6,

    /// <summary>Price collars and bands of market orders.</summary>
    Collar = 1 << 7,

    /// <summary>Phases and auctions, at-the-open and at-the-close orders.</summary>
    Phase = 1 << 8,

    /// <summary>Firms, accounts, limits and restrictions.</summary>
    Risk = 1 << 9,

    /// <summary>Kill switches.</summary>
    Kill = 1 << 10,

    /// <summary>Quotes and their protection.</summary>
    Quote = 1 << 11,

    /// <summary>Instruments of all kinds, tick tables, expiry.</summary>
    Instrument = 1 << 12,
}
