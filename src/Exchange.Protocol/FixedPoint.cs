namespace Exchange.Protocol;

/// <summary>
/// Prices and quantities outside the core: 64-bit integers in units of 10^-8 (suffix <c>E8</c>). The core converts
/// them to ticks and lots of an instrument, exactly, and refuses what does not divide.
/// </summary>
public static class FixedPoint
{
    /// <summary>Units per one.</summary>
    public const long Scale = 100_000_000;

    /// <summary>Number of decimal places.</summary>
    public const int Decimals = 8;

    /// <summary>The field was not sent.</summary>
    public const long Absent = long.MinValue;

    /// <summary>The field was a valid FIX decimal, but has more than eight significant decimals or does not fit in 64 bits.</summary>
    public const long Unrepresentable = long.MinValue + 1;

    /// <summary>Whether the value is a number rather than <see cref="Absent"/> or <see cref="Unrepresentable"/>.</summary>
    public static bool IsNumber(long valueE8) => valueE8 > Unrepresentable;
}
