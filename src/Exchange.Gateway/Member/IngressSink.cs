using System.Runtime.CompilerServices;
using Exchange.Gateway.Connections;
using Exchange.Ipc.Client;

namespace Exchange.Gateway.Member;

/// <summary>The gateway's publication into the member, as a sink of commands. Without one, everything is refused.</summary>
internal struct IngressSink : ICommandSink
{
    private ExclusivePublication? _publication;
    private ICommandSink? _substitute;

    /// <summary>Writes to a publication from now on, or to none.</summary>
    public void SetPublication(ExclusivePublication? publication) => _publication = publication;

    /// <summary>Hands what comes while there is no publication to another sink from now on, or to none: a simulated member.</summary>
    public void SetSubstitute(ICommandSink? substitute) => _substitute = substitute;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryOffer(ReadOnlySpan<byte> command)
    {
        ExclusivePublication? publication = _publication;
        return publication is not null ? publication.Offer(command) > 0 || OfferAgain(publication, command) : OfferSubstitute(command);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly bool OfferSubstitute(ReadOnlySpan<byte> command) => _substitute is not null && _substitute.TryOffer(command);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool OfferAgain(ExclusivePublication publication, ReadOnlySpan<byte> command)
    {
        // The first offer may have met the end of a term, and then the second finds a new one. If it was back pressure it still is; if the
        // publication is closed or nobody reads it any more, the link notices by itself.
        return publication.Offer(command) > 0;
    }
}
