namespace Exchange.Protocol;

/// <summary>The state of this process can no longer be trusted; nothing may catch it but the process's outermost frame.</summary>
public sealed class InvariantException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public InvariantException()
    {
    }

    /// <summary>Creates the exception with the broken condition.</summary>
    public InvariantException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the broken condition and its cause.</summary>
    public InvariantException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
