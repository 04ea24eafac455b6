using Exchange.Gateway.Translation;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Connections;

/// <summary>A participant as the core described it; replaced as a whole when the core describes it anew.</summary>
internal sealed class Participant
{
    private readonly DefineParticipantCommand _definition;

    /// <summary>Creates a participant.</summary>
    public Participant(int sessionId, in DefineParticipantCommand definition, SessionProfile profile)
    {
        SessionId = sessionId;
        _definition = definition;
        Profile = profile;
        Name = definition.SenderCompId.ToString();
    }

    /// <summary>The FIX session.</summary>
    public int SessionId { get; }

    /// <summary>Its SenderCompID, for the log.</summary>
    public string Name { get; }

    /// <summary>What translation needs to know of the session.</summary>
    public SessionProfile Profile { get; }

    /// <summary>The definition.</summary>
    public ref readonly DefineParticipantCommand Definition => ref _definition;
}
