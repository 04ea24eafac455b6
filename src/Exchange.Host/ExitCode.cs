namespace Exchange.Host;

/// <summary>Exit codes of the executable, fit for scripts.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>Something went wrong while running, was refused, or a condition that was asked for is not met.</summary>
    public const int Failure = 1;

    /// <summary>An argument or a configuration file is wrong; nothing was started.</summary>
    public const int BadInput = 2;

    /// <summary>Nobody answers where the exchange should be, or it does not accept our key.</summary>
    public const int Unreachable = 3;

    /// <summary>A member's own files are damaged or its state differs from the others': starting it again does not help, rebuilding it does.</summary>
    public const int NeedsRebuild = 4;
}
