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

    /// <summary>Goes before the other work of a box that has too little time for everything: a leader that is not run is deposed.</summary>
    /// <returns>Whether the system allowed it.</returns>
    public static bool TryGoFirst() => TrySet(First);

    /// <summary>Lets every other thread go first.</summary>
    public static void YieldToOthers() => _ = TrySet(Last);

    private static bool TrySet(int nice) => OperatingSystem.IsLinux() && SetPriority(PrioProcess, 0, nice) == 0;

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int priority);
}
