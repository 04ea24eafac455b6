namespace Exchange.Host.Operations;

/// <summary>A member could not be asked: nobody there, no answer in time, or it does not accept our key.</summary>
internal sealed class OperatorUnreachableException : Exception
{
    /// <summary>Creates the error with the reason in one line.</summary>
    public OperatorUnreachableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    public OperatorUnreachableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
