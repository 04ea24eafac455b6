using System.Runtime.CompilerServices;
using Exchange.Gateway.Connections;
using Exchange.Ipc.Client;

namespace Exchange.Gateway.Member;

/// <summary>The gateway's publication into the member, as a sink of commands. Without one, everything is refused.</summary>
internal struct IngressSink : ICommandSink
{
    private ExclusivePublication? _publication;

    /// <summary>Writes to a publication from now on, or to none.</summary>
    public void SetPublication(ExclusivePublication? publication) => _publication = publication;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryOffer(ReadOnlySpan<byte> command)
    {
        ExclusivePublication? publication = _publication;
        return publication is not null && (publication.Offer(command) > 0 || OfferAgain(publication, command));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool OfferAgain(ExclusivePublication publication, ReadOnlySpan<byte> command)
    {
        // The first offer may have met the end of a term, and then the second finds a new one. If it was back pressure it still is; if the
        // publication is closed or nobody reads it any more, the link notices by itself.
        return publication.Offer(command) > 0;
    }
}
