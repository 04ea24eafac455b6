namespace Exchange.Simulation.Engine;

/// <summary>
/// A thread that does its duty cycle again and again: soon after it was woken, at once while there is work, and now and then when there is
/// none. It may be stopped for a while, as by SIGSTOP, or for good.
/// </summary>
internal sealed class SimulatedThread
{
    private readonly SimulatedWorld _world;
    private readonly Chance _chance;
    private readonly Func<int> _turn;
    private readonly long _idleNs;
    private long _dueNs = long.MaxValue;
    private long _version;

    public SimulatedThread(SimulatedWorld world, Func<int> turn, long idleNs)
    {
        _world = world;
        _chance = world.Chance.Fork();
        _turn = turn;
        _idleNs = idleNs;
        Schedule(_chance.Between(1_000, 50_000));
    }

    public bool IsStopped { get; private set; }

    public bool IsEnded { get; private set; }

    public void Wake()
    {
        long soonNs = _chance.Between(1_000, 15_000);
        if (_world.NowNs + soonNs < _dueNs && !IsStopped && !IsEnded)
        {
            Schedule(soonNs);
        }
    }

    public void Stop() => IsStopped = true;

    public void Continue()
    {
        IsStopped = false;
        Schedule(0);
    }

    public void End() => IsEnded = true;

    private void Schedule(long delayNs)
    {
        long version = ++_version;
        _dueNs = _world.NowNs + delayNs;
        _world.After(delayNs, () => Run(version));
    }

    private void Run(long version)
    {
        if (version != _version || IsStopped || IsEnded)
        {
            return;
        }

        _dueNs = long.MaxValue;
        int work = _turn();
        if (!IsEnded && version == _version)
        {
            Schedule(work > 0 ? _chance.Between(2_000, 10_000) : _chance.Between(_idleNs / 2, _idleNs));
        }
    }
}
