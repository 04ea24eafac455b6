namespace Exchange.Benchmarks.Core;

/// <summary>What an operation does.</summary>
internal enum BookOperationKind : byte
{
    /// <summary>Adds a limit order, which trades what it can and rests.</summary>
    Add = 0,

    /// <summary>Cancels an order.</summary>
    Cancel = 1,

    /// <summary>Trades what it can and vanishes.</summary>
    ImmediateOrCancel = 2,
}
