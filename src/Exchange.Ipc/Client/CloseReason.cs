namespace Exchange.Ipc.Client;

/// <summary>Why a client can no longer be used.</summary>
public enum CloseReason
{
    /// <summary>It can.</summary>
    None,

    /// <summary>It was disposed.</summary>
    Disposed,

    /// <summary>The driver ended in order.</summary>
    DriverClosed,

    /// <summary>The driver's process is gone.</summary>
    DriverGone,

    /// <summary>The driver's heartbeat stopped.</summary>
    DriverTimeout,

    /// <summary>The driver gave this client up, because it was silent for too long.</summary>
    ClientTimeout,

    /// <summary>This client was not worked for longer than the liveness timeout, so the driver may have given it up.</summary>
    ServiceInterval,

    /// <summary>The driver's answers came faster than this client read them, and some are lost.</summary>
    Lapped,
}
