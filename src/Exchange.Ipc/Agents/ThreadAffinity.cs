using System.Runtime.InteropServices;
using Exchange.Ipc.Concurrent;

namespace Exchange.Ipc.Agents;

/// <summary>Pins the calling thread to a processor.</summary>
public static unsafe class ThreadAffinity
{
    private const int MaskWords = 16; // 1,024 processors, as glibc's cpu_set_t

    /// <summary>Pins the calling thread; false with a reason when the kernel refuses, e.g. because a container has not that processor.</summary>
    public static bool TryPin(int cpu, out string? error)
    {
        if (cpu is < 0 or >= MaskWords * 64)
        {
            error = $"processor {cpu} does not exist";
            return false;
        }

        ulong* mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        mask[cpu / 64] = 1UL << (cpu % 64);
        if (Libc.SetAffinity(0, MaskWords * sizeof(ulong), mask) == 0)
        {
            error = null;
            return true;
        }

        error = $"cannot pin to processor {cpu}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}";
        return false;
    }
}
