namespace Exchange.Host.Client;

/// <summary>What happened to a session, for people and counters.</summary>
internal enum FixClientEvent
{
    /// <summary>The exchange accepted our Logon.</summary>
    LoggedOn,

    /// <summary>The session ended in order, by a Logout of either side.</summary>
    LoggedOut,

    /// <summary>The connection has to be closed because something went wrong; the text says what.</summary>
    Failed,

    /// <summary>The TCP connection is gone.</summary>
    ConnectionLost,

    /// <summary>Messages are missing and were asked for.</summary>
    Gap,

    /// <summary>The exchange asked for messages again and is given them.</summary>
    Resending,

    /// <summary>Both sequence numbers went back to 1.</summary>
    Reset,

    /// <summary>The answer to a TestRequest that the user sent.</summary>
    TestAnswered,

    /// <summary>The other side broke a rule that the session survives.</summary>
    Violation,

    /// <summary>Bytes that are no FIX message were skipped.</summary>
    Garbled,
}
