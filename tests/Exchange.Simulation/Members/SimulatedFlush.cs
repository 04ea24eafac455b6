using Exchange.Cluster;
using Exchange.Log;
using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Members;

/// <summary>Flushes the log some time after it was asked to: soon, or late when the disk is slow, and never while the process is stopped.</summary>
internal sealed class SimulatedFlush(SimulatedWorld world, Chance chance, SegmentedLog log, Durability durability, Action wakeMember) : ILogFlush
{
    private bool _isScheduled;
    private bool _isGone;
    private bool _isStopped;
    private bool _isOverdue;

    public Exception? Failure => null;

    /// <summary>Added to each flush.</summary>
    public long ExtraDelayNs { get; set; }

    public void Wake()
    {
        if (_isScheduled)
        {
            return;
        }

        _isScheduled = true;
        long usualNs = durability == Durability.Fsync ? chance.Between(40_000, 250_000) : chance.Between(30_000_000, 60_000_000);
        world.After(usualNs + ExtraDelayNs, Flush);
    }

    public void Stop() => _isStopped = true;

    public void Continue()
    {
        _isStopped = false;
        if (_isOverdue)
        {
            Flush();
        }
    }

    public void Dispose() => _isGone = true;

    private void Flush()
    {
        _isOverdue = _isStopped;
        if (_isGone || _isStopped)
        {
            return;
        }

        _isScheduled = false;
        log.Flush();
        wakeMember();
    }
}
