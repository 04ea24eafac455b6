namespace Exchange.Simulation.Engine;

/// <summary>The clocks of one box: a monotonic one with an origin and a drift of its own, and a wall clock that can be set.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private static readonly DateTimeOffset s_origin = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly SimulatedWorld _world;
    private readonly long _monotonicOriginNs;
    private readonly long _driftPartsPerMillion;

    public SimulatedTime(SimulatedWorld world, Chance chance)
    {
        _world = world;
        _monotonicOriginNs = chance.Between(1_000_000_000, 1_000_000_000_000);
        _driftPartsPerMillion = chance.Between(-50, 50);
        WallOffsetNs = chance.Between(-3_000_000, 3_000_000);
    }

    /// <summary>Simulated time as the whole world would tell it.</summary>
    public static long TrueUnixNs(long nowNs) => ((s_origin.UtcTicks - DateTime.UnixEpoch.Ticks) * 100) + nowNs;

    /// <summary>How far this box's wall clock is off.</summary>
    public long WallOffsetNs { get; set; }

    public long MonotonicNs => _monotonicOriginNs + _world.NowNs + (long)((Int128)_world.NowNs * _driftPartsPerMillion / 1_000_000);

    public long UnixNs => TrueUnixNs(_world.NowNs) + WallOffsetNs;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => MonotonicNs;

    public override DateTimeOffset GetUtcNow() => new(DateTime.UnixEpoch.Ticks + (UnixNs / 100), TimeSpan.Zero);
}
