namespace Exchange.Fuzz;

/// <summary>Something that must hold did not, for an input that the message names.</summary>
public sealed class FuzzFailure : Exception
{
    /// <summary>Creates a failure.</summary>
    public FuzzFailure()
    {
    }

    /// <summary>Creates a failure with what did not hold.</summary>
    public FuzzFailure(string message)
        : base(message)
    {
    }

    /// <summary>Creates a failure with its cause.</summary>
    public FuzzFailure(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Demands a condition.</summary>
    public static void Unless(bool condition, string what)
    {
        if (!condition)
        {
            throw new FuzzFailure(what);
        }
    }
}
