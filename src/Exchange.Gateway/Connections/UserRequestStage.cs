namespace Exchange.Gateway.Connections;

/// <summary>Where the change of a password by UserRequest (BE) stands.</summary>
internal enum UserRequestStage
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>The passwords wait for a place in the queue of the worker; nothing is read meanwhile.</summary>
    AwaitingCheck,

    /// <summary>The worker checks the old password and hashes the new one; nothing is read meanwhile.</summary>
    Checking,

    /// <summary>The outcome is known; the command waits for room in the ingress.</summary>
    Holding,
}
