// Problem: an address that guesses passwords must be slowed down, and hashing its guesses must not starve honest logons.
// Idea:    a token bucket of failed attempts per address. A failure takes a token; with none left, new connections of the address are
//          closed when they come. Honest clients never fail, so they never run out, unless they share the address with a guesser.
//          A failure is a Logon that was refused, and also a connection that was opened and then never sent one.
// Must hold: memory is bounded. A full table forgets the entry that has recovered most, never the one that failed most recently.
using System.Net;

namespace Exchange.Gateway.Authentication;

/// <summary>Counts failed logons per address and says when an address has to wait. Used by the gateway thread alone.</summary>
internal sealed class LogonThrottle
{
    private readonly Dictionary<IPAddress, Bucket> _buckets = [];
    private readonly int _burst;
    private readonly long _refillNs;
    private readonly int _addressesMax;

    /// <summary>Creates a throttle.</summary>
    /// <param name="burst">Failures that an address may make at once.</param>
    /// <param name="refillNs">After this long one more is allowed.</param>
    /// <param name="addressesMax">Most addresses remembered.</param>
    public LogonThrottle(int burst, long refillNs, int addressesMax)
    {
        _burst = burst;
        _refillNs = refillNs;
        _addressesMax = addressesMax;
    }

    /// <summary>Number of addresses remembered.</summary>
    public int AddressCount => _buckets.Count;

    /// <summary>Whether an address may try now.</summary>
    public bool MayTry(IPAddress address, long nowNs) => !_buckets.TryGetValue(ClientNetwork.Of(address), out Bucket bucket) || Failures(bucket, nowNs) < _burst;

    /// <summary>Records a failed logon.</summary>
    public void Failed(IPAddress address, long nowNs)
    {
        address = ClientNetwork.Of(address);
        if (!_buckets.TryGetValue(address, out Bucket bucket) && _buckets.Count >= _addressesMax)
        {
            ForgetMostRecovered();
        }

        // The count is kept as the time at which it will be zero again: one number, and nothing to refill periodically.
        long from = Math.Max(bucket.RecoveredAtNs, nowNs);
        long ceiling = nowNs + (_burst * _refillNs);
        _buckets[address] = new Bucket(Math.Min(from + _refillNs, ceiling));
    }

    private long Failures(Bucket bucket, long nowNs) => Math.Max(0, (bucket.RecoveredAtNs - nowNs + _refillNs - 1) / _refillNs);

    private void ForgetMostRecovered()
    {
        IPAddress? oldest = null;
        long oldestNs = long.MaxValue;
        foreach ((IPAddress address, Bucket bucket) in _buckets)
        {
            if (bucket.RecoveredAtNs < oldestNs)
            {
                oldestNs = bucket.RecoveredAtNs;
                oldest = address;
            }
        }

        if (oldest is not null)
        {
            _buckets.Remove(oldest);
        }
    }

    private readonly record struct Bucket(long RecoveredAtNs);
}
