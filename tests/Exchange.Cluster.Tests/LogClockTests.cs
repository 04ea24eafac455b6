namespace Exchange.Cluster.Tests;

public sealed class LogClockTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Starts_at_the_wall_clock_when_the_log_is_older()
    {
        FakeTime time = new() { WallNs = 1000 * Second };
        Assert.Equal(1000 * Second, new LogClock(time, 5 * Second).Now());
    }

    [Fact]
    public void Starts_behind_the_log_when_the_wall_clock_is_older()
    {
        FakeTime time = new() { WallNs = 1000 * Second };
        Assert.Equal(2000 * Second, new LogClock(time, 2000 * Second).Now());
    }

    [Fact]
    public void Follows_the_monotonic_clock_and_ignores_a_jump_of_the_wall_clock()
    {
        FakeTime time = new() { WallNs = 1000 * Second };
        LogClock clock = new(time, 0);
        time.MonotonicNs += 3 * Second;
        time.WallNs -= 500 * Second;
        Assert.Equal(1003 * Second, clock.Now());
    }

    [Fact]
    public void Slews_towards_the_wall_clock_by_no_more_than_the_limit()
    {
        FakeTime time = new() { WallNs = 1000 * Second };
        LogClock clock = new(time, 0);
        time.WallNs += 60 * Second;
        clock.Slew(Second);
        Assert.Equal((1000 * Second) + (LogClock.SlewPartsPerMillion * 1000), clock.Now());
    }

    [Fact]
    public void Never_decreases_whatever_the_clocks_do()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        FakeTime time = new() { WallNs = 1000 * Second };
        LogClock clock = new(time, 0);
        long last = clock.Now();
        for (int i = 0; i < 100_000; i++)
        {
            time.MonotonicNs += random.Next(0, 1000);
            time.WallNs += random.NextInt64(-Second, Second);
            if (random.Next(10) == 0)
            {
                clock.Slew(random.Next(0, 2_000_000));
            }

            long now = clock.Now();
            Assert.True(now >= last, $"went back by {last - now} ns at step {i}, seed {seed}");
            last = now;
        }
    }

    private sealed class FakeTime : TimeProvider
    {
        public long WallNs { get; set; }

        public long MonotonicNs { get; set; }

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => MonotonicNs;

        public override DateTimeOffset GetUtcNow() => new(DateTime.UnixEpoch.AddTicks(WallNs / 100), TimeSpan.Zero);
    }
}
