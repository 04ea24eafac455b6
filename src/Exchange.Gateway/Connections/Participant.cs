using System.Net;
using Exchange.Gateway.Translation;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Connections;

/// <summary>A participant as the core described it; replaced as a whole when the core describes it anew.</summary>
internal sealed class Participant
{
    private readonly DefineParticipantCommand _definition;
    private readonly SessionProfile[] _profiles;

    /// <summary>Creates a participant with a profile for each version of FIX that it may use.</summary>
    public Participant(int sessionId, in DefineParticipantCommand definition, SessionProfile[] profiles)
    {
        SessionId = sessionId;
        _definition = definition;
        _profiles = profiles;
        Name = definition.SenderCompId.ToString();
    }

    /// <summary>The FIX session.</summary>
    public int SessionId { get; }

    /// <summary>Its SenderCompID, for the log.</summary>
    public string Name { get; }

    /// <summary>What translation needs to know of the session in the version that a BeginString (8) names; null when it may not use it.</summary>
    public SessionProfile? FindProfile(ReadOnlySpan<byte> beginString)
    {
        foreach (SessionProfile profile in _profiles)
        {
            if (profile.Dictionary.BeginStringBytes.Span.SequenceEqual(beginString))
            {
                return profile;
            }
        }

        return null;
    }

    /// <summary>Whether the participant may connect from that address and with that certificate.</summary>
    /// <param name="address">Where the connection comes from; null when nobody knows.</param>
    /// <param name="certificateNames">The names in the client's TLS certificate, of which one must be the participant's; none without a certificate.</param>
    public bool MayComeFrom(IPAddress? address, IReadOnlyList<string> certificateNames)
    {
        if (!_definition.CertificateName.IsEmpty && !certificateNames.Contains(_definition.CertificateName.ToString()))
        {
            return false;
        }

        bool isRestricted = false;
        Span<byte> bytes = stackalloc byte[16];
        bool isKnown = address is not null && address.MapToIPv6().TryWriteBytes(bytes, out int length) && length == bytes.Length;
        foreach (ref readonly AddressRange range in (ReadOnlySpan<AddressRange>)_definition.AllowedAddresses)
        {
            if (range.IsUsed)
            {
                isRestricted = true;
                if (isKnown && range.Contains(bytes))
                {
                    return true;
                }
            }
        }

        return !isRestricted;
    }

    /// <summary>The definition.</summary>
    public ref readonly DefineParticipantCommand Definition => ref _definition;
}
