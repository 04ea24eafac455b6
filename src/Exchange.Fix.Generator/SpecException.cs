namespace Exchange.Fix.Generator;

/// <summary>The specification contradicts itself; the message names the element. Stops the build.</summary>
internal sealed class SpecException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public SpecException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public SpecException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public SpecException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
