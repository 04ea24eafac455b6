namespace Exchange.Host.Processes;

/// <summary>The rehearsal has used up what it may cost, or its process stops.</summary>
internal sealed class RehearsalEndedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why.</param>
    public RehearsalEndedException(string message)
        : base(message)
    {
    }
}
