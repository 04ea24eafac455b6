using Exchange.Cluster.Snapshots;
using Exchange.Log;
using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Members;

/// <summary>Takes snapshots at a simulated time: the real job, done in one moment some time after it was asked for.</summary>
internal sealed class SimulatedSnapshots(SimulatedWorld world, Chance chance, SnapshotJob job, Action<string>? mayFail, Action taken) : ISnapshotWorker
{
    private SnapshotResult? _result;
    private long _wanted;
    private bool _isGone;
    private bool _isBusy;

    public void Request(long position)
    {
        _wanted = position;
        if (!_isBusy)
        {
            _isBusy = true;
            world.After(chance.Between(500_000, 40_000_000), Take);
        }
    }

    public bool TryTakeResult(out SnapshotResult result)
    {
        result = _result ?? default;
        bool isThere = _result is not null;
        _result = null;
        return isThere;
    }

    public void Dispose() => _isGone = true;

    private void Take()
    {
        if (_isGone)
        {
            return;
        }

        _isBusy = false;
        try
        {
            _result = job.Take(_wanted, CancellationToken.None);
        }
        catch (LogDamagedException e) when (mayFail is not null)
        {
            mayFail($"WARNING: no snapshot could be taken at position {_wanted}: {e.Message}");
        }

        taken();
    }
}
