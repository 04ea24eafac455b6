using System.Globalization;
using System.Runtime.InteropServices;

namespace Exchange.Ipc.Agents;

/// <summary>
/// Priorities of threads on Linux, where .NET's own do nothing. There a priority belongs to the thread, and threads that it starts have it
/// too. What the system refuses, as it does without CAP_SYS_NICE, leaves the thread as it was.
/// </summary>
public static partial class ThreadNice
{
    private const int PrioProcess = 0;
    private const int First = -10;
    private const int Last = 19;

    /// <summary>
    /// Lets this process go before the other work of a box that has too little time for everything: a leader that is not run is deposed.
    /// All its threads, or those that do the work would take the time of those that they wait for, such as the compiler's.
    /// </summary>
    /// <returns>Whether the system allowed it.</returns>
    public static bool TryGoFirst()
    {
        if (!OperatingSystem.IsLinux() || SetPriority(PrioProcess, 0, First) != 0)
        {
            return false;
        }

        foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            // One that has ended meanwhile needs nothing.
            _ = SetPriority(PrioProcess, int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), First);
        }

        return true;
    }

    /// <summary>Lets every other thread go before the calling one.</summary>
    public static void YieldToOthers()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(PrioProcess, 0, Last);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int priority);
}
