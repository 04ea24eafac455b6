using System.Runtime.InteropServices;

namespace Exchange.Host.Load;

/// <summary>
/// Binds the calling thread, not the process, to one CPU. Bound as a whole, the runtime would believe in a machine with one processor
/// and delay its optimising compiler.
/// </summary>
internal static partial class CpuPin
{
    private const int MaskWords = 16;

    /// <summary>Binds the calling thread; does nothing for a negative number or where the system does not offer it.</summary>
    /// <exception cref="HostException">There is no such CPU, or this process may not use it.</exception>
    public static void Apply(int cpu)
    {
        if (cpu < 0 || !OperatingSystem.IsLinux())
        {
            return;
        }

        Span<ulong> mask = stackalloc ulong[MaskWords];
        mask.Clear();
        if (cpu < MaskWords * 64)
        {
            mask[cpu / 64] = 1UL << (cpu % 64);
        }

        if (SetAffinity(0, MaskWords * sizeof(ulong), in mask[0]) != 0)
        {
            throw new HostException($"cannot use CPU {cpu}; this machine offers 0 to {Environment.ProcessorCount - 1}", ExitCode.BadInput);
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int thread, nuint bytes, in ulong mask);
}
