// Counts durations so that any percentile can be read with three significant digits, at the cost of one increment per value.
//
// Log-linear buckets, the idea of Gil Tene's HdrHistogram: below 2,048 ns every value has a counter of its own; above, each power of
// two is cut into 1,024 equal parts, so that a counter is never wider than 1/1,024 of its value. Values beyond the range go into the
// last counter and keep the true maximum beside it. Recording allocates nothing.
using System.Numerics;
using System.Runtime.CompilerServices;
using Exchange.Protocol;

namespace Exchange.Host.Load;

/// <summary>Histogram of durations in nanoseconds; one writer.</summary>
internal sealed class LatencyHistogram
{
    private const int HalfBits = 10;
    private const int Half = 1 << HalfBits;
    private const int ValueBits = 40;
    private readonly long[] _counts = new long[((ValueBits - HalfBits) * Half) + Half];

    /// <summary>Number of values.</summary>
    public long Count { get; private set; }

    /// <summary>The largest value, exact; 0 when empty.</summary>
    public long MaxNs { get; private set; }

    /// <summary>Adds a value; a negative one counts as 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Record(long valueNs)
    {
        valueNs = Math.Max(valueNs, 0);
        _counts[IndexOf(valueNs)]++;
        Count++;
        if (valueNs > MaxNs)
        {
            MaxNs = valueNs;
        }
    }

    /// <summary>The smallest recorded value (to three digits) that at least this share of all values do not exceed.</summary>
    /// <param name="percent">0 to 100.</param>
    /// <returns>Nanoseconds; 0 when empty.</returns>
    public long PercentileNs(double percent)
    {
        Invariant.Require(percent is >= 0 and <= 100);
        long wanted = Math.Max(1, (long)Math.Ceiling(Count * percent / 100));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
            {
                return Math.Min(HighestIn(i), MaxNs);
            }
        }

        return 0;
    }

    /// <summary>Adds all values of another histogram.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        MaxNs = Math.Max(MaxNs, other.MaxNs);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
        MaxNs = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int IndexOf(long valueNs)
    {
        int shift = Math.Max(0, 63 - BitOperations.LeadingZeroCount((ulong)valueNs) - HalfBits);
        int index = (shift * Half) + (int)(valueNs >> shift);
        return Math.Min(index, ((ValueBits - HalfBits) * Half) + Half - 1);
    }

    private static long HighestIn(int index)
    {
        int shift = Math.Max(0, (index >> HalfBits) - 1);
        long part = index - ((long)shift * Half);
        return ((part + 1) << shift) - 1;
    }
}
