namespace Exchange.Gateway.Connections;

/// <summary>What the timers of a session ask for.</summary>
internal enum SessionTimerAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Nothing was sent for HeartBtInt.</summary>
    Heartbeat,

    /// <summary>Nothing was received for 1.2 HeartBtInt.</summary>
    TestRequest,

    /// <summary>Nothing was received for twice HeartBtInt: the core should log the session out.</summary>
    Logout,

    /// <summary>The core did not end the silent session in time.</summary>
    GiveUp,

    /// <summary>The session was probed for a second connection and did not answer in time.</summary>
    ProbeUnanswered,
}
