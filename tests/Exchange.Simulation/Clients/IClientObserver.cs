namespace Exchange.Simulation.Clients;

/// <summary>Who watches what clients say and hear: the auditor.</summary>
internal interface IClientObserver
{
    /// <summary>A message was sent for the first time.</summary>
    void OnSent(FixClient client, SentMessage message);

    /// <summary>A message came, before the client has done anything with it.</summary>
    void OnReceived(FixClient client, FixMessage message);

    /// <summary>Something happened that an exchange must never do to a client that keeps the rules.</summary>
    void OnOffence(FixClient client, string check, string what);
}
