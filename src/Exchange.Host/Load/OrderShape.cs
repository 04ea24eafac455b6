namespace Exchange.Host.Load;

/// <summary>All that distinguishes one generated order from another, but its identifier.</summary>
/// <param name="Symbol">Index of the symbol.</param>
/// <param name="IsBuy">Buy or sell.</param>
/// <param name="Price">Class of the price.</param>
/// <param name="Level">Level within a passive price, 0 to <see cref="LoadMix.Levels"/> - 1.</param>
/// <param name="IsIoc">Immediate-or-cancel; otherwise Day.</param>
internal readonly record struct OrderShape(int Symbol, bool IsBuy, PriceClass Price, int Level, bool IsIoc);
