namespace Exchange.Host.Load;

/// <summary>Where an order's price lies.</summary>
internal enum PriceClass
{
    /// <summary>Away from the middle; meets only what goes through.</summary>
    Passive = 0,

    /// <summary>At the middle: meets the other side's orders at the middle.</summary>
    Middle = 1,

    /// <summary>Beyond all passive orders of the other side.</summary>
    Through = 2,
}
