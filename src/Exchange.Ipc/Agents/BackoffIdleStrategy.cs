// Problem: an idle process should cost next to nothing, a busy one should answer at once.
// Idea: spin, then yield, then park for a time that doubles up to a limit. The sleep is nanosleep itself, because Thread.Sleep rounds to
// milliseconds and costs several times as much per wake-up.
// What must hold: any work starts it over, so under load it never parks.
using Exchange.Ipc.Concurrent;

namespace Exchange.Ipc.Agents;

/// <summary>Spins, yields, then parks for longer and longer.</summary>
public unsafe struct BackoffIdleStrategy : IIdleStrategy
{
    /// <summary>Default of spins.</summary>
    public const int DefaultSpins = 10;

    /// <summary>Default of yields.</summary>
    public const int DefaultYields = 5;

    /// <summary>Default of the first park.</summary>
    public const long DefaultMinParkNs = 1_000;

    /// <summary>Default of the longest park.</summary>
    public const long DefaultMaxParkNs = 1_000_000;

    private readonly int _maxSpins;
    private readonly int _maxYields;
    private readonly long _minParkNs;
    private readonly long _maxParkNs;
    private int _idles;
    private long _parkNs;

    /// <summary>Spins 10 times, yields 5 times, parks 1 µs to 1 ms.</summary>
    public BackoffIdleStrategy()
        : this(DefaultSpins, DefaultYields, DefaultMinParkNs, DefaultMaxParkNs)
    {
    }

    /// <summary>A strategy with limits of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or the parks are not 1 ≤ min ≤ max ≤ 1 s.</exception>
    public BackoffIdleStrategy(int maxSpins, int maxYields, long minParkNs, long maxParkNs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxSpins);
        ArgumentOutOfRangeException.ThrowIfNegative(maxYields);
        ArgumentOutOfRangeException.ThrowIfLessThan(minParkNs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxParkNs, minParkNs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxParkNs, 999_999_999);
        _maxSpins = maxSpins;
        _maxYields = maxYields;
        _minParkNs = minParkNs;
        _maxParkNs = maxParkNs;
        _parkNs = minParkNs;
    }

    /// <inheritdoc/>
    public void Idle(int workCount)
    {
        if (workCount > 0)
        {
            Reset();
        }
        else if (_idles < _maxSpins)
        {
            _idles++;
            Thread.SpinWait(1);
        }
        else if (_idles < _maxSpins + _maxYields)
        {
            _idles++;
            _ = Thread.Yield();
        }
        else
        {
            Park();
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _idles = 0;
        _parkNs = _minParkNs;
    }

    private void Park()
    {
        Libc.TimeSpec time = new() { Nanoseconds = Math.Max(_parkNs, 1) };
        _ = Libc.Sleep(&time, null);
        _parkNs = Math.Min(_parkNs * 2, _maxParkNs);
    }
}
