using Exchange.Fix.Dictionary;
using Exchange.Gateway.Translation;

namespace Exchange.Fuzz;

/// <summary>One client of the fuzzed exchange, in one version of FIX, and what is known about its numbers.</summary>
internal sealed class FuzzSession
{
    /// <summary>Creates a session that is not logged on.</summary>
    public FuzzSession(int id, string compId, FixDictionary dictionary, SessionProfile profile)
    {
        Id = id;
        CompId = compId;
        Dictionary = dictionary;
        Profile = profile;
    }

    /// <summary>The core's number of the session.</summary>
    public int Id { get; }

    /// <summary>The client's name.</summary>
    public string CompId { get; }

    /// <summary>The version.</summary>
    public FixDictionary Dictionary { get; }

    /// <summary>What translation knows.</summary>
    public SessionProfile Profile { get; }

    /// <summary>The connection that the last Logon came from.</summary>
    public long ConnectionId { get; set; }

    /// <summary>The number that the next message of the exchange must have.</summary>
    public long NextOut { get; set; } = 1;

    /// <summary>The number that the exchange expected when last looked at.</summary>
    public long NextIn { get; set; } = 1;

    /// <summary>Whether its numbers were started again by the command at hand.</summary>
    public bool WasReset { get; set; }
}
