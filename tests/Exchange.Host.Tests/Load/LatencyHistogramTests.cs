using Exchange.Host.Load;

namespace Exchange.Host.Tests.Load;

public class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_agree_with_sorted_values_to_three_digits()
    {
        const int Seed = 20261121;
        Random random = new(Seed);
        LatencyHistogram histogram = new();
        long[] values = new long[200_000];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (long)Math.Pow(10, random.NextDouble() * 10);
            histogram.Record(values[i]);
        }

        Array.Sort(values);
        foreach (double percent in new[] { 1, 50, 90, 99, 99.9, 99.99, 100 })
        {
            long exact = values[(int)Math.Ceiling(values.Length * percent / 100) - 1];
            long read = histogram.PercentileNs(percent);
            Assert.True(read >= exact && read - exact <= exact / 1000 + 1, $"seed {Seed} p{percent}: {read} for {exact}");
        }

        Assert.Equal(values[^1], histogram.MaxNs);
    }

    [Fact]
    public void Small_values_are_exact_and_negative_ones_count_as_zero()
    {
        LatencyHistogram histogram = new();
        histogram.Record(-5);
        histogram.Record(1);
        histogram.Record(2047);
        Assert.Equal((0, 1, 2047), (histogram.PercentileNs(10), histogram.PercentileNs(50), histogram.PercentileNs(100)));
    }

    [Fact]
    public void Values_beyond_the_range_keep_the_true_maximum()
    {
        LatencyHistogram histogram = new();
        histogram.Record(long.MaxValue);
        Assert.Equal(long.MaxValue, histogram.MaxNs);
        Assert.True(histogram.PercentileNs(50) >= 1L << 39);
    }

    [Fact]
    public void Sums_of_histograms_read_like_one()
    {
        LatencyHistogram left = new();
        LatencyHistogram right = new();
        left.Record(100);
        right.Record(300);
        left.Add(right);
        Assert.Equal((2, 100, 300), (left.Count, left.PercentileNs(50), left.PercentileNs(99)));
        left.Clear();
        Assert.Equal((0, 0), (left.Count, left.PercentileNs(50)));
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        LatencyHistogram histogram = new();
        histogram.Record(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            histogram.Record(i * 1000L);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
