namespace Exchange.Ipc.Driver;

/// <summary>Another driver serves the directory.</summary>
public sealed class ActiveDriverException : IOException
{
    /// <inheritdoc/>
    public ActiveDriverException()
    {
    }

    /// <inheritdoc/>
    public ActiveDriverException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public ActiveDriverException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
