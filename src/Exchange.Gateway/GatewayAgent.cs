// Problem: many FIX connections, one member, one thread. The client that is slow, hostile or gone must not be noticed by its neighbours, and
//          a member that dies must take all of them down at once, because only the next leader may speak to them.
// Idea:    this agent is the place where the parts meet, each of which is simple for not knowing the others: the link to the member, the
//          transport, the connections' logic, the password worker. A duty cycle hands time, events, results and bytes around:
//
//              member --events--> connections --bytes--> transport --> clients
//              member <--commands-- connections <--bytes-- transport <-- clients
//
// Must hold: one thread calls it. While the link is not ready no client is served. An event reaches the connection it names or nobody.
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Exchange.Gateway.Authentication;
using Exchange.Gateway.Connections;
using Exchange.Gateway.Member;
using Exchange.Gateway.Transport;
using Exchange.Ipc.Agents;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Gateway;

/// <summary>The gateway as an agent: FIX clients on one side, a member on the other.</summary>
public sealed class GatewayAgent : IAgent, ITransportOwner, IEgressHandler, IDisposable
{
    private const long TickNs = 10_000_000;

    private readonly GatewayOptions _options;
    private readonly GatewayClock _clock;
    private readonly CloseLog _log;
    private readonly ConnectionContext _context;
    private readonly ConnectionTable _table;
    private readonly IConnectionTransport _transport;
    private readonly IAuthenticator _authenticator;
    private readonly LogonThrottle _throttle;
    private readonly IMemberLink _link;
    private readonly MemberLease _lease;
    private readonly FixConnection[] _flushQueue;
    private int _flushCount;
    private long _nextTickNs;
    private long _lastConnectionId;
    private long _unattachedSinceNs;
    private GatewayTime _now;
    private volatile bool _isReady;
    private bool _isDisposed;

    /// <summary>Binds the FIX port and starts the password worker; nothing else happens before <see cref="DoWork"/>.</summary>
    /// <exception cref="GatewayListenException">The port cannot be listened on; the message says why in one line.</exception>
    public GatewayAgent(GatewayOptions options, IGatewayLog? log = null, GatewayClock? clock = null)
        : this(options, log ?? NoGatewayLog.Instance, clock ?? GatewayClock.System, new WakeSignal())
    {
    }

    /// <summary>Puts a gateway together from parts that are given: what carries its bytes, checks its passwords and attaches it may be simulated.</summary>
    internal GatewayAgent(
        GatewayOptions options,
        IGatewayLog log,
        GatewayClock clock,
        WakeSignal signal,
        IConnectionTransport transport,
        IAuthenticator authenticator,
        IMemberLink link)
    {
        _options = options;
        _clock = clock;
        Signal = signal;
        _log = new CloseLog(log, options.CloseLinesPerSecondMax);
        _context = new ConnectionContext(options, Counters);
        _table = new ConnectionTable(options.ConnectionsMax, _context);
        _flushQueue = new FixConnection[options.ConnectionsMax];
        _transport = transport;
        _throttle = new LogonThrottle(options.LogonFailureBurst, options.LogonFailureRefill.Ticks * 100, options.ConnectionsMax);
        _authenticator = authenticator;
        _link = link;
        _lease = new MemberLease(options.MemberLease);
        _unattachedSinceNs = _clock.MonotonicNs;
    }

    private GatewayAgent(GatewayOptions options, IGatewayLog log, GatewayClock clock, WakeSignal signal)
        : this(
            options,
            log,
            clock,
            signal,
            Listen(options, signal, log),
            new Authenticator(options.AuthenticationQueueMax, sessionsRememberedMax: 65_536, signal),
            new MemberLink(options))
    {
    }

    /// <inheritdoc/>
    public string RoleName => string.Create(CultureInfo.InvariantCulture, $"gateway-{_options.GatewayId}");

    /// <summary>Where FIX clients connect, with the real port.</summary>
    public IPEndPoint FixEndPoint => _transport.LocalEndPoint;

    /// <summary>Where FIX clients connect with TLS, with the real port; null when they cannot.</summary>
    public IPEndPoint? TlsEndPoint => _transport.TlsEndPoint;

    /// <summary>Whether clients are served: the gateway is attached to a member and knows its participants. May be read from any thread.</summary>
    public bool IsReady => _isReady;

    /// <summary>What has happened so far. May be read from any thread.</summary>
    public GatewayCounters Counters { get; } = new();

    /// <summary>Ends a sleep of the agent's thread; see <see cref="GatewayIdleStrategy"/>.</summary>
    public WakeSignal Signal { get; }

    /// <inheritdoc/>
    public void OnStart() => LinuxThread.RequestPreciseSleep();

    /// <inheritdoc/>
    public int DoWork()
    {
        _now = new GatewayTime(_clock.MonotonicNs, _clock.UnixNs);
        int work = AttendLink();
        if (_link.IsAttached)
        {
            work += _link.PollEgress(this, _options.EgressFragmentLimit);
        }

        work += TakePasswordResults();
        if (_now.MonotonicNs >= _nextTickNs)
        {
            Tick();
        }

        if (_context.AttentionNeeded)
        {
            AttendConnections();
        }

        work += FlushConnections();
        return work + _transport.DoWork(this);
    }

    /// <inheritdoc/>
    public void OnClose() => Dispose();

    /// <summary>Closes all connections, the port and the link. The member notices the end of the link and unbinds the sessions.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _isReady = false;
        for (int i = 0; i < _table.ActiveCount; i++)
        {
            _table.Active(i).Close(CloseReason.GatewayStopping, in _now);
        }

        _context.AttentionNeeded = true;
        AttendConnections();
        _transport.Dispose();
        _link.Dispose();
        _authenticator.Dispose();
        Signal.Dispose();
    }

    bool ITransportOwner.TakesConnections => _isReady || _now.MonotonicNs - _unattachedSinceNs > _options.UnattachedPatience.Ticks * TimeSpan.NanosecondsPerTick;

    FixConnection? ITransportOwner.Accept(IPEndPoint? remoteEndPoint, string[]? certificateNames)
    {
        if (!_isReady)
        {
            Counters.Refused();
            _log.Refused(remoteEndPoint, "the exchange is not ready", in _now);
            return null;
        }

        if (remoteEndPoint is not null && !_throttle.MayTry(remoteEndPoint.Address, _now.MonotonicNs))
        {
            Counters.LogonThrottled();
            _log.Refused(remoteEndPoint, "too many failed logons from this address", in _now);
            return null;
        }

        if (!MakeRoom(remoteEndPoint) || !_table.TryRent(out FixConnection? connection))
        {
            Counters.Refused();
            _log.Refused(remoteEndPoint, "too many connections", in _now);
            return null;
        }

        connection.Open(++_lastConnectionId, remoteEndPoint, in _now, certificateNames);
        _table.Register(connection);
        Counters.Accepted();
        return connection;
    }

    int ITransportOwner.Receive(FixConnection connection, Span<byte> bytes) => connection.Receive(bytes, in _now, ref _link.Ingress);

    void ITransportOwner.Disconnected(FixConnection connection, CloseReason reason) => connection.Close(reason, in _now);

    void IEgressHandler.OnEgress(ReadOnlySpan<byte> record, int egressSessionId)
    {
        Invariant.Require(record.Length >= EventHeader.SizeBytes);
        ref readonly EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(record);
        Invariant.Require(header.Length >= EventHeader.SizeBytes && header.Length <= record.Length);
        if (header.GatewayIncarnation != _context.Incarnation || header.GatewayId != _context.GatewayId)
        {
            // An earlier life of this gateway was meant.
            Counters.EventForNobody();
            return;
        }

        record = record[..header.Length];
        switch (header.Type)
        {
            case EventType.Participant:
                DefineParticipant(header.SessionId, in MemoryMarshal.AsRef<ParticipantEvent>(record).Definition);
                break;
            case EventType.Instrument:
                ref readonly InstrumentEvent instrument = ref MemoryMarshal.AsRef<InstrumentEvent>(record);
                _context.Instruments.Set(instrument.InstrumentId, in instrument.Definition);
                break;
            case EventType.MemberAlive:
                _lease.Renew();
                break;
            case EventType.GatewayReady:
                BecomeReady(MemoryMarshal.AsRef<GatewayReadyEvent>(record).LeadershipTerm, egressSessionId);
                break;
            default:
                OnConnectionEvent(record, header.ConnectionId);
                break;
        }
    }

    /// <summary>Keeps connections without a Logon from taking all places.</summary>
    /// <returns>False when the one that has come must go.</returns>
    private bool MakeRoom(IPEndPoint? remoteEndPoint)
    {
        int count = _table.CountBeforeLogon(ClientNetwork.Of(remoteEndPoint?.Address), out int ofNetwork, out FixConnection? silent);
        if (ofNetwork >= _options.ConnectionsBeforeLogonPerAddressMax)
        {
            return false;
        }

        bool isCrowded = count >= _options.ConnectionsBeforeLogonMax;
        if (isCrowded || _table.IsFull)
        {
            // Its place is free in the next duty cycle.
            silent?.Close(CloseReason.CrowdedOut, in _now);
        }

        return !isCrowded || silent is not null;
    }

    private void DefineParticipant(int sessionId, in DefineParticipantCommand definition)
    {
        if (!_context.Directory.Define(sessionId, in definition))
        {
            _log.Warn($"session {definition.SenderCompId} cannot log on: {definition.BeginString} with {definition.TimestampDecimals} decimals is not supported");
        }

        if (_context.Directory.Find(sessionId) is not { } current)
        {
            return;
        }

        for (int i = 0; i < _table.ActiveCount; i++)
        {
            if (_table.Active(i).Participant?.SessionId == sessionId)
            {
                _table.Active(i).Redefine(current);
            }
        }
    }

    private void OnConnectionEvent(ReadOnlySpan<byte> record, long connectionId)
    {
        if (!_table.TryFind(connectionId, out FixConnection? connection) || !connection.OnEvent(record, in _now))
        {
            Counters.EventForNobody();
            return;
        }

        if (!connection.IsFlushQueued && connection.Outbound.PendingBytes > 0)
        {
            connection.IsFlushQueued = true;
            _flushQueue[_flushCount++] = connection;
        }
    }

    private void BecomeReady(long leadershipTerm, int egressSessionId)
    {
        _context.LeadershipTerm = leadershipTerm;
        if (!_isReady)
        {
            _isReady = true;
            _lease.Begin(_now.MonotonicNs);
            _link.Ready(egressSessionId);
            Counters.Attached();
            _log.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"attached to the member: term {leadershipTerm}, incarnation {_context.Incarnation}, {_context.Directory.Count} participants"));
        }
    }

    private int AttendLink()
    {
        MemberLinkChange change = _isReady && _lease.IsOver(_now.MonotonicNs)
            ? _link.Abandon("no sign of life from it, so it may have been deposed", in _now)
            : _link.DoWork(in _now);
        switch (change)
        {
            case MemberLinkChange.Attaching:
                _context.Incarnation = _link.Incarnation;
                _context.Directory.Clear();
                _context.Instruments = new();
                _lastConnectionId = 0;
                return 1;
            case MemberLinkChange.Lost:
                LoseMember();
                return 1;
            default:
                return 0;
        }
    }

    private void LoseMember()
    {
        _isReady = false;
        _unattachedSinceNs = _now.MonotonicNs;
        _log.Warn($"lost the member: {_link.LostBecause}; {_table.ActiveCount} connections are closed");
        for (int i = 0; i < _table.ActiveCount; i++)
        {
            _table.Active(i).MemberLost(in _now);
        }

        _context.AttentionNeeded = true;
        AttendConnections();
    }

    private int TakePasswordResults()
    {
        int taken = 0;
        while (_authenticator.TryTakeResult(out AuthenticationRequest? request))
        {
            taken++;
            FixConnection connection = _table.AtSlot(request.Slot);
            if (!request.Succeeded && connection.IsCheckingPassword && connection.RemoteEndPoint is not null)
            {
                _throttle.Failed(connection.RemoteEndPoint.Address, _now.MonotonicNs);
            }

            connection.PasswordChecked(request.Succeeded, in _now, ref _link.Ingress);
            _context.AttentionNeeded = true;
        }

        return taken;
    }

    private void Tick()
    {
        _nextTickNs = _now.MonotonicNs + TickNs;
        for (int i = 0; i < _table.ActiveCount; i++)
        {
            _table.Active(i).OnTime(in _now, ref _link.Ingress);
        }
    }

    /// <summary>Does what connections cannot do themselves: submits passwords, offers what they owe, shuts sockets down, closes them and frees slots.</summary>
    private void AttendConnections()
    {
        _context.AttentionNeeded = false;
        for (int i = _table.ActiveCount - 1; i >= 0; i--)
        {
            FixConnection connection = _table.Active(i);
            if (connection.AwaitsPasswordCheck)
            {
                SubmitPassword(connection);
            }

            if (connection.OwesCommand)
            {
                connection.OfferOwed(in _now, ref _link.Ingress);
            }

            if (connection.State == ConnectionState.Flushing)
            {
                TryFinishFlushing(connection);
            }
            else if (connection.State == ConnectionState.Closed && !connection.IsSocketReleased)
            {
                ReleaseSocket(connection);
            }

            if (connection.IsReusable)
            {
                _table.ReturnAt(i);
            }
        }
    }

    private void SubmitPassword(FixConnection connection)
    {
        if (connection.RemoteEndPoint is not null && !_throttle.MayTry(connection.RemoteEndPoint.Address, _now.MonotonicNs))
        {
            // Its failures happened after this connection had come: many at once must not get more guesses than one after the other.
            Counters.LogonThrottled();
            connection.Close(CloseReason.LogonRefused, in _now);
        }
        else if (_authenticator.TrySubmit(connection.Authentication))
        {
            connection.PasswordCheckStarted();
        }
        else
        {
            _context.AttentionNeeded = true;
        }
    }

    private void TryFinishFlushing(FixConnection connection)
    {
        if (_transport.IsFlushed(connection))
        {
            _transport.ShutdownSend(connection);
            connection.Flushed(in _now);
        }
        else
        {
            _context.AttentionNeeded = true;
        }
    }

    private void ReleaseSocket(FixConnection connection)
    {
        connection.IsSocketReleased = true;
        _transport.Release(connection);
        _table.Unregister(connection);
        Counters.Closed();
        bool wastedItsPlace = connection.CloseReason is CloseReason.LogonTimeout or CloseReason.FirstMessageNotLogon;
        if (wastedItsPlace && connection.RemoteEndPoint is not null)
        {
            _throttle.Failed(connection.RemoteEndPoint.Address, _now.MonotonicNs);
        }

        _log.Closed(connection, in _now);
    }

    private int FlushConnections()
    {
        int kept = 0;
        int count = _flushCount;
        for (int i = 0; i < count; i++)
        {
            FixConnection connection = _flushQueue[i];
            if (!connection.IsSocketReleased)
            {
                _transport.Flush(connection);
                if (connection.Outbound.PendingBytes > 0 && connection.State != ConnectionState.Closed)
                {
                    _flushQueue[kept++] = connection;
                    continue;
                }
            }

            connection.IsFlushQueued = false;
        }

        _flushCount = kept;
        return count - kept;
    }

    private static IConnectionTransport Listen(GatewayOptions options, WakeSignal signal, IGatewayLog log)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options is { IoDriver: GatewayIoDriver.Polled, Tls: not null })
        {
            throw new GatewayListenException("TLS is not possible on a thread that spins on its sockets; run a second gateway that does not spin for the clients that want it");
        }

        return options.IoDriver == GatewayIoDriver.Polled ? new PolledTransport(options, signal) : new PipelinesTransport(options, signal, log);
    }
}
