using System.Numerics;
using Exchange.Core.Risk;

namespace Exchange.Core.Tests.Risk;

public sealed class NotionalFormulaTests
{
    private static readonly BigInteger Scale = BigInteger.Pow(10, 16);

    [Theory]
    [InlineData(1_000_000, 100_000_000, 0, 10_050, 100, 1_005_000_000_000)] // 100.50 x 100, a cent's tick, whole shares
    [InlineData(1_000, 100_000_000_000, 0, 108_450, 3, 325_350_000_000)] // 1.08450 x 3 thousand euros: 3,253.50
    [InlineData(1_000_000, 1, 0, 6_500_000, 150_000_000, 9_750_000_000_000)] // 65,000.00 x 1.5 bitcoin
    [InlineData(25_000_000, 100_000_000, 5_000_000_000, 18_000, 2, 45_000_000_000_000)] // 4,500.00 x 2 contracts of 50
    public void LinearIsPriceTimesQuantityTimesMultiplier(long tick, long step, long multiplier, long ticks, long lots, long expected) =>
        Assert.Equal(expected, new NotionalFormula(tick, step, multiplier, isInverse: false).Of(ticks, lots));

    [Fact]
    public void InverseIsQuantityTimesMultiplierDividedByPrice() =>

        // 100 contracts of 100 dollars at 50,000.0 are 0.2 bitcoin.
        Assert.Equal(20_000_000, new NotionalFormula(10_000_000, 100_000_000, 10_000_000_000, isInverse: true).Of(500_000, 100));

    [Fact]
    public void NothingIsWorthNothing() => Assert.Equal(0, new NotionalFormula(1, 1, 0, isInverse: false).Of(1, 0));

    [Fact]
    public void WhatIsWorthMoreThanSixtyThreeBitsStaysThere()
    {
        Assert.Equal(long.MaxValue, new NotionalFormula(1_000_000, 100_000_000, 0, isInverse: false).Of(long.MaxValue, 1L << 38));
        Assert.Equal(long.MaxValue, new NotionalFormula(1, long.MaxValue, long.MaxValue, isInverse: true).Of(1, 1L << 38));
    }

    [Fact]
    public void EveryNotionalIsThatOfArithmeticWithoutLimits()
    {
        const int Seed = 20_260;
        Random random = new(Seed);
        for (int i = 0; i < 200_000; i++)
        {
            long tick = Number(random);
            long step = Number(random);
            long multiplier = random.Next(3) == 0 ? 0 : Number(random);
            long ticks = Math.Max(1, Number(random) / tick);
            long lots = Number(random) >> 25;
            bool isInverse = random.Next(2) == 0;
            BigInteger size = new BigInteger(lots) * step * (multiplier == 0 ? 100_000_000 : multiplier);
            BigInteger price = new BigInteger(ticks) * tick;
            BigInteger expected = BigInteger.Min(isInverse ? size / price : size * price / Scale, long.MaxValue);
            long found = new NotionalFormula(tick, step, multiplier, isInverse).Of(ticks, lots);
            Assert.True(expected == found, $"seed {Seed}, {i}: tick {tick}, step {step}, multiplier {multiplier}, {lots} lots at {ticks}, inverse {isInverse}: {found}, not {expected}");
        }
    }

    // A number of any length, now and then a power of ten.
    private static long Number(Random random) =>
        random.Next(2) == 0 ? (long)BigInteger.Pow(10, random.Next(19)) : Math.Max(1, random.NextInt64() >> random.Next(63));
}
