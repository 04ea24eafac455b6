namespace Exchange.Ipc.Control;

/// <summary>Type ids of the counters that an IPC driver keeps, and ids of its system counters (Aeron 1.53).</summary>
public static class CounterTypes
{
    /// <summary>System counter; its id is its key.</summary>
    public const int System = 0;

    /// <summary>How far a publisher may go.</summary>
    public const int PublisherLimit = 1;

    /// <summary>How far a subscriber came.</summary>
    public const int SubscriberPosition = 4;

    /// <summary>A client's last sign of life, epoch ms.</summary>
    public const int ClientHeartbeat = 11;

    /// <summary>How far a publisher came, sampled.</summary>
    public const int PublisherPosition = 12;

    /// <summary>System counter: errors recorded.</summary>
    public const int SystemErrors = 15;

    /// <summary>System counter: publications unblocked.</summary>
    public const int SystemUnblockedPublications = 19;

    /// <summary>System counter: commands unblocked.</summary>
    public const int SystemUnblockedCommands = 20;

    /// <summary>System counter: clients that fell silent.</summary>
    public const int SystemClientTimeouts = 24;

    /// <summary>System counter: bytes of log buffers and CnC file.</summary>
    public const int SystemBytesMapped = 35;

    /// <summary>System counter: publications revoked.</summary>
    public const int SystemPublicationsRevoked = 40;

    /// <summary>System counter: control protocol version.</summary>
    public const int SystemControlProtocolVersion = 43;
}
