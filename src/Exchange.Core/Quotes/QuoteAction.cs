namespace Exchange.Core.Quotes;

/// <summary>What an entry of a mass quote does to one side.</summary>
internal enum QuoteAction : byte
{
    /// <summary>Nothing: the side stays as it is.</summary>
    Leave,

    /// <summary>The side is taken out.</summary>
    Withdraw,

    /// <summary>The same price and no larger size: the side keeps its place.</summary>
    Keep,

    /// <summary>The side is entered, in place of what was there.</summary>
    Enter,
}
