namespace Exchange.Log;

/// <summary>
/// The file system has no room for the next segment. Nothing that was appended before is affected, and the same call may be tried
/// again once there is room.
/// </summary>
public sealed class DiskFullException : IOException
{
    /// <summary>Creates the exception without a message.</summary>
    public DiskFullException()
    {
    }

    /// <summary>Creates the exception with a message that names the directory and the remedy.</summary>
    public DiskFullException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and the cause.</summary>
    public DiskFullException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
