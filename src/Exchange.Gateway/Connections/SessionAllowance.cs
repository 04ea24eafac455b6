// What a session may send through this gateway, whichever connection it comes over: who reconnects has used up what it has used up.
//
//      messages    application messages, as the participant's definition says; cancels may be a second further ahead
//      upkeep      session messages, UserRequests, and messages that are invalid: each costs the log a command and the client gets an answer
//      resent      what we have asked the client to send again passes besides its limit of application messages. But what we ask for
//                  follows from numbers that the client names, so that this too is a budget and no right.
namespace Exchange.Gateway.Connections;

/// <summary>The limits of one session, and what is used up of them. One thread uses it.</summary>
internal sealed class SessionAllowance
{
    /// <summary>Messages that we asked for and that pass besides the limit: so many at once, and as many again in the course of <see cref="ResentPeriodNs"/>.</summary>
    public const int ResentMax = 10_000;

    /// <summary>An hour.</summary>
    public const long ResentPeriodNs = 3_600 * MessageThrottle.SecondNs;

    /// <summary>Session messages and invalid ones may come as many at once as the limit allows in ten seconds.</summary>
    public const long UpkeepAheadNs = 10 * MessageThrottle.SecondNs;

    private MessageThrottle _messages;
    private MessageThrottle _upkeep;
    private MessageThrottle _resent;

    /// <summary>Creates the allowance of a session that has sent nothing yet.</summary>
    /// <param name="upkeepPerSecond">See <see cref="GatewayOptions.SessionMessagesPerSecondMax"/>.</param>
    public SessionAllowance(int upkeepPerSecond)
    {
        _upkeep.SetLimit(upkeepPerSecond);
        _resent.SetLimit(ResentMax, ResentPeriodNs);
    }

    /// <summary>Whether application messages are limited.</summary>
    public bool IsLimited => _messages.IsLimited;

    /// <summary>Sets the limit of application messages a second, 0 for none.</summary>
    public void SetLimit(int messagesPerSecond) => _messages.SetLimit(messagesPerSecond);

    /// <summary>Whether one more application message may pass.</summary>
    public bool MaySend(long nowNs, bool isCancel) => _messages.MayPass(nowNs, isCancel ? 2 * MessageThrottle.SecondNs : MessageThrottle.SecondNs);

    /// <summary>Whether one more session message, or invalid one, may pass.</summary>
    public bool MayKeepUp(long nowNs) => _upkeep.MayPass(nowNs, UpkeepAheadNs);

    /// <summary>Whether one more message that we asked for may pass besides the limit.</summary>
    public bool MayResend(long nowNs) => _resent.MayPass(nowNs, ResentPeriodNs);

    /// <summary>Counts a message that is on its way.</summary>
    public void Count(MessageToll toll, long nowNs)
    {
        if ((toll & MessageToll.Message) != 0)
        {
            _messages.Count(nowNs);
        }

        if ((toll & MessageToll.Upkeep) != 0)
        {
            _upkeep.Count(nowNs);
        }

        if ((toll & MessageToll.Resent) != 0)
        {
            _resent.Count(nowNs);
        }
    }
}
