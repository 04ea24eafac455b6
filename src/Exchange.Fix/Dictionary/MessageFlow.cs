namespace Exchange.Fix.Dictionary;

/// <summary>Who sends a message, seen from the exchange.</summary>
public enum MessageFlow
{
    /// <summary>Both sides.</summary>
    Both,

    /// <summary>The exchange.</summary>
    Sent,

    /// <summary>Clients.</summary>
    Received,
}
