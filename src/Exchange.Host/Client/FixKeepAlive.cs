namespace Exchange.Host.Client;

/// <summary>
/// Decides when an idle session speaks: Heartbeat after HeartBtInt without sending, TestRequest after 1.2 × HeartBtInt without
/// receiving, and the end after 2 ×.
/// </summary>
internal sealed class FixKeepAlive
{
    private long _intervalNs;
    private long _lastReceivedNs;
    private bool _isProbing;

    /// <summary>What is due.</summary>
    internal enum Action
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>A Heartbeat.</summary>
        Heartbeat,

        /// <summary>A TestRequest, because the other side is silent.</summary>
        TestRequest,

        /// <summary>The end: the other side did not answer the TestRequest.</summary>
        GiveUp,
    }

    /// <summary>Sets HeartBtInt (108); 0 switches everything off.</summary>
    public void SetInterval(long seconds) => _intervalNs = seconds * FixTime.NsPerSec;

    /// <summary>Something arrived.</summary>
    public void OnReceived(long nowNs)
    {
        _lastReceivedNs = nowNs;
        _isProbing = false;
    }

    /// <summary>What is due now.</summary>
    public Action Next(long nowNs, long lastSentNs)
    {
        if (_intervalNs == 0)
        {
            return Action.None;
        }

        long silentNs = nowNs - _lastReceivedNs;
        if (silentNs >= 2 * _intervalNs)
        {
            return Action.GiveUp;
        }

        if (silentNs >= _intervalNs * 6 / 5 && !_isProbing)
        {
            _isProbing = true;
            return Action.TestRequest;
        }

        return nowNs - lastSentNs >= _intervalNs ? Action.Heartbeat : Action.None;
    }
}
