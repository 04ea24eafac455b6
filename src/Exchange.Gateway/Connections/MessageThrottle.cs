// Problem: a client that floods the exchange costs everybody else time; and when it is told to slow down, the first thing it must still be
//          able to do is to take its orders back.
// Idea:    the time at which the client would be even (generic cell rate algorithm, ITU-T I.371): each message moves it on by one
//          message's share of a second. A message may pass while that time is less than a second ahead; a cancel, while it is less than
//          two. One number, no refilling.
// Must hold: a cancel is never refused before a new order would be; without a limit nothing is ever refused.
namespace Exchange.Gateway.Connections;

/// <summary>Counts one client's application messages against its limit per second.</summary>
internal struct MessageThrottle
{
    private const long SecondNs = 1_000_000_000;

    private long _shareNs;
    private long _evenAtNs;

    /// <summary>Whether there is a limit at all.</summary>
    public readonly bool IsLimited => _shareNs != 0;

    /// <summary>Sets the limit, 0 for none; what was counted stays counted.</summary>
    public void SetLimit(int messagesPerSecond) => _shareNs = messagesPerSecond <= 0 ? 0 : Math.Max(1, SecondNs / messagesPerSecond);

    /// <summary>Whether one more message may pass now.</summary>
    public readonly bool MayPass(long nowNs, bool isCancel) => _evenAtNs - nowNs <= (isCancel ? 2 * SecondNs : SecondNs) - _shareNs;

    /// <summary>Counts a message that has passed.</summary>
    public void Count(long nowNs) => _evenAtNs = Math.Max(_evenAtNs, nowNs) + _shareNs;
}
