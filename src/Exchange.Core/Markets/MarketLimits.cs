namespace Exchange.Core.Markets;

/// <summary>
/// Bounds of what markets do in one command (rule 10.1). They shape behaviour, so they are the same on all members and over the life of a log;
/// a snapshot holds them and refuses to load under others.
/// </summary>
/// <param name="StepsMax">Most actions of a slice: trades, phase changes, orders cancelled, messages sent.</param>
/// <param name="VisitsMax">Most orders, instruments and tasks that a slice looks at.</param>
/// <param name="LevelsMax">Most price levels that a slice looks at while an auction's price is determined.</param>
/// <param name="IndicativeNs">Log time between two indicative prices of an instrument.</param>
public sealed record MarketLimits(int StepsMax = 256, int VisitsMax = 1_024, int LevelsMax = 8_192, long IndicativeNs = 1_000_000_000);
