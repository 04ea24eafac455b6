namespace Exchange.Log;

/// <summary>
/// A flush failed, so it is unknown which of the latest entries the device holds. The log refuses all further work; the process
/// must stop and recover from what the device really has. A failed flush is never retried: Linux may report it only once and
/// mark the pages clean.
/// </summary>
public sealed class LogFailedException : IOException
{
    /// <summary>Creates the exception without a message.</summary>
    public LogFailedException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public LogFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and the failure of the device.</summary>
    public LogFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
