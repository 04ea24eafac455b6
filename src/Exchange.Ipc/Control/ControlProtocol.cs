namespace Exchange.Ipc.Control;

/// <summary>Message types between clients and driver (Aeron 1.53, control protocol 1.0.0).</summary>
public static class ControlProtocol
{
    /// <summary>1.0.0, published in a system counter.</summary>
    public const int Version = 1 << 16;

    /// <summary>Adds a publication that several publishers may share.</summary>
    public const int AddPublication = 0x01;

    /// <summary>Removes a publication of either kind.</summary>
    public const int RemovePublication = 0x02;

    /// <summary>Adds a publication with one owner.</summary>
    public const int AddExclusivePublication = 0x03;

    /// <summary>Adds a subscription.</summary>
    public const int AddSubscription = 0x04;

    /// <summary>Removes a subscription.</summary>
    public const int RemoveSubscription = 0x05;

    /// <summary>A client's sign of life, also its first.</summary>
    public const int ClientKeepAlive = 0x06;

    /// <summary>Adds a counter that ends with its client.</summary>
    public const int AddCounter = 0x09;

    /// <summary>Removes a counter.</summary>
    public const int RemoveCounter = 0x0A;

    /// <summary>Orderly end of a client.</summary>
    public const int ClientClose = 0x0B;

    /// <summary>Asks the driver to end.</summary>
    public const int TerminateDriver = 0x0E;

    /// <summary>Adds a counter that outlives its client.</summary>
    public const int AddStaticCounter = 0x0F;

    /// <summary>Asks for a session id that is free on a stream.</summary>
    public const int GetNextAvailableSessionId = 0x12;

    /// <summary>A command was refused.</summary>
    public const int OnError = 0x0F01;

    /// <summary>A subscription has a new image.</summary>
    public const int OnAvailableImage = 0x0F02;

    /// <summary>A shared publication is ready.</summary>
    public const int OnPublicationReady = 0x0F03;

    /// <summary>A command without other answer succeeded.</summary>
    public const int OnOperationSuccess = 0x0F04;

    /// <summary>An image ended.</summary>
    public const int OnUnavailableImage = 0x0F05;

    /// <summary>An exclusive publication is ready.</summary>
    public const int OnExclusivePublicationReady = 0x0F06;

    /// <summary>A subscription is registered.</summary>
    public const int OnSubscriptionReady = 0x0F07;

    /// <summary>A counter is ready.</summary>
    public const int OnCounterReady = 0x0F08;

    /// <summary>A counter ended.</summary>
    public const int OnUnavailableCounter = 0x0F09;

    /// <summary>The driver took a client for dead.</summary>
    public const int OnClientTimeout = 0x0F0A;

    /// <summary>A static counter is ready.</summary>
    public const int OnStaticCounter = 0x0F0B;

    /// <summary>Answer to <see cref="GetNextAvailableSessionId"/>.</summary>
    public const int OnNextAvailableSessionId = 0x0F0D;

    /// <summary>Flag of <see cref="RemovePublication"/>: take the stream back without draining it.</summary>
    public const long RemovePublicationRevokeFlag = 1;
}
