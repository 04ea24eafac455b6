namespace Exchange.Ipc.Client;

/// <summary>Negative results of offers and claims, with Aeron's values.</summary>
public static class PublicationResult
{
    /// <summary>No subscriber is attached.</summary>
    public const long NotConnected = -1;

    /// <summary>The slowest subscriber is a whole window behind; try again later.</summary>
    public const long BackPressured = -2;

    /// <summary>The log was rotated; try again at once.</summary>
    public const long AdminAction = -3;

    /// <summary>The publication is closed.</summary>
    public const long Closed = -4;

    /// <summary>The stream has reached its last position; a new publication is needed.</summary>
    public const long MaxPositionExceeded = -5;
}
