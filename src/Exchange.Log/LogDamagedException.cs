namespace Exchange.Log;

/// <summary>
/// What was durable is missing or does not check: never cut silently. The message is one line with place and remedy.
/// </summary>
public sealed class LogDamagedException : IOException
{
    private const string Remedy =
        "restore the log directory from another member or from a backup (`exchange verify` lists what is readable)";

    /// <summary>Creates the exception without a message.</summary>
    public LogDamagedException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public LogDamagedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public LogDamagedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception for a place in the log.</summary>
    /// <param name="segment">Path of the file concerned.</param>
    /// <param name="position">Log position from which on the log cannot be trusted.</param>
    /// <param name="reason">What does not hold, without full stop.</param>
    public LogDamagedException(string segment, long position, string reason)
        : base($"log damaged: {segment}, position {position}: {reason}; {Remedy}")
    {
        Segment = segment;
        Position = position;
        Reason = reason;
    }

    /// <summary>Path of the file concerned.</summary>
    public string Segment { get; } = string.Empty;

    /// <summary>Log position from which on the log cannot be trusted; -1 when it is unknown.</summary>
    public long Position { get; } = -1;

    /// <summary>What does not hold.</summary>
    public string Reason { get; } = string.Empty;
}
