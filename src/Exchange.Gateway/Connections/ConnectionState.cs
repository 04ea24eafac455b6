namespace Exchange.Gateway.Connections;

/// <summary>Where a connection stands.</summary>
internal enum ConnectionState
{
    /// <summary>The slot has no connection.</summary>
    Free,

    /// <summary>Open; the first message must be a Logon, in time.</summary>
    AwaitingLogon,

    /// <summary>The Logon names somebody or pretends to; its password waits for a place in the queue of the worker.</summary>
    AwaitingPasswordCheck,

    /// <summary>The worker checks the password; nothing is read meanwhile.</summary>
    CheckingPassword,

    /// <summary>The password is right; the Logon waits for room in the ingress.</summary>
    HoldingLogon,

    /// <summary>The Logon is with the core; messages are forwarded behind it, and the core decides whether they count.</summary>
    AwaitingLogonReply,

    /// <summary>The core answered the Logon: the session is bound to this connection.</summary>
    Bound,

    /// <summary>The session is over; what is left to say is being sent, and what comes in is thrown away.</summary>
    Flushing,

    /// <summary>All is said and our half is shut down; the client has a moment to read it and to close its half.</summary>
    Lingering,

    /// <summary>The socket is to be closed, or is closed already; a ConnectionLost may still be owed to the core.</summary>
    Closed,
}
