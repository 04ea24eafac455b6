namespace Exchange.Host;

/// <summary>Exit codes of the executable, fit for scripts.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>Something went wrong while running.</summary>
    public const int Failure = 1;

    /// <summary>An argument or a configuration file is wrong; nothing was started.</summary>
    public const int BadInput = 2;
}
