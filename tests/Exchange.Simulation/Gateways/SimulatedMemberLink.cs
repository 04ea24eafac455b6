using System.Runtime.InteropServices;
using Exchange.Gateway;
using Exchange.Gateway.Connections;
using Exchange.Gateway.Member;
using Exchange.Protocol.Commands;

namespace Exchange.Simulation.Gateways;

/// <summary>A gateway's attachment to the member of its box, over simulated shared memory. It follows the states of the real one.</summary>
internal sealed class SimulatedMemberLink(int gatewayId, int processId, GatewayOptions options, Func<MediaDriverLife?> driver, Action wakeGateway)
    : IMemberLink, ICommandSink
{
    private readonly long _retryNs = options.AttachRetry.Ticks * 100;
    private readonly long _timeoutNs = options.AttachTimeout.Ticks * 100;
    private IngressSink _ingress;
    private GatewayPipe? _pipe;
    private MemberLinkState _state = MemberLinkState.Detached;
    private long _nextAttemptNs = long.MinValue;
    private long _deadlineNs;

    public long Incarnation { get; private set; }

    public string LostBecause { get; private set; } = "";

    public bool IsAttached => _state is MemberLinkState.AwaitingReady or MemberLinkState.Ready;

    public ref IngressSink Ingress => ref _ingress;

    public MemberLinkChange DoWork(in GatewayTime now)
    {
        if (_pipe is { } pipe && (pipe.IsMemberGone || pipe.IsEgressClosed))
        {
            return Lose(pipe.IsMemberGone ? "the member is gone" : "the member closed the egress", in now);
        }

        switch (_state)
        {
            case MemberLinkState.Detached:
                return now.MonotonicNs >= _nextAttemptNs ? Connect(in now) : MemberLinkChange.None;
            case MemberLinkState.Greeting:
                return Greet(in now);
            case MemberLinkState.AwaitingReady:
                return now.MonotonicNs >= _deadlineNs ? Lose("the member does not get the gateway ready", in now) : MemberLinkChange.None;
            default:
                return MemberLinkChange.None;
        }
    }

    public int PollEgress(IEgressHandler handler, int limit)
    {
        int count = 0;
        while (count < limit && _pipe is { } pipe && pipe.Egress.TryDequeue(out byte[]? record))
        {
            handler.OnEgress(record, pipe.Source);
            count++;
        }

        return count;
    }

    public MemberLinkChange Abandon(string reason, in GatewayTime now) => Lose(reason, in now);

    public void Ready(int egressSessionId) => _state = MemberLinkState.Ready;

    public bool TryOffer(ReadOnlySpan<byte> command) => _pipe is { } pipe && pipe.TryPublish(command);

    public void Dispose() => Detach();

    /// <summary>The gateway's process is gone: what it published stays, the rest ends.</summary>
    public void Detach()
    {
        _ingress.SetSubstitute(null);
        if (_pipe is not null)
        {
            _pipe.IsGatewayGone = true;
            _pipe.WakeMember();
            _pipe = null;
        }

        _state = MemberLinkState.Detached;
        _nextAttemptNs = long.MaxValue;
    }

    private MemberLinkChange Connect(in GatewayTime now)
    {
        _nextAttemptNs = now.MonotonicNs + _retryNs;
        _deadlineNs = now.MonotonicNs + _timeoutNs;
        if (driver() is { IsGone: false } life)
        {
            _pipe = life.Attach(gatewayId);
            _pipe.WakeGateway = wakeGateway;
            _state = MemberLinkState.Greeting;
        }

        return MemberLinkChange.None;
    }

    private MemberLinkChange Greet(in GatewayTime now)
    {
        long incarnation = Math.Max(Incarnation + 1, now.UnixNs);
        GatewayCommand hello = GatewayHello.Create(gatewayId, incarnation, 1000 + _pipe!.Source, processId, now.UnixNs);
        _pipe.TryPublish(MemoryMarshal.AsBytes(new ReadOnlySpan<GatewayCommand>(in hello)));
        Incarnation = incarnation;
        _ingress.SetSubstitute(this);
        _deadlineNs = now.MonotonicNs + _timeoutNs;
        _state = MemberLinkState.AwaitingReady;
        return MemberLinkChange.Attaching;
    }

    private MemberLinkChange Lose(string reason, in GatewayTime now)
    {
        bool wasReady = _state == MemberLinkState.Ready;
        Detach();
        _nextAttemptNs = now.MonotonicNs + _retryNs;
        LostBecause = reason;
        return wasReady ? MemberLinkChange.Lost : MemberLinkChange.None;
    }
}
