using System.Text;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Simulation.Network;

/// <summary>One life of a member's transport.</summary>
internal sealed class SimulatedPeerTransport : IPeerTransport
{
    private const int InFlightBytesMax = 4 << 20;
    private const long RefusedForNs = 10_000_000_000;
    private readonly PeerNetwork _network;
    private readonly int _box;
    private readonly Func<int, int> _boxOf;
    private readonly Queue<PeerArrival> _arrivals = new();
    private readonly Queue<(long Connection, byte[] Json)> _requests = new();
    private readonly Dictionary<long, Action<string, bool>> _operators = [];
    private readonly HashSet<int> _connected = [];
    private readonly List<(int Member, byte[] Message)> _outbox = [];
    private readonly Dictionary<int, byte[]> _claims = [];
    private readonly Action _wake;
    private readonly Dictionary<int, long> _removedNs = [];
    private HashSet<int> _members = [];
    private long _lastOperator;

    public SimulatedPeerTransport(PeerNetwork network, int box, PeerIdentity identity, Func<int, int> boxOf, Action wake)
    {
        _network = network;
        _box = box;
        _boxOf = boxOf;
        _wake = wake;
        Identity = identity;
    }

    public int MemberId => Identity.MemberId;

    public PeerIdentity Identity { get; }

    /// <summary>Changes a message before it leaves, or keeps it back (null); for planted bugs.</summary>
    public Func<int, byte[], byte[]?>? Tamper { get; set; }

    /// <summary>Told of each message that leaves: receiver, message.</summary>
    public Action<int, byte[]>? Said { get; set; }

    public bool Wants(SimulatedPeerTransport other) => _members.Contains(other.MemberId);

    /// <summary>Whether it was removed before this member's eyes, and a moment ago; anybody else of the cluster is let in.</summary>
    public bool Refuses(SimulatedPeerTransport other) => _removedNs.TryGetValue(other.MemberId, out long removedNs) && _network.World.NowNs - removedNs < RefusedForNs;

    public bool IsConnected(int memberId) => _connected.Contains(memberId);

    public bool TryClaim(int memberId, int length, out Span<byte> target)
    {
        target = default;
        if (!_connected.Contains(memberId) || _network.Link(_box, _boxOf(memberId)).InFlightBytes > InFlightBytesMax)
        {
            return false;
        }

        byte[] bytes = new byte[length];
        _claims[memberId] = bytes;
        target = bytes;
        return true;
    }

    public void Commit(int memberId, int length)
    {
        byte[] bytes = _claims[memberId];
        if (length > 0)
        {
            byte[]? message = bytes.Length == length ? bytes : bytes[..length];
            message = Tamper is null ? message : Tamper(memberId, message);
            if (message is not null)
            {
                Said?.Invoke(memberId, message);
                _outbox.Add((memberId, message));
            }
        }

        _claims.Remove(memberId);
    }

    public int Poll(IPeerHandler handler, long nowNs)
    {
        int count = 0;
        while (_arrivals.TryDequeue(out PeerArrival arrival))
        {
            count++;
            if (arrival.Identity is { } identity)
            {
                _connected.Add(arrival.MemberId);
                handler.OnConnected(in identity);
            }
            else if (arrival.Message is { } message)
            {
                handler.OnMessage(arrival.MemberId, message);
            }
            else if (_connected.Remove(arrival.MemberId))
            {
                handler.OnDisconnected(arrival.MemberId, arrival.IsProcessGone);
            }
        }

        while (_requests.TryDequeue(out (long Connection, byte[] Json) request))
        {
            count++;
            handler.OnAdminRequest(request.Connection, request.Json);
        }

        return count;
    }

    public int Flush()
    {
        foreach ((int member, byte[] message) in _outbox)
        {
            PeerLink link = _network.Link(_box, _boxOf(member));
            if (link.IsUpFor(_box))
            {
                link.Send(_box, message);
            }
        }

        int count = _outbox.Count;
        _outbox.Clear();
        return count;
    }

    public void SetMembers(ClusterConfiguration configuration)
    {
        HashSet<int> before = _members;
        _members = [.. configuration.Members.Select(static member => member.Id)];
        foreach (int removed in before.Except(_members))
        {
            _removedNs[removed] = _network.World.NowNs;
        }

        foreach (int member in _members)
        {
            _removedNs.Remove(member);
        }
    }

    public void Answer(long connection, ReadOnlySpan<byte> utf8Json, bool isLast)
    {
        if (_operators.TryGetValue(connection, out Action<string, bool>? answer))
        {
            answer(Encoding.UTF8.GetString(utf8Json), isLast);
            if (isLast)
            {
                _operators.Remove(connection);
            }
        }
    }

    /// <summary>An operator asks.</summary>
    public void Ask(string json, Action<string, bool> answer)
    {
        _operators.Add(++_lastOperator, answer);
        _requests.Enqueue((_lastOperator, Encoding.UTF8.GetBytes(json)));
        _wake();
    }

    public void Arrive(PeerArrival arrival)
    {
        _arrivals.Enqueue(arrival);
        _wake();
    }

    public void Dispose()
    {
    }
}
