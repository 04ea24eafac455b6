namespace Exchange.Core.Markets;

/// <summary>How far an uncross has come. Numbers are part of snapshots.</summary>
internal enum UncrossStage : byte
{
    /// <summary>Orders that still waited for the closing auction enter the book.</summary>
    EnterWaiting = 0,

    /// <summary>The price is being determined.</summary>
    Determine = 1,

    /// <summary>Orders trade at the price.</summary>
    Trade = 2,

    /// <summary>What the auction does not leave as it is expires, is cancelled or becomes a limit order (rule 2.5).</summary>
    Leftovers = 3,
}
