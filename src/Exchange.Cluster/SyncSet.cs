using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster;

/// <summary>
/// The followers with a state machine that are kept close: while one is in the set, ingress is paced so that it could take over at once.
/// One that lags for too long, or is gone, leaves the set, so that a sick spare does not stop the exchange, and comes back when it has caught up.
/// </summary>
internal sealed class SyncSet
{
    /// <summary>Ingress waits while a follower in the set lags by more than this many bytes of log.</summary>
    public const long LagBytesMax = 8 << 20;

    private const long PatienceNs = 1_000_000_000;
    private readonly MemberOptions _options;
    private readonly RaftNode _raft;
    private readonly IPeerTransport _transport;
    private readonly bool[] _isIn = new bool[256];
    private readonly long[] _goodSinceNs = new long[256];
    private long _reviewedNs;

    /// <summary>Creates an empty set.</summary>
    public SyncSet(MemberOptions options, RaftNode raft, IPeerTransport transport)
    {
        _options = options;
        _raft = raft;
        _transport = transport;
    }

    /// <summary>How far the slowest follower of the set is behind, bytes of log.</summary>
    public long LagBytes
    {
        get
        {
            long lag = 0;
            foreach (ClusterMember member in _raft.Configuration.Span)
            {
                if (_isIn[member.Id])
                {
                    lag = Math.Max(lag, Lag(member.Id));
                }
            }

            return lag;
        }
    }

    /// <summary>Whether a member is in the set.</summary>
    public bool Contains(int memberId) => (uint)memberId < (uint)_isIn.Length && _isIn[memberId];

    /// <summary>A term begins: nobody is in the set before it has caught up.</summary>
    public void BeginTerm(long nowNs)
    {
        Array.Clear(_isIn);
        Array.Fill(_goodSinceNs, nowNs);
        _reviewedNs = nowNs;
    }

    /// <summary>Looks who belongs in the set now; returns one change, if there is any.</summary>
    public SyncSetChange? Review(long nowNs)
    {
        // Whoever reviews late may have stood still itself: only time it has watched counts against a follower.
        long unseenNs = Math.Max(0, nowNs - _reviewedNs - 50_000_000);
        _reviewedNs = nowNs;
        for (int id = 0; unseenNs > 0 && id < _goodSinceNs.Length; id++)
        {
            _goodSinceNs[id] += unseenNs;
        }

        foreach (ClusterMember member in _raft.Configuration.Span)
        {
            if (member.Kind != MemberKind.Engine || member.Id == _options.Id)
            {
                _isIn[member.Id] = false;
                continue;
            }

            bool isConnected = _transport.IsConnected(member.Id) && !(_raft.TryGetProgress(member.Id, out FollowerProgress progress) && progress.IsRecovering);
            long lag = isConnected ? Lag(member.Id) : long.MaxValue;
            if (lag <= LagBytesMax / 2)
            {
                _goodSinceNs[member.Id] = nowNs;
                if (!_isIn[member.Id])
                {
                    _isIn[member.Id] = true;
                    return new SyncSetChange(member.Id, HasJoined: true, "it has caught up");
                }
            }
            else if (_isIn[member.Id] && (!isConnected || nowNs - _goodSinceNs[member.Id] > PatienceNs))
            {
                _isIn[member.Id] = false;
                return new SyncSetChange(member.Id, HasJoined: false, isConnected ? $"it lags by {lag} bytes" : "it is not connected, or recovering");
            }
        }

        return null;
    }

    private long Lag(int memberId) => _raft.TryGetProgress(memberId, out FollowerProgress progress) ? Math.Max(0, _raft.AppliedPosition - progress.Applied) : long.MaxValue;
}
