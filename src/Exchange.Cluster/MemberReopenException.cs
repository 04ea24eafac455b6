namespace Exchange.Cluster;

/// <summary>The member has to be closed and opened again, in the same process: what it is to start from has changed.</summary>
public sealed class MemberReopenException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why.</param>
    public MemberReopenException(string message)
        : base(message)
    {
    }
}
