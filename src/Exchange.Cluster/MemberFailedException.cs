namespace Exchange.Cluster;

/// <summary>A member cannot go on; everything it acknowledged is in its log.</summary>
public class MemberFailedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public MemberFailedException()
    {
    }

    /// <summary>Creates the exception with place and remedy.</summary>
    public MemberFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with place, remedy and cause.</summary>
    public MemberFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
