using System.Numerics;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Orders;

public sealed class AveragePriceTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void The_average_is_that_of_exact_arithmetic_rounded_half_up_once(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 2_000; round++)
        {
            long tickE8 = 1L << random.Next(20);
            int priceBits = random.Next(1, 62 - BitOperations.Log2((ulong)tickE8));
            UInt128 sum = 0;
            BigInteger exact = 0;
            long cum = 0;
            for (int fill = random.Next(1, 6); fill > 0; fill--)
            {
                long price = random.NextInt64(1, 1L << priceBits);
                long lots = random.NextInt64(1, 1L << random.Next(1, 38));
                sum = AveragePrice.Add(sum, price, lots);
                exact += (BigInteger)price * lots;
                cum += lots;
            }

            BigInteger expected = ((2 * exact * tickE8) + cum) / (2 * (BigInteger)cum);
            Assert.True(expected == AveragePrice.ToE8(sum, cum, tickE8), $"seed {seed} round {round}");
        }
    }

    [Fact]
    public void Nothing_traded_averages_to_zero() => Assert.Equal(0, AveragePrice.ToE8(0, 0, 1));
}
