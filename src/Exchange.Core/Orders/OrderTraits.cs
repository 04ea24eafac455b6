namespace Exchange.Core.Orders;

/// <summary>What an order is besides a plain limit or market order.</summary>
[Flags]
internal enum OrderTraits : byte
{
    /// <summary>Nothing: there are no <see cref="OrderExtras"/>.</summary>
    None = 0,

    /// <summary>It has <see cref="OrderExtras"/>.</summary>
    HasExtras = 1,

    /// <summary>It shows a part of its quantity only.</summary>
    Iceberg = 2,

    /// <summary>It is a side of a quote.</summary>
    Quote = 4,
}
