namespace Exchange.Cluster.Ingress;

/// <summary>A gateway that said hello and waits to be attached.</summary>
/// <param name="GatewayId">Which gateway.</param>
/// <param name="Incarnation">Which life of it.</param>
/// <param name="IngressSessionId">Aeron session of the publication it sends on.</param>
/// <param name="EgressStreamId">Stream it listens on.</param>
/// <param name="ProcessId">Its process, for people.</param>
internal sealed record PendingHello(int GatewayId, long Incarnation, int IngressSessionId, int EgressStreamId, int ProcessId)
{
    /// <summary>Registration of the publication being added; 0 before it was asked for.</summary>
    public long PublicationRegistrationId { get; set; }
}
