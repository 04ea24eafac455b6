// Drives all sessions of a load run from one thread.
//
//   turn:  write what is due  →  flush each session  →  read each session  →  once a second publish progress  →  spin, wait or pause
//
// The loop is open: when an order is due is fixed beforehand (OpenLoopSchedule), latency counts from then, and an exchange that
// stalls is charged for every order that became due meanwhile. When the sockets, the ledger or --outstanding refuse more, nothing is
// sent but the schedule goes on; what is due and unanswered is the backlog. What must hold: the turn allocates nothing, and every
// order is answered exactly once or counted as lost.
using Exchange.Host.Client;

namespace Exchange.Host.Load;

/// <summary>A load run.</summary>
internal sealed class LoadEngine : IDisposable
{
    private const long LogonTimeoutNs = 10 * FixTime.NsPerSec;
    private const int OrdersPerTurn = 64;
    private const int SweepOutstandingMax = 4000;
    private readonly LoadOptions _options;
    private readonly LoadProgressBoard? _board;
    private readonly ClientClock _clock = new();
    private readonly LoadTotals _totals = new();
    private readonly LoadSession[] _sessions;
    private readonly SocketWait _wait;
    private readonly byte[] _time = new byte[FixTime.BytesMax];
    private int _timeBytes;
    private long _timeMs;
    private long _answeredAtSecond;
    private long _backlogMax;
    private volatile bool _isStopping;

    /// <summary>Prepares a run.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="board">Where to leave progress; may be null.</param>
    public LoadEngine(LoadOptions options, LoadProgressBoard? board)
    {
        _options = options;
        _board = board;
        string stamp = RunStamp();
        _sessions = new LoadSession[options.Sessions];
        for (int i = 0; i < _sessions.Length; i++)
        {
            _sessions[i] = new LoadSession(i, options, stamp, _totals);
        }

        _wait = new SocketWait(_sessions.Length);
    }

    /// <summary>Ends the schedule early, from any thread; answers are still awaited.</summary>
    public void Stop() => _isStopping = true;

    /// <summary>Orders sent so far; may be read from any thread.</summary>
    public long OrdersSent => _totals.OrdersSent;

    /// <summary>Orders answered so far; may be read from any thread.</summary>
    public long OrdersAnswered => _totals.OrdersAnswered;

    /// <summary>Told, on the sending thread, of each outage that has ended.</summary>
    public Action<Outage>? OutageEnded
    {
        set => _totals.OutageEnded = value;
    }

    /// <summary>Bytes that the sending thread allocated during the schedule; 0 but for rare admin messages.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Runs to the end, on the calling thread.</summary>
    /// <exception cref="HostException">The exchange is not there or refuses the sessions.</exception>
    public LoadSummary Run()
    {
        CpuPin.Apply(_options.Cpu);
        LogOn();
        long startNs = _clock.NowNs + (FixTime.NsPerSec / 100);
        long warmupNs = (long)(_options.WarmupSeconds * 1e9);
        long durationNs = warmupNs + (long)(_options.Seconds * 1e9);
        _totals.MeasureFromNs = startNs + warmupNs;
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        long backlogAtEnd = _options.RatePerSec > 0
            ? RunOpen(new OpenLoopSchedule(startNs, _options.RatePerSec, durationNs))
            : RunClosed(startNs + durationNs);
        AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        double measuredSeconds = Math.Max(0.001, (_clock.NowNs - _totals.MeasureFromNs) / 1e9);
        double achieved = _totals.MeasuredAnswered / measuredSeconds;
        Drain(sweep: false);
        if (_options.Mix.LeavesOpen)
        {
            Drain(sweep: true);
        }

        return Finish(achieved, measuredSeconds, backlogAtEnd);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LoadSession session in _sessions)
        {
            session.Dispose();
        }
    }

    /// <summary>Eight letters and digits that differ from run to run: milliseconds since 1970 in base 36.</summary>
    private static string RunStamp()
    {
        long value = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
        Span<char> text = stackalloc char[8];
        for (int i = text.Length - 1; i >= 0; i--)
        {
            text[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(int)(value % 36)];
            value /= 36;
        }

        return new string(text);
    }

    private void LogOn()
    {
        long deadlineNs = _clock.NowNs + LogonTimeoutNs;
        while (!Array.TrueForAll(_sessions, static s => s.IsLoggedOn))
        {
            if (!Turn())
            {
                Wait(FixTime.NsPerSec / 1000);
            }

            LoadSession? ended = Array.Find(_sessions, static s => s.EndReason is not null);
            if (ended is not null)
            {
                string remedy = ended.EndReason!.StartsWith("cannot connect", StringComparison.Ordinal)
                    ? "start the exchange or give --connect HOST:PORT"
                    : "is the participant defined, and is no other client using it?";
                throw new HostException($"{ended.CompId} cannot log on: {ended.EndReason}; {remedy}");
            }

            if (_clock.NowNs > deadlineNs)
            {
                LoadSession missing = Array.Find(_sessions, static s => !s.IsLoggedOn)!;
                throw new HostException($"{missing.CompId} could not log on within {LogonTimeoutNs / FixTime.NsPerSec} s: {missing.LastFailure}");
            }
        }
    }

    private long RunOpen(OpenLoopSchedule schedule)
    {
        long sent = 0;
        long nextSecondNs = schedule.StartNs + FixTime.NsPerSec;
        while (!_isStopping)
        {
            long nowNs = _clock.NowNs;
            if (nowNs >= schedule.EndNs && sent == schedule.Count)
            {
                break;
            }

            RefreshTime(nowNs);
            long due = schedule.DueBy(nowNs);
            long limit = _options.TurnNs > 0 ? due : Math.Min(due, sent + OrdersPerTurn);
            while (sent < limit && CanSend(sent))
            {
                _sessions[sent % _sessions.Length].SendOrder(schedule.DueNs(sent), _time.AsSpan(0, _timeBytes));
                sent++;
            }

            bool worked = Turn();
            if (nowNs >= nextSecondNs)
            {
                Publish(schedule.StartNs, nowNs, due - _totals.OrdersAnswered);
                nextSecondNs += FixTime.NsPerSec;
                if (HasFailed())
                {
                    break;
                }
            }

            if (nowNs >= schedule.EndNs + FixTime.NsPerSec)
            {
                // A second after the schedule's end not all of it could be sent: hopeless, and told as backlog.
                break;
            }

            if (_options.TurnNs > 0)
            {
                _wait.Pause(Math.Max(0, nowNs + _options.TurnNs - _clock.NowNs));
            }
            else if (!worked && sent == due && !_options.Spin)
            {
                Wait(schedule.DueNs(sent) - _clock.NowNs);
            }
        }

        long endNs = _clock.NowNs;
        long backlog = schedule.DueBy(endNs) - _totals.OrdersAnswered;
        Publish(schedule.StartNs, endNs, backlog);
        return backlog;
    }

    private long RunClosed(long endNs)
    {
        long startNs = _clock.NowNs;
        long nextSecondNs = startNs + FixTime.NsPerSec;
        long sent = 0;
        while (!_isStopping)
        {
            long nowNs = _clock.NowNs;
            if (nowNs >= endNs)
            {
                break;
            }

            RefreshTime(nowNs);
            for (int i = 0; i < OrdersPerTurn && CanSend(sent); i++)
            {
                _sessions[sent % _sessions.Length].SendOrder(nowNs, _time.AsSpan(0, _timeBytes));
                sent++;
            }

            bool worked = Turn();
            if (nowNs >= nextSecondNs)
            {
                Publish(startNs, nowNs, _totals.Outstanding);
                nextSecondNs += FixTime.NsPerSec;
                if (HasFailed())
                {
                    break;
                }
            }

            if (!worked && !_options.Spin)
            {
                Wait(FixTime.NsPerSec / 1000);
            }
        }

        return _totals.Outstanding;
    }

    private bool CanSend(long sent) =>
        _sessions[sent % _sessions.Length].HasRoom && (_options.OutstandingMax == 0 || _totals.Outstanding < _options.OutstandingMax);

    /// <summary>Connects, writes and reads each session once.</summary>
    private bool Turn()
    {
        bool worked = false;
        foreach (LoadSession session in _sessions)
        {
            worked |= session.Turn(_clock);
        }

        return worked;
    }

    private void Wait(long timeoutNs)
    {
        if (timeoutNs <= 0)
        {
            return;
        }

        long limitNs = _options.SilenceNs > 0 ? Math.Min(FixTime.NsPerSec / 10, _options.SilenceNs / 10) : FixTime.NsPerSec / 10;
        for (int i = 0; i < _sessions.Length; i++)
        {
            _wait.Set(i, _sessions[i].Handle, _sessions[i].HasOutput);
            limitNs = _sessions[i].IsBetween ? Math.Min(limitNs, FixTime.NsPerSec / 1000) : limitNs;
        }

        _wait.Wait(Math.Min(timeoutNs, limitNs));
    }

    private bool HasFailed()
    {
        foreach (LoadSession session in _sessions)
        {
            session.KeepAlive(_clock.NowNs);
            if (session.EndReason is not null)
            {
                return true;
            }
        }

        return false;
    }

    private void RefreshTime(long nowNs)
    {
        long ms = nowNs / 1_000_000;
        if (ms != _timeMs)
        {
            _timeMs = ms;
            _timeBytes = FixTime.Write(nowNs, 3, _time);
        }
    }

    private void Publish(long startNs, long nowNs, long backlog)
    {
        _backlogMax = Math.Max(_backlogMax, backlog);
        if (_board is not null)
        {
            LoadProgress progress = _board.Next;
            progress.Second = (int)((nowNs - startNs) / FixTime.NsPerSec);
            progress.IsWarmup = nowNs < _totals.MeasureFromNs;
            progress.Sent = _totals.OrdersSent;
            progress.Answered = _totals.OrdersAnswered;
            progress.AnsweredInSecond = _totals.OrdersAnswered - _answeredAtSecond;
            progress.Backlog = backlog;
            (progress.Latency, _totals.Interval) = (_totals.Interval, progress.Latency);
            _board.Publish();
        }

        _totals.Interval.Clear();
        _answeredAtSecond = _totals.OrdersAnswered;
    }

    /// <summary>Waits for outstanding answers; in a sweep, also cancels every order that may still be open.</summary>
    private void Drain(bool sweep)
    {
        // What the ledger no longer remembers was answered for good, except in a mix whose orders all stay open.
        long[] cursors = Array.ConvertAll(_sessions, s => _options.Mix.KeepsAll ? 0 : Math.Max(0, s.Ledger.Next - OrderLedger.Capacity));
        long deadlineNs = _clock.NowNs + (long)(_options.DrainSeconds * 1e9);
        bool swept = !sweep;
        while ((_clock.NowNs < deadlineNs) && !(swept && _totals.Outstanding == 0 && _totals.CancelsSent == _totals.CancelsAnswered) && !HasFailed())
        {
            RefreshTime(_clock.NowNs);
            if (!swept)
            {
                swept = SweepSome(cursors);

                // Only silence counts against the limit, not the length of a sweep.
                deadlineNs = swept ? deadlineNs : _clock.NowNs + (long)(_options.DrainSeconds * 1e9);
            }

            if (!Turn())
            {
                Wait(FixTime.NsPerSec / 1000);
            }
        }
    }

    private bool SweepSome(long[] cursors)
    {
        bool done = true;
        for (int i = 0; i < _sessions.Length; i++)
        {
            LoadSession session = _sessions[i];
            int looked = 0;
            while (cursors[i] < session.Ledger.Next && looked++ < 1000 && session.HasRoom
                && _totals.CancelsSent - _totals.CancelsAnswered < SweepOutstandingMax)
            {
                session.SendCancel(cursors[i]++, long.MinValue, _time.AsSpan(0, _timeBytes));
            }

            done &= cursors[i] == session.Ledger.Next;
        }

        return done;
    }

    private LoadSummary Finish(double achieved, double measuredSeconds, long backlogAtEnd)
    {
        long lostOrders = 0;
        long lostCancels = 0;
        List<string> ended = [];
        foreach (LoadSession session in _sessions)
        {
            (long orders, long cancels) = session.Ledger.CountUnanswered();
            lostOrders += orders;
            lostCancels += cancels;
            if (session.EndReason is not null)
            {
                ended.Add($"{session.CompId}: {session.EndReason}");
            }

            session.LogOut(_clock.NowNs);
        }

        long deadlineNs = _clock.NowNs + (2 * FixTime.NsPerSec);
        while (_clock.NowNs < deadlineNs && Array.Exists(_sessions, static s => s.EndReason is null))
        {
            if (!Turn())
            {
                Wait(FixTime.NsPerSec / 1000);
            }
        }

        return new LoadSummary(_options, _totals)
        {
            Achieved = achieved,
            MeasuredSeconds = measuredSeconds,
            LostOrders = lostOrders,
            LostCancels = lostCancels,
            BacklogAtEnd = backlogAtEnd,
            BacklogMax = Math.Max(_backlogMax, backlogAtEnd),
            EndedSessions = ended,
            Failovers = Failover.Group(_totals.Outages),
        };
    }
}
