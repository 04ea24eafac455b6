using Exchange.Ipc.Client;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Cluster.Gateways;

/// <summary>Egress over a publication of its own.</summary>
internal sealed class AeronEgress : IGatewayEgress
{
    private readonly ExclusivePublication _publication;

    /// <summary>Wraps a publication.</summary>
    public AeronEgress(ExclusivePublication publication) => _publication = publication;

    /// <inheritdoc/>
    public EgressResult TryOffer(ReadOnlySpan<byte> record)
    {
        long result = _publication.TryClaim(record.Length, out BufferClaim claim);
        if (result == ExclusivePublication.AdminAction)
        {
            // The term was rotated; the next claim goes into the new one.
            result = _publication.TryClaim(record.Length, out claim);
        }

        if (result > 0)
        {
            record.CopyTo(claim.Buffer);
            claim.Commit();
            return EgressResult.Accepted;
        }

        return result switch
        {
            ExclusivePublication.NotConnected => EgressResult.NotConnected,
            ExclusivePublication.Closed or ExclusivePublication.MaxPositionExceeded => EgressResult.Broken,
            _ => EgressResult.NoRoom,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _publication.Dispose();
}
