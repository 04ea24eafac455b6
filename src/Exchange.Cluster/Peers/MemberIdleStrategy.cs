// Problem: an idle member should cost next to nothing, and yet the message of another member must not wait for the end of a sleep.
// Idea:    after work it yields for a while, since in a commit the answers follow within microseconds; then it sleeps on the sockets of its
//          peers, first briefly, then for longer. A peer's byte, or a thread of its own that wakes, ends the sleep. Commands of gateways come
//          through shared memory and wake nobody: they wait at most for the longest sleep.
// Must hold: any work starts it over; no sleep is longer than the longest park.
using Exchange.Ipc.Agents;

namespace Exchange.Cluster.Peers;

/// <summary>Yields, then sleeps on a member's peer connections for longer and longer.</summary>
public struct MemberIdleStrategy : IIdleStrategy
{
    /// <summary>Default of the longest sleep.</summary>
    public const long DefaultParkMaxNs = 1_000_000;

    private const long ParkMinNs = 10_000;
    private const int Yields = 20;

    private readonly PeerPoller _poller;
    private readonly long _parkMaxNs;
    private long _parkNs;
    private int _idles;

    /// <summary>Creates a strategy that sleeps on the poller of a transport.</summary>
    public MemberIdleStrategy(PeerPoller poller, long parkMaxNs = DefaultParkMaxNs)
    {
        _poller = poller;
        _parkMaxNs = parkMaxNs;
        _parkNs = ParkMinNs;
    }

    /// <inheritdoc/>
    public void Idle(int workCount)
    {
        if (workCount > 0)
        {
            Reset();
        }
        else if (_idles < Yields)
        {
            _idles++;
            _ = Thread.Yield();
        }
        else if (!_poller.WaitForInput(_parkNs))
        {
            _parkNs = Math.Min(_parkNs + (_parkNs / 4), _parkMaxNs);
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _idles = 0;
        _parkNs = ParkMinNs;
    }
}
