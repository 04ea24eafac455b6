namespace Exchange.Core.Orders;

/// <summary>Where an open order is. Numbers are part of snapshots.</summary>
internal enum OrderPlace : byte
{
    /// <summary>Nowhere: it is being worked on.</summary>
    None = 0,

    /// <summary>In the book.</summary>
    Book = 1,

    /// <summary>In the book of stops, until its stop price trades.</summary>
    Stops = 2,

    /// <summary>Among the stops that have been elected and not yet been triggered.</summary>
    Elected = 3,

    /// <summary>Among the orders that wait for the closing auction.</summary>
    Waiting = 4,
}
