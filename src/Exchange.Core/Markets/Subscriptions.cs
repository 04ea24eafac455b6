using Exchange.Core.Sessions;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Markets;

// A subscription belongs to a connection: whoever logs on again, also after a failover, asks again and is told how things stand, so that
// nobody trusts in a state that has changed while it was away. What a lost connection leaves behind is cleared away when the session
// subscribes next, and tells nobody anything meanwhile.
//
// Topics are numbers: that of an instrument, or the complement of that of a market group. What must hold: a session has at most CountMax
// topics; the subscribers of a topic stand in the order of their sessions.

/// <summary>Who wants to know what, bounded per session.</summary>
internal sealed class Subscriptions
{
    /// <summary>Most topics of one session.</summary>
    public const int CountMax = 1_024;

    private const int SubscribersUsual = 4;
    private const int TopicsUsual = 64;

    private readonly SessionTable _sessions;
    private readonly List<List<Subscriber>> _ofInstruments = [];
    private readonly List<List<Subscriber>> _ofGroups = [];
    private readonly List<SessionTopics> _ofSessions = [];

    /// <summary>Creates an empty list.</summary>
    public Subscriptions(SessionTable sessions) => _sessions = sessions;

    /// <summary>The topic of a market group.</summary>
    public static int TopicOf(MarketGroup group) => ~group.Id;

    /// <summary>Makes room for sessions and topics that have been defined since, so that a subscription itself allocates nothing, but where more come than usual.</summary>
    public void Prepare(MarketTable markets)
    {
        while (_ofSessions.Count < _sessions.Count)
        {
            _ofSessions.Add(new SessionTopics());
        }

        while (_ofInstruments.Count < markets.Count)
        {
            _ofInstruments.Add(new List<Subscriber>(SubscribersUsual));
        }

        while (_ofGroups.Count < markets.GroupCount)
        {
            _ofGroups.Add(new List<Subscriber>(SubscribersUsual));
        }
    }

    /// <summary>The subscribers of a topic in the order of their sessions.</summary>
    public List<Subscriber> Of(int topic) => topic >= 0 ? _ofInstruments[topic] : _ofGroups[~topic];

    /// <summary>Whether anybody subscribes to a topic, be it over a connection that is gone.</summary>
    public bool HasAny(int topic) => Of(topic).Count != 0;

    /// <summary>Whether a session still has the connection over which it subscribed.</summary>
    public bool IsLive(int sessionId) => _sessions[sessionId] is { IsLoggedOn: true, IsLogoutSent: false } session
        && IsSame(in _ofSessions[sessionId].Binding, in session.Binding);

    /// <summary>Adds a subscription or renames a known one; false when the session has as many as it may.</summary>
    public bool TryAdd(int sessionId, int topic, in Text40 requestId)
    {
        SessionTopics topics = _ofSessions[sessionId];
        if (!IsLive(sessionId))
        {
            Forget(sessionId, topics);
            topics.Binding = _sessions[sessionId].Binding;
        }

        bool isKnown = topics.Topics.Contains(topic);
        if (!isKnown && topics.Topics.Count == CountMax)
        {
            return false;
        }

        Remove(sessionId, topic);
        topics.Topics.Add(topic);
        Insert(topic, new Subscriber { SessionId = sessionId, RequestId = requestId });
        return true;
    }

    /// <summary>Ends a subscription, if there is one.</summary>
    public void Remove(int sessionId, int topic)
    {
        if (_ofSessions[sessionId].Topics.Remove(topic))
        {
            Of(topic).RemoveAt(IndexOf(Of(topic), sessionId));
        }
    }

    /// <summary>The place of the first subscriber whose session is not below the one given.</summary>
    public static int IndexOf(List<Subscriber> subscribers, int sessionId)
    {
        int low = 0;
        int high = subscribers.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (subscribers[middle].SessionId < sessionId)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Writes the subscriptions session by session.</summary>
    public void Save(SnapshotWriter writer)
    {
        for (int id = 0; id < _sessions.Count; id++)
        {
            SessionTopics topics = _ofSessions[id];
            writer.WriteInt64(topics.Topics.Count);
            if (topics.Topics.Count == 0)
            {
                continue;
            }

            writer.Write(in topics.Binding);
            foreach (int topic in topics.Topics)
            {
                List<Subscriber> subscribers = Of(topic);
                Text40 requestId = subscribers[IndexOf(subscribers, id)].RequestId;
                writer.WriteInt64(topic);
                writer.Write(in requestId);
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote, when sessions and markets are restored.</summary>
    /// <exception cref="InvalidDataException">A topic does not exist.</exception>
    public void Load(SnapshotReader reader, MarketTable markets)
    {
        Prepare(markets);
        for (int id = 0; id < _sessions.Count; id++)
        {
            int count = reader.ReadCount(CountMax, "number of subscriptions");
            SessionTopics topics = _ofSessions[id];
            topics.Binding = count == 0 ? default : reader.Read<ConnectionBinding>();
            for (int i = 0; i < count; i++)
            {
                long topic = reader.ReadInt64();
                if (topic >= markets.Count || topic < -markets.GroupCount)
                {
                    throw new InvalidDataException($"snapshot at byte {reader.Position}: session {id} subscribes to {topic}, which does not exist");
                }

                topics.Topics.Add((int)topic);
                Insert((int)topic, new Subscriber { SessionId = id, RequestId = reader.Read<Text40>() });
            }
        }
    }

    private static bool IsSame(in ConnectionBinding one, in ConnectionBinding other) =>
        one.ConnectionId == other.ConnectionId && one.GatewayId == other.GatewayId && one.GatewayIncarnation == other.GatewayIncarnation;

    private void Forget(int sessionId, SessionTopics topics)
    {
        foreach (int topic in topics.Topics)
        {
            Of(topic).RemoveAt(IndexOf(Of(topic), sessionId));
        }

        topics.Topics.Clear();
    }

    private void Insert(int topic, Subscriber subscriber)
    {
        List<Subscriber> subscribers = Of(topic);
        subscribers.Insert(IndexOf(subscribers, subscriber.SessionId), subscriber);
    }

    private sealed class SessionTopics
    {
        public readonly List<int> Topics = new(TopicsUsual);
        public ConnectionBinding Binding;
    }
}
