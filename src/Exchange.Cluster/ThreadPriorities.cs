using System.Runtime.InteropServices;

namespace Exchange.Cluster;

/// <summary>Priorities of threads on Linux, where .NET's own do nothing.</summary>
internal static partial class ThreadPriorities
{
    private const int PrioProcess = 0;
    private const int Nice = 19;

    /// <summary>Lets every other thread go first; without effect where the system does not offer it.</summary>
    public static void YieldToOthers()
    {
        if (OperatingSystem.IsLinux())
        {
            // On Linux priority belongs to the thread, and 0 names the calling one. A refusal only costs politeness.
            _ = SetPriority(PrioProcess, 0, Nice);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int priority);
}
