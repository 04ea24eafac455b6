namespace Exchange.Host;

/// <summary>An error that ends the verb: one line that names the place and the remedy, and an exit code.</summary>
internal sealed class HostException : Exception
{
    /// <summary>Creates the error with <see cref="Host.ExitCode.Failure"/>.</summary>
    public HostException(string message)
        : base(message)
    {
        ExitCode = Host.ExitCode.Failure;
    }

    /// <summary>Creates the error with its exit code.</summary>
    public HostException(string message, int exitCode)
        : base(message)
    {
        ExitCode = exitCode;
    }

    /// <summary>Creates the error with its cause.</summary>
    public HostException(string message, Exception innerException)
        : base(message, innerException)
    {
        ExitCode = Host.ExitCode.Failure;
    }

    /// <summary>Exit code of the process.</summary>
    public int ExitCode { get; }
}
