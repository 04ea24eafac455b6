using Exchange.Cluster.Gateways;

namespace Exchange.Cluster.Ingress;

/// <summary>A gateway that said hello and waits to be attached.</summary>
/// <param name="GatewayId">Which gateway.</param>
/// <param name="Incarnation">Which life of it.</param>
/// <param name="IngressSessionId">Source of its frames.</param>
/// <param name="EgressStreamId">Stream it listens on.</param>
/// <param name="ProcessId">Its process, for people.</param>
internal sealed record PendingHello(int GatewayId, long Incarnation, int IngressSessionId, int EgressStreamId, int ProcessId)
{
    /// <summary>Handle of the egress being opened; 0 before it was asked for.</summary>
    public long EgressHandle { get; set; }

    /// <summary>The egress, once open.</summary>
    public IGatewayEgress? Egress { get; set; }
}
