using System.Security.Cryptography;
using Exchange.Fix.Dictionary;
using Exchange.Gateway.Authentication;
using Exchange.Gateway.Translation;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Connections;

/// <summary>
/// The participants that may log on, as the member told this incarnation of the gateway, found by what a Logon names:
/// SenderCompID (49) and TargetCompID (56). Its BeginString (8) then chooses the version of FIX.
/// </summary>
internal sealed class SessionDirectory
{
    private readonly Dictionary<SessionKey, Participant> _byKey = [];
    private readonly Dictionary<int, SessionKey> _keyBySession = [];
    private Digest32 _dummyHash;
    private Digest16 _dummySalt;
    private int _dearestIterations = PasswordHasher.DevelopmentIterations;

    /// <summary>Creates an empty directory.</summary>
    public SessionDirectory()
    {
        RandomNumberGenerator.Fill(_dummyHash);
        RandomNumberGenerator.Fill(_dummySalt);
    }

    /// <summary>Number of participants.</summary>
    public int Count => _byKey.Count;

    /// <summary>Adds a participant or replaces its definition.</summary>
    /// <returns>False when this build cannot speak its FIX version or precision; it cannot log on then.</returns>
    public bool Define(int sessionId, in DefineParticipantCommand definition)
    {
        SessionKey key = new(definition.SenderCompId, definition.TargetCompId);
        if (_keyBySession.TryGetValue(sessionId, out SessionKey old) && old != key)
        {
            _byKey.Remove(old);
        }

        _keyBySession[sessionId] = key;

        // A name that does not exist must cost what one that exists costs, and one that exists what any other costs.
        _dearestIterations = Math.Max(_dearestIterations, Math.Min(definition.PasswordIterations, PasswordHasher.IterationsMax));
        SessionProfile[] profiles = ProfilesOf(in definition);
        if (profiles.Length > 0)
        {
            _byKey[key] = new Participant(sessionId, in definition, profiles);
        }
        else
        {
            _byKey.Remove(key);
        }

        return profiles.Length > 0;
    }

    /// <summary>Finds the participant that a Logon names.</summary>
    public Participant? Find(ReadOnlySpan<byte> senderCompId, ReadOnlySpan<byte> targetCompId) =>
        Text40.TryCreate(senderCompId, out Text40 sender) && Text40.TryCreate(targetCompId, out Text40 target)
            && _byKey.TryGetValue(new SessionKey(sender, target), out Participant? participant)
            ? participant
            : null;

    /// <summary>The participant of a session as it is defined now; null when this build cannot speak its FIX version.</summary>
    public Participant? Find(int sessionId) =>
        _keyBySession.TryGetValue(sessionId, out SessionKey key) && _byKey.TryGetValue(key, out Participant? participant) ? participant : null;

    /// <summary>Gives a request the hash of a participant, or that of nobody when there is none.</summary>
    public void FillHash(AuthenticationRequest request, Participant? participant)
    {
        request.FailureIterations = _dearestIterations;
        if (participant is null)
        {
            request.Hash = _dummyHash;
            request.Salt = _dummySalt;
            request.Iterations = _dearestIterations;
            request.SessionId = -1;
            return;
        }

        ref readonly DefineParticipantCommand definition = ref participant.Definition;
        request.Hash = definition.PasswordHash;
        request.Salt = definition.PasswordSalt;
        request.Iterations = definition.PasswordIterations;
        request.SessionId = participant.SessionId;
    }

    /// <summary>Forgets everything; a new incarnation is told anew.</summary>
    public void Clear()
    {
        _byKey.Clear();
        _keyBySession.Clear();
    }

    private static SessionProfile[] ProfilesOf(in DefineParticipantCommand definition)
    {
        List<SessionProfile> profiles = [];
        foreach (FixDictionary dictionary in FixDictionaries.All)
        {
            if (SessionProfile.TryCreate(dictionary, in definition, out SessionProfile? profile))
            {
                profiles.Add(profile);
            }
        }

        return [.. profiles];
    }

    private readonly record struct SessionKey(Text40 SenderCompId, Text40 TargetCompId);
}
