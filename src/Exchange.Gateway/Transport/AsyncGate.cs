using System.Threading.Tasks.Sources;
using Exchange.Protocol;

namespace Exchange.Gateway.Transport;

/// <summary>
/// Where one loop of the gateway thread waits for another part of the same thread to let it go on. Reusable, so waiting allocates nothing;
/// an opening that comes before the wait is remembered once.
/// </summary>
internal sealed class AsyncGate : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private bool _isWaiting;
    private bool _isOpen;

    /// <summary>Completes at once when the gate was opened since the last wait, else when it is opened.</summary>
    public ValueTask WaitAsync()
    {
        Invariant.Require(!_isWaiting);
        if (_isOpen)
        {
            _isOpen = false;
            return ValueTask.CompletedTask;
        }

        _isWaiting = true;
        _core.Reset();
        return new ValueTask(this, _core.Version);
    }

    /// <summary>Lets the waiting loop go on, before this returns; or the next one that waits.</summary>
    public void Open()
    {
        if (!_isWaiting)
        {
            _isOpen = true;
            return;
        }

        _isWaiting = false;
        _core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
