using System.Diagnostics;

namespace Exchange.Log;

/// <summary>
/// The flusher: a thread that makes the log durable batch by batch. While one flush is under way, the entries of the next batch
/// gather, so the batch grows with the load and the device is never asked more often than it can answer.
/// </summary>
public sealed class LogFlusher : IDisposable
{
    private static readonly TimeSpan s_parkTime = TimeSpan.FromMilliseconds(10);

    /// <summary>The sleep of a thread that has woken for nothing before: whoever appends wakes it.</summary>
    private static readonly TimeSpan s_quietParkTime = TimeSpan.FromMilliseconds(200);

    private readonly SegmentedLog _log;
    private readonly TimeSpan _spinTime;
    private readonly TimeSpan _pause;
    private readonly Action? _onFlushed;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private int _parked;
    private bool _isQuiet;
    private bool _stopped;
    private bool _disposed;
    private LogFailedException? _failure;

    /// <summary>Starts the thread.</summary>
    /// <param name="log">The log; it must outlive this object.</param>
    /// <param name="spinTime">How long to look for new entries before sleeping; zero sleeps at once.</param>
    /// <param name="pause">Rest after each flush, for a log that is flushed behind and whose device should not be kept busy; zero for none.</param>
    /// <param name="onFlushed">Called on the flusher's thread when more has become durable; for whoever waits for that.</param>
    public LogFlusher(SegmentedLog log, TimeSpan spinTime, TimeSpan pause = default, Action? onFlushed = null)
    {
        ArgumentNullException.ThrowIfNull(log);
        _log = log;
        _spinTime = spinTime;
        _pause = pause;
        _onFlushed = onFlushed;
        _thread = new Thread(Run) { IsBackground = true, Name = "log-flush" };
        _thread.Start();
    }

    /// <summary>Why the thread has ended; null while all is well. Once set, the process must stop.</summary>
    public LogFailedException? Failure => Volatile.Read(ref _failure);

    /// <summary>Tells a sleeping flusher that there is something to flush. Cheap when it is awake; call it once per batch.</summary>
    public void Wake()
    {
        // Pairs with the full fence in Park: either this read sees the flag, or the flusher sees the appended entries.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _parked) != 0)
        {
            _wake.Set();
        }
    }

    /// <summary>Flushes what is left and ends the thread.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Volatile.Write(ref _stopped, true);
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        try
        {
            long idleSince = Stopwatch.GetTimestamp();
            while (!Volatile.Read(ref _stopped) || _log.AppendPosition > _log.FlushedPosition)
            {
                if (_log.AppendPosition > _log.FlushedPosition)
                {
                    _log.Flush();
                    _onFlushed?.Invoke();
                    idleSince = Stopwatch.GetTimestamp();
                    if (_pause > TimeSpan.Zero && !Volatile.Read(ref _stopped))
                    {
                        // Only the end of the thread sets the event now, since nobody is told that this thread sleeps.
                        _wake.WaitOne(_pause);
                    }
                }
                else if (Stopwatch.GetElapsedTime(idleSince) < _spinTime)
                {
                    Thread.SpinWait(20);
                }
                else
                {
                    Park();
                }
            }
        }
        catch (LogFailedException failure)
        {
            Volatile.Write(ref _failure, failure);
        }
    }

    private void Park()
    {
        Interlocked.Exchange(ref _parked, 1);
        bool woken = _log.AppendPosition > _log.FlushedPosition || _wake.WaitOne(_isQuiet ? s_quietParkTime : s_parkTime);
        Volatile.Write(ref _parked, 0);
        if (!woken)
        {
            // An idle flush lets the durable watermark catch up.
            _log.Flush();
        }

        _isQuiet = !woken;
    }
}
