namespace Exchange.Ipc.Client;

/// <summary>No driver answered within the driver timeout, or it died while the client waited.</summary>
public sealed class DriverTimeoutException : TimeoutException
{
    /// <inheritdoc/>
    public DriverTimeoutException()
    {
    }

    /// <inheritdoc/>
    public DriverTimeoutException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public DriverTimeoutException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
