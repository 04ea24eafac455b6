// Which of several addresses to try next. An exchange of several members serves clients at one address at a time; the others refuse
// at once, so the way to the new leader is to ask in turn, without pause within a round and with a short one after it. An address
// that took the connection and then said nothing costs a time-out, so it is left out for a while as long as there is another.
namespace Exchange.Host.Client;

/// <summary>Addresses of one exchange in the order in which they are to be tried.</summary>
internal sealed class AddressRotation
{
    /// <summary>About as long as an election takes; longer would punish an exchange that was only slow.</summary>
    private const long SilentNs = FixTime.NsPerSec / 2;

    private const long FirstPauseNs = FixTime.NsPerSec / 400;
    private const long PauseMaxNs = FixTime.NsPerSec / 50;
    private readonly long[] _avoidUntilNs;
    private readonly int _count;
    private int _refusals;

    /// <summary>Starts at the first address.</summary>
    public AddressRotation(int count)
    {
        Protocol.Invariant.Require(count > 0);
        _count = count;
        _avoidUntilNs = new long[count];
    }

    /// <summary>Index of the address to use.</summary>
    public int Current { get; private set; }

    /// <summary>The current address serves.</summary>
    public void OnServed()
    {
        _avoidUntilNs[Current] = 0;
        _refusals = 0;
    }

    /// <summary>The current address refused, or closed a connection that it served.</summary>
    /// <returns>When the next one may be tried.</returns>
    public long OnRefused(long nowNs) => Next(nowNs);

    /// <summary>The current address does not answer.</summary>
    /// <returns>When the next one may be tried.</returns>
    public long OnSilent(long nowNs)
    {
        _avoidUntilNs[Current] = nowNs + SilentNs;
        return Next(nowNs);
    }

    private long Next(long nowNs)
    {
        int best = Current;
        for (int i = 1; i <= _count; i++)
        {
            int candidate = (Current + i) % _count;
            if (_avoidUntilNs[candidate] <= nowNs)
            {
                best = candidate;
                break;
            }

            if (i == 1 || _avoidUntilNs[candidate] < _avoidUntilNs[best])
            {
                best = candidate;
            }
        }

        bool isRoundOver = best <= Current;
        Current = best;
        if (!isRoundOver)
        {
            return nowNs;
        }

        // The first rounds follow each other quickly, for a planned switchover; then slower, for an election on a busy machine.
        return nowNs + Math.Min(PauseMaxNs, FirstPauseNs << Math.Min(_refusals++ / 8, 8));
    }
}
