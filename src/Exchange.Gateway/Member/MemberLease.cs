namespace Exchange.Gateway.Member;

// Problem: a leader that was suspended, or cut off from the other members, may have been deposed and cannot say so. Its clients must be
//          let go so that they find the new leader, and nothing more may be said to them here.
// Idea:    the member says every few milliseconds that it is alive. Silence for longer than the lease ends the attachment. Time in which
//          this gateway itself did not run proves nothing about the member, so each look counts for little; but a gateway that stood
//          still for much longer than a lease cannot know what happened meanwhile and gives up too.

/// <summary>How long a gateway believes in its member without hearing from it.</summary>
internal sealed class MemberLease
{
    private readonly long _lengthNs;
    private readonly long _lookMaxNs;
    private readonly long _ownPauseMaxNs;
    private long _silenceNs;
    private long _lastLookNs;

    /// <summary>Creates a lease of a length; zero never ends.</summary>
    public MemberLease(TimeSpan length)
    {
        _lengthNs = length.Ticks * TimeSpan.NanosecondsPerTick;
        _lookMaxNs = _lengthNs / 8;
        _ownPauseMaxNs = _lengthNs * 5 / 2;
    }

    /// <summary>An attachment begins.</summary>
    public void Begin(long nowNs)
    {
        _silenceNs = 0;
        _lastLookNs = nowNs;
    }

    /// <summary>The member was heard.</summary>
    public void Renew() => _silenceNs = 0;

    /// <summary>Whether the lease has ended; looked at in each duty cycle before anything else.</summary>
    public bool IsOver(long nowNs)
    {
        if (_lengthNs == 0)
        {
            return false;
        }

        long passedNs = nowNs - _lastLookNs;
        _lastLookNs = nowNs;
        _silenceNs += Math.Min(passedNs, _lookMaxNs);
        return _silenceNs > _lengthNs || passedNs > _ownPauseMaxNs;
    }
}
