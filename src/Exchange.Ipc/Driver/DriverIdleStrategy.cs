// Problem: a driver that has nothing to do wakes a thousand times a second, which on a machine with dear system calls is a large part of
//          what an idle exchange costs; yet a command must not wait long.
// Idea:    it backs off as any agent does; when nothing has happened for a good while it sleeps longer. Whoever shares its process ends
//          that sleep with a word; a client in another process, which is about to start or to end, waits for its end.
// Must hold: any work starts it over; no sleep is longer than the quiet park; no wake-up is lost.
using Exchange.Ipc.Agents;

namespace Exchange.Ipc.Driver;

/// <summary>Backs off, then sleeps for the quiet park until somebody wakes it.</summary>
internal struct DriverIdleStrategy(AutoResetEvent wake, BackoffIdleStrategy backoff) : IIdleStrategy
{
    /// <summary>The sleep of a driver that has had nothing to do for some hundred turns.</summary>
    public const int QuietParkMs = 4;

    private const int IdlesUntilQuiet = 250;

    private readonly AutoResetEvent _wake = wake;
    private BackoffIdleStrategy _backoff = backoff;
    private int _idles;

    /// <inheritdoc/>
    public void Idle(int workCount)
    {
        if (workCount > 0)
        {
            Reset();
        }
        else if (_idles < IdlesUntilQuiet)
        {
            _idles++;
            _backoff.Idle(0);
        }
        else if (_wake.WaitOne(QuietParkMs))
        {
            Reset();
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _idles = 0;
        _backoff.Reset();
    }
}
