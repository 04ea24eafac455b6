using Exchange.Protocol;

namespace Exchange.Cluster.Egress;

/// <summary>
/// How far one FIX session's messages have been handed to the gateway it is bound to. The history holds the messages, so a slow
/// gateway costs a number, not a queue: live messages go out directly while <see cref="NextToSend"/> keeps up, and from the history
/// when it does not; resends are ranges over the same history.
/// </summary>
internal sealed class SessionFeed
{
    /// <summary>Resend ranges kept; further ones are merged into the last.</summary>
    public const int ResendRangesMax = 8;

    private readonly ResendRange[] _resends = new ResendRange[ResendRangesMax];
    private int _resendCount;

    /// <summary>Creates an unbound feed.</summary>
    public SessionFeed(int sessionId) => SessionId = sessionId;

    /// <summary>Which session.</summary>
    public int SessionId { get; }

    /// <summary>Gateway of the binding; 0 when not bound.</summary>
    public int GatewayId { get; private set; }

    /// <summary>The gateway's life.</summary>
    public long GatewayIncarnation { get; private set; }

    /// <summary>Connection of the binding; 0 when not bound.</summary>
    public long ConnectionId { get; private set; }

    /// <summary>The next live sequence number to hand over.</summary>
    public long NextToSend { get; set; }

    /// <summary>Whether the feed is in the agent's list of feeds with work.</summary>
    public bool IsActive { get; set; }

    /// <summary>Set when the session was given up as a slow consumer: nothing more is fed until it is bound anew.</summary>
    public bool IsMuted { get; set; }

    /// <summary>Why the connection is to be closed once everything up to <see cref="CloseAfterSeqNum"/> is sent; None when it is not.</summary>
    public ReasonCode CloseReason { get; private set; }

    /// <summary>Whether a close is waiting.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Last sequence number to be sent before the close.</summary>
    public long CloseAfterSeqNum { get; private set; }

    /// <summary>Whether a range is being resent.</summary>
    public bool HasResend => _resendCount > 0;

    /// <summary>The range being resent; its next number moves on as it is sent.</summary>
    public ref ResendRange CurrentResend => ref _resends[0];

    /// <summary>Binds to a connection; everything from <paramref name="nextToSend"/> on is live.</summary>
    public void Bind(int gatewayId, long incarnation, long connectionId, long nextToSend)
    {
        GatewayId = gatewayId;
        GatewayIncarnation = incarnation;
        ConnectionId = connectionId;
        NextToSend = nextToSend;
        IsMuted = false;
        IsClosing = false;
        CloseReason = ReasonCode.None;
        _resendCount = 0;
    }

    /// <summary>Forgets the binding and what was still to do for it.</summary>
    public void Unbind() => Bind(0, 0, 0, 0);

    /// <summary>The numbers go on elsewhere: ranges of the old numbering mean nothing any more.</summary>
    public void Restart(long nextSeqNum)
    {
        NextToSend = nextSeqNum;
        _resendCount = 0;
    }

    /// <summary>Asks for the connection to be closed after a number.</summary>
    public void CloseAfter(long seqNum, ReasonCode reason)
    {
        IsClosing = true;
        CloseReason = reason;
        CloseAfterSeqNum = seqNum;
    }

    /// <summary>Adds a range to be resent behind those already asked for.</summary>
    public void AddResend(in ResendRange range)
    {
        if (_resendCount < ResendRangesMax)
        {
            _resends[_resendCount++] = range;
            return;
        }

        // A client that asks faster than it reads gets the union: nothing it asked for is left out, and nothing grows.
        ref ResendRange last = ref _resends[ResendRangesMax - 1];
        last.NextSeqNum = Math.Min(last.NextSeqNum, range.NextSeqNum);
        last.EndSeqNum = Math.Max(last.EndSeqNum, range.EndSeqNum);
        last.SendingTimeNs = range.SendingTimeNs;
    }

    /// <summary>The current range is done.</summary>
    public void CompleteResend()
    {
        _resendCount--;
        for (int i = 0; i < _resendCount; i++)
        {
            _resends[i] = _resends[i + 1];
        }
    }
}
