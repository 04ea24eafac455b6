using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Cluster.Gateways;
using Exchange.Log.History;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Egress;

/// <summary>
/// Carries committed events out: into the outbound history, and to each gateway at that gateway's pace.
/// <para>
/// The core must never wait for a gateway, and a slow gateway must not cost memory. So every sequenced event is first written to the
/// session's history; it is offered to the gateway at once if the session has nothing older waiting, and otherwise read back from the
/// history when the gateway has room again. A resend is a second cursor over the same history. What must hold: a session's messages reach
/// its gateway in sequence, each once as live; a close comes behind them; nothing is offered that is not in the history.
/// </para>
/// </summary>
internal sealed class EgressAgent
{
    private const int LivePerTurn = 256;
    private const int ResendPerTurn = 64;
    private readonly MessageHistory _history;
    private readonly HistoryMarks _marks;
    private readonly GatewayLinks _links;
    private readonly int _feedLagMax;
    private readonly byte[] _scratch = new byte[8192];
    private SessionFeed[] _feeds = [];
    private SessionFeed[] _active = new SessionFeed[64];
    private int _activeCount;

    /// <summary>Creates the agent over a recovered history.</summary>
    public EgressAgent(MessageHistory history, HistoryMarks marks, GatewayLinks links, int feedLagMax)
    {
        _history = history;
        _marks = marks;
        _links = links;
        _feedLagMax = feedLagMax;
    }

    /// <summary>Sessions dropped because their gateway did not keep up.</summary>
    public long SlowConsumersDropped { get; private set; }

    /// <summary>Log time of the first report that went to a client directly since this member began to lead; 0 before.</summary>
    public long FirstReportTimeNs { get; private set; }

    /// <summary>Log time of the last report that went to a client directly; 0 before.</summary>
    public long LastReportTimeNs { get; private set; }

    /// <summary>Messages sent again.</summary>
    public long Resent { get; private set; }

    /// <summary>Carries out every event of a command and empties the buffer.</summary>
    public void Deliver(EventBuffer events)
    {
        long offset = 0;
        while (events.TryRead(ref offset, out ReadOnlySpan<byte> record))
        {
            Deliver(record);
        }

        events.Clear();
    }

    /// <summary>Feeds sessions that lag, resends and waiting closes; returns how many events were handed over.</summary>
    public int DoWork()
    {
        int work = 0;
        for (int i = 1; i <= GatewayLinks.GatewayIdMax; i++)
        {
            GatewayLink? link = _links[i];
            if (link is not null && !link.Control.IsEmpty)
            {
                work += link.DrainControl();
            }
        }

        for (int i = _activeCount - 1; i >= 0; i--)
        {
            SessionFeed feed = _active[i];
            work += Feed(feed, out bool done);
            if (done)
            {
                feed.IsActive = false;
                _active[i] = _active[--_activeCount];
            }
        }

        return work;
    }

    /// <summary>This member begins to lead.</summary>
    public void BeginTerm() => FirstReportTimeNs = 0;

    /// <summary>Forgets what was being fed to a gateway that is gone.</summary>
    public void GatewayGone(GatewayLink link)
    {
        foreach (SessionFeed feed in _feeds)
        {
            if (feed.GatewayId == link.GatewayId && feed.GatewayIncarnation == link.Incarnation)
            {
                feed.Unbind();
            }
        }
    }

    private void Deliver(ReadOnlySpan<byte> record)
    {
        ref readonly EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(record);
        _marks.Note(record);
        if (header.MsgSeqNum > 0)
        {
            DeliverSequenced(record, header);
            return;
        }

        switch (header.Type)
        {
            case EventType.HistoryReset:
                EndNumbering(FeedOf(header.SessionId));
                _history.Reset(header.SessionId);
                FeedOf(header.SessionId).Restart(1);
                break;
            case EventType.HistoryStart:
                EndNumbering(FeedOf(header.SessionId));
                _history.StartAt(header.SessionId, _marks.Epoch(header.SessionId), _marks.NextSeqNum(header.SessionId));
                FeedOf(header.SessionId).Restart(_marks.NextSeqNum(header.SessionId));
                break;
            case EventType.ResendRange:
                StartResend(record, header);
                break;
            case EventType.CloseConnection:
                StartClose(record, header);
                break;
            default:
                SendControl(record, header);
                break;
        }
    }

    private void DeliverSequenced(ReadOnlySpan<byte> record, in EventHeader header)
    {
        _history.Append(header.SessionId, header.MsgSeqNum, record);
        SessionFeed feed = FeedOf(header.SessionId);
        if (feed.ConnectionId != header.ConnectionId || feed.GatewayIncarnation != header.GatewayIncarnation)
        {
            Rebind(feed, header);
        }

        if (feed.ConnectionId == 0 || feed.IsMuted)
        {
            return;
        }

        if (feed.NextToSend == header.MsgSeqNum
            && _links.TryFind(feed.GatewayId, feed.GatewayIncarnation, out GatewayLink? link)
            && link.TryOffer(record))
        {
            feed.NextToSend = header.MsgSeqNum + 1;
            if (header.Type == EventType.ExecutionReport)
            {
                LastReportTimeNs = header.SendingTimeNs;
                FirstReportTimeNs = FirstReportTimeNs == 0 ? header.SendingTimeNs : FirstReportTimeNs;
            }

            return;
        }

        FellBehind(feed, header.MsgSeqNum);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Rebind(SessionFeed feed, in EventHeader header)
    {
        if (feed.IsClosing)
        {
            // The old connection was to be closed after its last message; it will not get that message any more.
            SendClose(feed);
        }

        if (header.ConnectionId == 0 || !_links.TryFind(header.GatewayId, header.GatewayIncarnation, out _))
        {
            feed.Unbind();
        }
        else
        {
            feed.Bind(header.GatewayId, header.GatewayIncarnation, header.ConnectionId, header.MsgSeqNum);
        }
    }

    /// <summary>A connection that was to be closed after a number of the old numbering is closed now: that number would never come in the new one.</summary>
    private void EndNumbering(SessionFeed feed)
    {
        if (feed.IsClosing)
        {
            SendClose(feed);
            feed.Unbind();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FellBehind(SessionFeed feed, long newestSeqNum)
    {
        if (newestSeqNum - feed.NextToSend > _feedLagMax)
        {
            feed.IsMuted = true;
            feed.CloseAfter(0, ReasonCode.SlowConsumer);
            SlowConsumersDropped++;
        }

        Activate(feed);
    }

    private void StartResend(ReadOnlySpan<byte> record, in EventHeader header)
    {
        SessionFeed feed = FeedOf(header.SessionId);
        if (feed.ConnectionId != header.ConnectionId || feed.GatewayIncarnation != header.GatewayIncarnation || feed.ConnectionId == 0)
        {
            return;
        }

        // What a lagging feed has not sent yet is still to come as live: sent here, it would come twice, the second time unmarked.
        ref readonly RangeEvent range = ref MemoryMarshal.AsRef<RangeEvent>(record);
        long end = Math.Min(range.EndSeqNo, feed.NextToSend - 1);
        if (end < range.BeginSeqNo)
        {
            return;
        }

        feed.AddResend(new ResendRange
        {
            NextSeqNum = range.BeginSeqNo,
            EndSeqNum = end,
            SendingTimeNs = header.SendingTimeNs,
            LogPosition = header.LogPosition,
        });
        Activate(feed);

        // The first part goes out at once: a question of ours may be the next event, and the client's was there first (case 20).
        if (!feed.IsMuted && _links.TryFind(feed.GatewayId, feed.GatewayIncarnation, out GatewayLink? link))
        {
            FeedResend(feed, link);
        }
    }

    private void StartClose(ReadOnlySpan<byte> record, in EventHeader header)
    {
        if (header.SessionId >= 0)
        {
            SessionFeed feed = FeedOf(header.SessionId);
            if (feed.ConnectionId == header.ConnectionId && feed.GatewayIncarnation == header.GatewayIncarnation)
            {
                feed.CloseAfter(_marks.NextSeqNum(header.SessionId) - 1, MemoryMarshal.AsRef<CloseConnectionEvent>(record).Reason);
                Activate(feed);
                return;
            }
        }

        SendControl(record, header);
    }

    private void SendControl(ReadOnlySpan<byte> record, in EventHeader header)
    {
        if (_links.TryFind(header.GatewayId, header.GatewayIncarnation, out GatewayLink? link))
        {
            link.OfferOrQueue(record);
        }
    }

    /// <summary>Hands over what one session has waiting, within the bounds of a turn.</summary>
    private int Feed(SessionFeed feed, out bool done)
    {
        if (feed.ConnectionId == 0 || !_links.TryFind(feed.GatewayId, feed.GatewayIncarnation, out GatewayLink? link))
        {
            feed.Unbind();
            done = true;
            return 0;
        }

        int work = 0;
        if (!feed.IsMuted)
        {
            work += FeedLive(feed, link);
            work += FeedResend(feed, link);
        }

        if (feed.IsClosing && (feed.IsMuted || (feed.NextToSend > feed.CloseAfterSeqNum && !feed.HasResend)))
        {
            SendClose(feed);
            feed.Unbind();
            done = true;
            return work + 1;
        }

        done = feed.NextToSend >= _marks.NextSeqNum(feed.SessionId) && !feed.HasResend && !feed.IsClosing;
        return work;
    }

    private int FeedLive(SessionFeed feed, GatewayLink link)
    {
        int count = 0;
        long next = _marks.NextSeqNum(feed.SessionId);
        while (count < LivePerTurn && feed.NextToSend < next)
        {
            if (!_history.TryRead(feed.SessionId, feed.NextToSend, out ReadOnlySpan<byte> record))
            {
                // Not kept any more: the client will see the gap and ask, and is answered by a gap fill.
                feed.NextToSend++;
                continue;
            }

            if (!link.TryOffer(record))
            {
                break;
            }

            feed.NextToSend++;
            count++;
        }

        return count;
    }

    private int FeedResend(SessionFeed feed, GatewayLink link)
    {
        int count = 0;
        while (feed.HasResend && count < ResendPerTurn)
        {
            ref ResendRange range = ref feed.CurrentResend;
            if (range.NextSeqNum > range.EndSeqNum)
            {
                if (range.GapFromSeqNum != 0 && !OfferGapFill(feed, link, ref range))
                {
                    break;
                }

                feed.CompleteResend();
                continue;
            }

            count++;
            bool kept = _history.TryRead(feed.SessionId, range.NextSeqNum, out ReadOnlySpan<byte> record);
            if (!kept || !IsResent(record))
            {
                range.GapFromSeqNum = range.GapFromSeqNum == 0 ? range.NextSeqNum : range.GapFromSeqNum;
                range.NextSeqNum++;
                continue;
            }

            if ((range.GapFromSeqNum != 0 && !OfferGapFill(feed, link, ref range)) || !OfferAgain(feed, link, record, range))
            {
                break;
            }

            range.NextSeqNum++;
            Resent++;
        }

        return count;
    }

    // Everything but what keeps the session itself going.
    private static bool IsResent(ReadOnlySpan<byte> record) =>
        MemoryMarshal.AsRef<EventHeader>(record).Type is EventType.Reject or EventType.BusinessReject or EventType.UserResponse or (>= EventType.ExecutionReport and <= EventType.MassActionReport);

    private bool OfferAgain(SessionFeed feed, GatewayLink link, ReadOnlySpan<byte> record, in ResendRange range)
    {
        Span<byte> copy = _scratch.AsSpan(0, record.Length);
        record.CopyTo(copy);
        ref EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(copy);
        header.Flags |= EventFlags.PossDup;
        header.OrigSendingTimeNs = header.SendingTimeNs;
        header.SendingTimeNs = range.SendingTimeNs;
        Address(ref header, feed);
        return link.TryOffer(copy);
    }

    private static bool OfferGapFill(SessionFeed feed, GatewayLink link, ref ResendRange range)
    {
        RangeEvent fill = default;
        fill.Header.Type = EventType.GapFill;
        fill.Header.Length = RangeEvent.SizeBytes;
        fill.Header.Flags = EventFlags.PossDup;
        fill.Header.LogPosition = range.LogPosition;
        fill.Header.SendingTimeNs = range.SendingTimeNs;
        fill.Header.OrigSendingTimeNs = range.SendingTimeNs;
        fill.Header.MsgSeqNum = range.GapFromSeqNum;
        fill.Header.SessionId = feed.SessionId;
        Address(ref fill.Header, feed);
        fill.BeginSeqNo = range.GapFromSeqNum;
        fill.EndSeqNo = range.NextSeqNum;
        if (!link.TryOffer(MemoryMarshal.AsBytes(new ReadOnlySpan<RangeEvent>(in fill))))
        {
            return false;
        }

        range.GapFromSeqNum = 0;
        return true;
    }

    private void SendClose(SessionFeed feed)
    {
        if (!_links.TryFind(feed.GatewayId, feed.GatewayIncarnation, out GatewayLink? link))
        {
            return;
        }

        CloseConnectionEvent close = default;
        close.Header.Type = EventType.CloseConnection;
        close.Header.Length = CloseConnectionEvent.SizeBytes;
        close.Header.SessionId = feed.SessionId;
        Address(ref close.Header, feed);
        close.Reason = feed.CloseReason;
        link.OfferOrQueue(MemoryMarshal.AsBytes(new ReadOnlySpan<CloseConnectionEvent>(in close)));
    }

    private static void Address(ref EventHeader header, SessionFeed feed)
    {
        header.ConnectionId = feed.ConnectionId;
        header.GatewayId = feed.GatewayId;
        header.GatewayIncarnation = feed.GatewayIncarnation;
    }

    private void Activate(SessionFeed feed)
    {
        if (feed.IsActive)
        {
            return;
        }

        feed.IsActive = true;
        if (_activeCount == _active.Length)
        {
            Array.Resize(ref _active, _active.Length * 2);
        }

        _active[_activeCount++] = feed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SessionFeed FeedOf(int sessionId) => (uint)sessionId < (uint)_feeds.Length ? _feeds[sessionId] : AddFeeds(sessionId);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SessionFeed AddFeeds(int sessionId)
    {
        Invariant.Require(sessionId >= 0);
        int old = _feeds.Length;
        Array.Resize(ref _feeds, Math.Max(sessionId + 1, old * 2));
        for (int i = old; i < _feeds.Length; i++)
        {
            _feeds[i] = new SessionFeed(i);
        }

        return _feeds[sessionId];
    }
}
