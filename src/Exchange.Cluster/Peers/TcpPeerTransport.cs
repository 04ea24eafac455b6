// Problem: members exchange some hundred thousand messages a second, on the thread that also sequences, applies and answers, and each hop
//          of a commit is part of what a client waits for.
// Idea:    one non-blocking TCP connection per pair of members, polled by the member's own thread. The member with the higher id dials, so
//          that there is one connection and no race; the other one dials too when nothing comes for a second, since a member that was
//          away may not know the one it should dial. For the same reason a member that is not known is let in. Messages are written into a ring per member and handed over with one system call per
//          flush; one read brings many, and each is handed on as a span. Framing, handshake and rings know nothing of sockets.
// Must hold: no thread, no lock, no allocation per message. Whoever is not authenticated costs one of a fixed number of places for a limited
//          time and reaches nothing. The handler hears OnConnected and OnDisconnected of a member in turn, and messages only in between; a
//          second OnDisconnected tells that a member that had only fallen silent is gone. Nothing is closed while the handler runs, so a
//          span in its hands stays what it is. Authentication covers the handshake, CRC-32C guards what follows (PeerHandshake, decision 0007).
using System.Net;
using System.Security.Cryptography;
using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Peers;

/// <summary>Peer messages over TCP. All of it, but for waking the poller, belongs to one thread.</summary>
public sealed partial class TcpPeerTransport : IPeerTransport, IPeerJudge
{
    private const int OperatorsMax = 8;
    private const int Backlog = 64;
    private const ulong ListenerTag = 0;

    private readonly TcpPeerOptions _options;
    private readonly ChangeLog _log;
    private readonly Guid _life = NewLife();
    private readonly PeerConnection[] _connections;
    private readonly PeerChannel?[] _byId = new PeerChannel?[256];
    private readonly PeerConnection?[] _operators = new PeerConnection?[OperatorsMax];
    private readonly SendRing?[] _operatorRings = new SendRing?[OperatorsMax];
    private readonly ReceiveBuffer?[] _operatorInbounds = new ReceiveBuffer?[OperatorsMax];
    private readonly int _listener;
    private PeerChannel[] _channels = [];
    private PeerIdentity _identity;
    private ClusterConfiguration? _configuration;
    private ClusterConfiguration? _nextConfiguration;
    private IPeerHandler _handler = null!;
    private long _nowNs = 1;
    private long _nextDutyNs;
    private int _messages;
    private bool _isDisposed;

    /// <summary>Listens. Nothing is dialled before <see cref="SetMembers"/>.</summary>
    /// <exception cref="MemberFailedException">The address cannot be listened on.</exception>
    public TcpPeerTransport(TcpPeerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Key.Length != PeerHandshake.KeyBytes)
        {
            throw new ArgumentException($"the cluster key has {options.Key.Length} bytes, it must have {PeerHandshake.KeyBytes}", nameof(options));
        }

        _options = options;
        _identity = options.Identity;
        _log = new ChangeLog(options.Log);
        Poller = new PeerPoller();

        // Handshakes accepted; members dialled, connected and parted with; operators.
        _connections = new PeerConnection[Math.Min(256, options.HandshakesMax + (4 * ClusterConfiguration.MembersMax) + OperatorsMax)];
        for (int i = 0; i < _connections.Length; i++)
        {
            _connections[i] = new PeerConnection(i, options.Key.Span);
        }

        _listener = PeerSockets.Listen(options.ListenEndPoint.Serialize(), Backlog);
        if (_listener < 0)
        {
            Poller.Dispose();
            throw new MemberFailedException(DescribeListenError(options.ListenEndPoint, -_listener));
        }

        LocalEndPoint = PeerSockets.LocalEndPoint(_listener, options.ListenEndPoint.AddressFamily);
        Poller.Add(_listener, PeerSockets.EpollIn, ListenerTag);
    }

    /// <summary>Where members and operators reach this member.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>What the member's thread sleeps on.</summary>
    public PeerPoller Poller { get; }

    /// <summary>Identity of this member's log, once it has one; what the next handshakes say.</summary>
    public Guid HistoryId
    {
        get => _identity.HistoryId;
        set => _identity = _identity with { HistoryId = value };
    }

    /// <summary>Connections that turned out to be nobody of this cluster.</summary>
    public long ForeignConnections { get; private set; }

    /// <summary>Connections refused, by either side.</summary>
    public long RefusedConnections { get; private set; }

    /// <summary>Connections of members or operators closed because of what they sent.</summary>
    public long MalformedFrames { get; private set; }

    /// <inheritdoc/>
    public bool IsConnected(int memberId) => Channel(memberId)?.Connection is not null;

    /// <inheritdoc/>
    public bool TryClaim(int memberId, int length, out Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)IPeerTransport.MessageBytesMax, nameof(length));
        PeerChannel? channel = Channel(memberId);
        if (channel?.Connection is null)
        {
            target = default;
            return false;
        }

        if (channel.Ring.TryClaim(length, out target))
        {
            channel.FullSinceNs = 0;
            return true;
        }

        if (channel.FullSinceNs == 0)
        {
            channel.FullSinceNs = _nowNs;
        }

        return false;
    }

    /// <inheritdoc/>
    public void Commit(int memberId, int length)
    {
        if (Channel(memberId) is not { Connection: not null } channel)
        {
            return;
        }

        if (length == 0)
        {
            channel.Ring.Abandon();
        }
        else
        {
            channel.Ring.Commit(PeerFrameKind.Message, length);
        }
    }

    /// <inheritdoc/>
    public int Poll(IPeerHandler handler, long nowNs)
    {
        _handler = handler;
        _nowNs = Math.Max(1, nowNs);
        _messages = 0;
        if (_nextConfiguration is not null)
        {
            Apply(_nextConfiguration);
        }

        int ready = Poller.Ask();
        for (int i = 0; i < ready; i++)
        {
            if (!Poller.Ready(i, out ulong tag))
            {
                continue;
            }

            if (tag == ListenerTag)
            {
                AcceptPending();
            }
            else if (_connections[(byte)tag] is PeerConnection connection && connection.Tag == tag)
            {
                Serve(connection);
            }
        }

        if (_nowNs >= _nextDutyNs)
        {
            DoDuties();
        }

        return _messages;
    }

    /// <inheritdoc/>
    public int Flush()
    {
        int progressed = 0;
        foreach (PeerChannel channel in _channels)
        {
            if (channel.Connection is PeerConnection connection && !channel.Ring.IsEmpty && !connection.IsBlocked)
            {
                progressed += Send(connection);
            }
        }

        foreach (PeerConnection? connection in _operators)
        {
            if (connection is { IsBlocked: false } && !connection.Ring.IsEmpty)
            {
                progressed += Send(connection);
            }
        }

        return progressed;
    }

    /// <inheritdoc/>
    public void SetMembers(ClusterConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);

        // May be called by the handler; who has to go is told in the next turn.
        _nextConfiguration = configuration;
        _nextDutyNs = 0;
    }

    /// <inheritdoc/>
    public void Answer(long connection, ReadOnlySpan<byte> utf8Json, bool isLast)
    {
        PeerConnection? to = Array.Find(_operators, candidate => candidate is not null && (long)candidate.Tag == connection);
        if (to is null || to.IsDoomed)
        {
            return;
        }

        // An operator that does not read its progress is no operator.
        to.IsDoomed = utf8Json.Length > IPeerTransport.MessageBytesMax || !to.Ring.TryWrite(isLast ? PeerFrameKind.AdminAnswer : PeerFrameKind.AdminProgress, utf8Json);
    }

    /// <summary>Sleeps until something arrives or the time is over, for a member without an idle strategy; returns whether something did.</summary>
    public bool WaitForInput(TimeSpan timeout) => Poller.WaitForInput((long)timeout.TotalNanoseconds);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        foreach (PeerConnection connection in _connections)
        {
            if (connection.Stage != PeerConnectionStage.Free)
            {
                connection.Close();
            }
        }

        _ = PeerSockets.Close(_listener);
        Poller.Dispose();
    }

    private static Guid NewLife()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return new Guid(bytes);
    }

    private static string DescribeListenError(IPEndPoint endPoint, int error) => error switch
    {
        98 => $"peer address {endPoint} is in use: stop the process that listens there or choose another one in cluster.yaml",
        13 => $"peer address {endPoint} may not be bound by this user: choose a port above 1023 in cluster.yaml",
        99 => $"peer address {endPoint} is not one of this machine: correct it in cluster.yaml",
        _ => $"peer address {endPoint} cannot be listened on: error {error}",
    };

    private PeerChannel? Channel(int memberId) => (uint)memberId < (uint)_byId.Length ? _byId[memberId] : null;
}
