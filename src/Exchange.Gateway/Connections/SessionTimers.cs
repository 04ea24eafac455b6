namespace Exchange.Gateway.Connections;

/// <summary>
/// The timers of a session that is logged on (FIX session layer, "heartbeat", and case 4): they say what is due; the connection offers it to
/// the core and tells them once it is on its way, so that what found no room is asked for again.
/// </summary>
internal struct SessionTimers
{
    private long _intervalNs;
    private long _lastSentNs;
    private long _lastReceivedNs;
    private long _probeDeadlineNs;
    private long _giveUpNs;
    private bool _isTestRequestAsked;

    /// <summary>Starts or restarts them; an interval of 0 means no heartbeats in either direction.</summary>
    public void Start(int heartBtIntSec, long nowNs)
    {
        _intervalNs = heartBtIntSec * 1_000_000_000L;
        _lastSentNs = nowNs;
        Received(nowNs);
    }

    /// <summary>A message went out.</summary>
    public void Sent(long nowNs) => _lastSentNs = nowNs;

    /// <summary>A well-formed message came in.</summary>
    public void Received(long nowNs)
    {
        _lastReceivedNs = nowNs;
        _isTestRequestAsked = false;
        _probeDeadlineNs = 0;
    }

    /// <summary>Demands a sign of life within the limit.</summary>
    public void ArmProbe(long nowNs, long limitNs)
    {
        if (_probeDeadlineNs == 0)
        {
            _probeDeadlineNs = nowNs + limitNs;
        }
    }

    /// <summary>The core was told that a Heartbeat is due; its answer will be the next thing sent.</summary>
    public void HeartbeatAsked(long nowNs) => _lastSentNs = nowNs;

    /// <summary>The core was told that a TestRequest is due; once per silence.</summary>
    public void TestRequestAsked() => _isTestRequestAsked = true;

    /// <summary>The core was told to log the session out.</summary>
    public void LogoutAsked(long nowNs, long graceNs) => _giveUpNs = nowNs + graceNs;

    /// <summary>What is due now; the gravest first.</summary>
    public readonly SessionTimerAction Next(long nowNs)
    {
        if (_giveUpNs != 0)
        {
            return nowNs >= _giveUpNs ? SessionTimerAction.GiveUp : SessionTimerAction.None;
        }

        if (_probeDeadlineNs != 0 && nowNs >= _probeDeadlineNs)
        {
            return SessionTimerAction.ProbeUnanswered;
        }

        if (_intervalNs == 0)
        {
            return SessionTimerAction.None;
        }

        long silenceNs = nowNs - _lastReceivedNs;
        if (silenceNs >= 2 * _intervalNs)
        {
            return SessionTimerAction.Logout;
        }

        if (!_isTestRequestAsked && silenceNs >= _intervalNs + (_intervalNs / 5))
        {
            return SessionTimerAction.TestRequest;
        }

        return nowNs - _lastSentNs >= _intervalNs ? SessionTimerAction.Heartbeat : SessionTimerAction.None;
    }
}
