namespace Exchange.Simulation.Clients;

/// <summary>Where a client stands.</summary>
internal enum ClientState
{
    /// <summary>No connection; the next attempt waits for its time.</summary>
    Disconnected,

    /// <summary>Waiting for the connection.</summary>
    Connecting,

    /// <summary>The Logon is sent.</summary>
    AwaitingLogon,

    /// <summary>Logged on.</summary>
    LoggedOn,

    /// <summary>Our Logout is sent.</summary>
    LoggingOut,
}
