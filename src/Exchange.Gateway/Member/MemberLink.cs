// Problem: the member comes and goes on its own: it may start after the gateway, be killed, restart, or hand its place to another.
// Idea:    a small state machine around the Aeron client that never waits. Every attachment is a new incarnation with a publication and a
//          subscription of its own; whatever fails, everything is closed and the next attempt begins after a pause.
//
//          Detached -> Registering -> Greeting -> AwaitingReady -> Ready
//              ^------------|-----------|--------------|------------'   driver dead, stream closed, member gone, or too slow
//
// Must hold: GatewayHello is the first frame of the publication. Incarnations grow, also over restarts of the process, so that no frame of
//            an earlier life can match a session bound to a later one. A loss is told to the owner exactly once.
using System.Runtime.InteropServices;
using Exchange.Ipc.Client;
using Exchange.Ipc.LogBuffers;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Member;

/// <summary>The gateway's attachment to a member: ingress publication and egress subscription.</summary>
internal sealed class MemberLink : IMemberLink
{
    private const long CheckIntervalNs = 1_000_000;

    private readonly GatewayOptions _options;
    private readonly AeronContext _aeronContext;
    private readonly long _retryNs;
    private readonly long _timeoutNs;
    private IngressSink _ingress;
    private Aeron? _aeron;
    private ExclusivePublication? _publication;
    private Subscription? _subscription;
    private long _publicationRegistration;
    private long _subscriptionRegistration;
    private long _nextAttemptNs = long.MinValue;
    private long _nextCheckNs;
    private long _deadlineNs;
    private Image? _egress;

    /// <summary>Creates a detached link.</summary>
    public MemberLink(GatewayOptions options)
    {
        _options = options;
        _retryNs = options.AttachRetry.Ticks * 100;
        _timeoutNs = options.AttachTimeout.Ticks * 100;
        _aeronContext = new AeronContext
        {
            AeronDirectory = options.AeronDirectory,
            ClientName = $"gateway-{options.GatewayId}",
            DemandsPrivateDirectory = true,
        };
    }

    /// <summary>How far the link has come.</summary>
    public MemberLinkState State { get; private set; }

    /// <inheritdoc/>
    public long Incarnation { get; private set; }

    /// <inheritdoc/>
    public string LostBecause { get; private set; } = "";

    /// <inheritdoc/>
    public bool IsAttached => State is MemberLinkState.AwaitingReady or MemberLinkState.Ready;

    /// <inheritdoc/>
    public ref IngressSink Ingress => ref _ingress;

    /// <inheritdoc/>
    public MemberLinkChange DoWork(in GatewayTime now)
    {
        // Driver, publication and image are looked at once per millisecond, not once per turn of a spinning thread.
        if (State == MemberLinkState.Ready && now.MonotonicNs < _nextCheckNs)
        {
            return MemberLinkChange.None;
        }

        _nextCheckNs = now.MonotonicNs + CheckIntervalNs;
        try
        {
            return Advance(in now);
        }
        catch (Exception e) when (e is RegistrationException or DriverTimeoutException or IOException or ObjectDisposedException)
        {
            return Lose(e.Message, in now);
        }
    }

    /// <inheritdoc/>
    public int PollEgress(IEgressHandler handler, int limit)
    {
        EgressAdapter adapter = new(handler);
        return _subscription!.Poll(ref adapter, limit);
    }

    /// <inheritdoc/>
    public MemberLinkChange Abandon(string reason, in GatewayTime now) => Lose(reason, in now);

    /// <inheritdoc/>
    public void Ready(int egressSessionId)
    {
        _egress = _subscription!.ImageBySessionId(egressSessionId);
        State = MemberLinkState.Ready;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ingress.SetPublication(null);
        _aeron?.Dispose();
        _aeron = null;
        State = MemberLinkState.Detached;
        _nextAttemptNs = long.MaxValue;
    }

    private MemberLinkChange Advance(in GatewayTime now)
    {
        if (_aeron is not null)
        {
            _aeron.DoWork();
            if (_aeron.IsClosed)
            {
                return Lose($"the media driver of the member: {_aeron.CloseReason}", in now);
            }
        }

        switch (State)
        {
            case MemberLinkState.Detached:
                return now.MonotonicNs >= _nextAttemptNs ? Connect(in now) : MemberLinkChange.None;
            case MemberLinkState.Registering:
                return FinishRegistration(in now);
            case MemberLinkState.Greeting:
                return Greet(in now);
            case MemberLinkState.AwaitingReady:
                return _publication!.IsConnected ? GiveUpInTime("the member does not get the gateway ready", in now) : Lose("the member closed the ingress", in now);
            default:
                return CheckReady(in now);
        }
    }

    private MemberLinkChange Connect(in GatewayTime now)
    {
        _nextAttemptNs = now.MonotonicNs + _retryNs;
        _deadlineNs = now.MonotonicNs + _timeoutNs;
        _aeron = Aeron.TryConnect(_aeronContext);
        if (_aeron is null)
        {
            return MemberLinkChange.None;
        }

        State = MemberLinkState.Registering;
        _subscriptionRegistration = _aeron.AsyncAddSubscription(_options.Channel, _options.EffectiveEgressStreamId);
        _publicationRegistration = _aeron.AsyncAddExclusivePublication(_options.Channel, _options.IngressStreamId);
        return MemberLinkChange.None;
    }

    private MemberLinkChange FinishRegistration(in GatewayTime now)
    {
        _subscription ??= _aeron!.FindSubscription(_subscriptionRegistration);
        _publication ??= _aeron!.FindExclusivePublication(_publicationRegistration);
        if (_subscription is null || _publication is null)
        {
            return GiveUpInTime("the media driver does not answer", in now);
        }

        State = MemberLinkState.Greeting;
        return MemberLinkChange.None;
    }

    private MemberLinkChange Greet(in GatewayTime now)
    {
        long incarnation = Math.Max(Incarnation + 1, now.UnixNs);
        GatewayCommand hello = GatewayHello.Create(_options.GatewayId, incarnation, _options.EffectiveEgressStreamId, Environment.ProcessId, now.UnixNs);
        if (_publication!.Offer(MemoryMarshal.AsBytes(new ReadOnlySpan<GatewayCommand>(in hello))) <= 0)
        {
            return GiveUpInTime("the member does not listen", in now);
        }

        Incarnation = incarnation;
        _ingress.SetPublication(_publication);
        _deadlineNs = now.MonotonicNs + _timeoutNs;
        State = MemberLinkState.AwaitingReady;
        return MemberLinkChange.Attaching;
    }

    private MemberLinkChange CheckReady(in GatewayTime now)
    {
        if (!_publication!.IsConnected)
        {
            return Lose("the member closed the ingress", in now);
        }

        return _egress is null || _egress.IsClosed ? Lose("the member closed the egress", in now) : MemberLinkChange.None;
    }

    private MemberLinkChange GiveUpInTime(string reason, in GatewayTime now) =>
        now.MonotonicNs >= _deadlineNs ? Lose(reason, in now) : MemberLinkChange.None;

    private MemberLinkChange Lose(string reason, in GatewayTime now)
    {
        _ingress.SetPublication(null);
        _aeron?.Dispose();
        _aeron = null;
        _publication = null;
        _subscription = null;
        _egress = null;
        bool wasReady = State == MemberLinkState.Ready;
        State = MemberLinkState.Detached;
        _nextAttemptNs = now.MonotonicNs + _retryNs;
        LostBecause = reason;
        return wasReady ? MemberLinkChange.Lost : MemberLinkChange.None;
    }

    private readonly struct EgressAdapter(IEgressHandler handler) : IFragmentHandler
    {
        public void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header) => handler.OnEgress(fragment, header.SessionId);
    }
}
