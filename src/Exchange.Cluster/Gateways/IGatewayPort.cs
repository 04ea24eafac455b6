using Exchange.Cluster.Ingress;

namespace Exchange.Cluster.Gateways;

/// <summary>How frames come from gateways and how egress to one is opened: Aeron in a real member, a simulated one elsewhere.</summary>
internal interface IGatewayPort : IDisposable
{
    /// <summary>Hands waiting frames of every gateway to the sequencer, at most so many of each; returns how many.</summary>
    int Poll(IngressSequencer sequencer, int fragmentsPerGateway);

    /// <summary>Looks after connections; called every millisecond or so.</summary>
    /// <exception cref="MemberFailedException">The member is cut off from all its gateways for good.</exception>
    int DoWork();

    /// <summary>Whether the gateway behind an ingress source is still there.</summary>
    bool IsAlive(int ingressSource);

    /// <summary>Begins to open egress on a stream of a gateway's choice; returns a handle for <see cref="FindEgress"/>.</summary>
    long BeginEgress(int streamId);

    /// <summary>The egress once it is open; null until then.</summary>
    IGatewayEgress? FindEgress(long handle);
}
