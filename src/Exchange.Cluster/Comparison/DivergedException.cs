namespace Exchange.Cluster.Comparison;

/// <summary>This member's state is not that of the others: it has stopped and must be rebuilt from a peer.</summary>
public sealed class DivergedException : MemberFailedException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The first differing command and both hashes.</param>
    public DivergedException(string message)
        : base(message)
    {
    }
}
