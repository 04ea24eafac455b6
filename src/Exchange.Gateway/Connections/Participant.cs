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

    /// <summary>The definition.</summary>
    public ref readonly DefineParticipantCommand Definition => ref _definition;
}
