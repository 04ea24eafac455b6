using System.Runtime.InteropServices;

namespace Exchange.Gateway.Transport;

/// <summary>What the gateway asks of the system for its own thread.</summary>
internal static partial class LinuxThread
{
    private const int SetTimerSlack = 29;

    /// <summary>
    /// Asks for sleeps that end when they should: by default Linux lets each run 50 microseconds over, more than the short sleeps of
    /// <see cref="GatewayIdleStrategy"/> themselves. Elsewhere, or when refused, nothing changes.
    /// </summary>
    public static void RequestPreciseSleep()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Control(SetTimerSlack, 1, 0, 0, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);
}
