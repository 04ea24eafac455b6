// Problem: the gateway's thread must cost almost nothing when nothing happens, wake at once when a client sends, and be quick to see the
//          member's answer, which comes through shared memory and wakes nobody.
// Idea:    after work it yields for a while, since answers follow commands within microseconds; then it sleeps on the wake signal, first
//          briefly, then for up to the longest park, and, when nothing has happened for a good while, for up to the quiet park. Sockets
//          end the sleep; an event that no client of this gateway caused waits at most that long.
// Must hold: any work starts it over; no sleep is longer than the longest, or the quiet, park.
using Exchange.Gateway.Transport;
using Exchange.Ipc.Agents;

namespace Exchange.Gateway;

/// <summary>Yields, then sleeps on the gateway's wake signal for longer and longer.</summary>
public struct GatewayIdleStrategy : IIdleStrategy
{
    /// <summary>Default of the longest sleep.</summary>
    public const long DefaultParkMaxNs = 1_000_000;

    /// <summary>The longest sleep of a gateway that has had nothing to do for some hundred sleeps.</summary>
    public const long QuietParkNs = 2_500_000;

    private const long ParkMinNs = 20_000;
    private const int Yields = 20;
    private const int IdlesUntilQuiet = 250;

    private readonly WakeSignal _signal;
    private readonly long _parkMaxNs;
    private long _parkNs;
    private int _idles;

    /// <summary>Creates a strategy on the signal of a gateway agent.</summary>
    public GatewayIdleStrategy(WakeSignal signal, long parkMaxNs = DefaultParkMaxNs)
    {
        _signal = signal;
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
        else
        {
            _signal.Wait(_parkNs);
            if (_idles < IdlesUntilQuiet)
            {
                _idles++;
                _parkNs = Math.Min(_parkNs + (_parkNs / 4), _parkMaxNs);
            }
            else
            {
                _parkNs = Math.Max(_parkMaxNs, QuietParkNs);
            }
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _idles = 0;
        _parkNs = ParkMinNs;
    }
}
