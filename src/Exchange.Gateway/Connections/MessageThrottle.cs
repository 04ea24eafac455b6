// Problem: a client that floods the exchange costs everybody else time; and when it is told to slow down, the first thing it must still be
//          able to do is to take its orders back.
// Idea:    the time at which the client would be even (generic cell rate algorithm, ITU-T I.371): each message moves it on by one
//          message's share of the period. A message may pass while that time is less than a certain time ahead. One number, no refilling.
// Must hold: what may be further ahead is never refused before what may not; without a limit nothing is ever refused.
namespace Exchange.Gateway.Connections;

/// <summary>Counts one client's messages of some kind against a limit.</summary>
internal struct MessageThrottle
{
    /// <summary>A second.</summary>
    public const long SecondNs = 1_000_000_000;

    private long _shareNs;
    private long _evenAtNs;

    /// <summary>Whether there is a limit at all.</summary>
    public readonly bool IsLimited => _shareNs != 0;

    /// <summary>Sets the limit, 0 for none; what was counted stays counted.</summary>
    public void SetLimit(int messages, long periodNs = SecondNs) => _shareNs = messages <= 0 ? 0 : Math.Max(1, periodNs / messages);

    /// <summary>Whether one more message may pass now.</summary>
    /// <param name="nowNs">Monotonic time.</param>
    /// <param name="aheadNs">How far the client may be ahead: the limit's messages of so long may come at once.</param>
    public readonly bool MayPass(long nowNs, long aheadNs) => _shareNs == 0 || _evenAtNs - nowNs <= aheadNs - _shareNs;

    /// <summary>Counts a message that has passed.</summary>
    public void Count(long nowNs) => _evenAtNs = Math.Max(_evenAtNs, nowNs) + _shareNs;
}
