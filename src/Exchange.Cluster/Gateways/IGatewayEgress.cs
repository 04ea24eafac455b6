namespace Exchange.Cluster.Gateways;

/// <summary>What one life of a gateway is fed by. Closing it tells the gateway that its member serves it no more.</summary>
internal interface IGatewayEgress : IDisposable
{
    /// <summary>Hands one event over.</summary>
    EgressResult TryOffer(ReadOnlySpan<byte> record);
}
