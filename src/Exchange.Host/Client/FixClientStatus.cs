namespace Exchange.Host.Client;

/// <summary>Where a client's session stands.</summary>
internal enum FixClientStatus
{
    /// <summary>No connection.</summary>
    Disconnected,

    /// <summary>Connected; our Logon is on its way and nothing but its answer is acceptable.</summary>
    LogonSent,

    /// <summary>Logged on; messages flow.</summary>
    Established,

    /// <summary>Our Logout is on its way; what still arrives is processed until the answer.</summary>
    LogoutSent,

    /// <summary>Over: the connection is to be closed once the outbound bytes are out.</summary>
    Closing,
}
