
namespace Exchange.Reference;

/// <summary>Where an order is.</summary>
internal enum Place
{
    /// <summary>In no list: closed, or on its way.</summary>
    None,

    /// <summary>In the book.</summary>
    Book,

    /// <summary>A stop that waits for its price (4.10).</summary>
    Stops,

    /// <summary>A stop that has been elected and waits for its turn (4.10).</summary>
    Elected,

    /// <summary>An at-the-close order before the closing auction (2.5).</summary>
    Waiting,
}
