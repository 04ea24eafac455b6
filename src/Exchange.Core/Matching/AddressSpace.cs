using System.Runtime.InteropServices;
using Exchange.Protocol;

namespace Exchange.Core.Matching;

/// <summary>
/// Zeroed memory reserved straight from Linux, of which only what is touched ever counts. The heap of the C library asks for the same, but for
/// a block larger than the box's memory the kernel refuses it: the levels of ten million orders take ten gigabytes of addresses, whatever
/// part of it is used.
/// </summary>
internal static unsafe partial class AddressSpace
{
    private const int ProtectReadWrite = 1 | 2;
    private const int MapPrivate = 2;
    private const int MapAnonymous = 0x20;
    private const int MapNoReserve = 0x4000;

    /// <summary>Reserves zeroed pages.</summary>
    public static void* Reserve(nuint bytes)
    {
        void* memory = Map(null, bytes, ProtectReadWrite, MapPrivate | MapAnonymous | MapNoReserve, -1, 0);
        Invariant.Require((nint)memory != -1, "the system has addresses for the stated number of open orders");
        return memory;
    }

    /// <summary>Gives them back.</summary>
    public static void Release(void* memory, nuint bytes) => Invariant.Require(Unmap(memory, bytes) == 0);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint length);
}
