// Problem: a shared-memory log must really own its disk blocks before it is mapped (a sparse map turns a full disk into SIGBUS, which
// no managed process survives), and a dead peer must be noticed in milliseconds. The class library offers neither.
// Idea: the few system calls that are needed, declared here and nowhere else. Linux is the target.
// What must hold: every blocking call is a normal P/Invoke (never SuppressGCTransition), so it cannot hold up a garbage collection.
using System.Runtime.InteropServices;

namespace Exchange.Ipc.Concurrent;

/// <summary>System calls of the C library, with the constants of Linux.</summary>
internal static unsafe partial class Libc
{
    internal const int OpenReadOnly = 0;
    internal const int OpenReadWrite = 2;
    internal const int OpenCreate = 0x40;
    internal const int OpenExclusive = 0x80;
    internal const int OpenCloseOnExec = 0x80000;
    internal const int ProtectReadWrite = 1 | 2;
    internal const int MapShared = 1;
    internal const int MapPopulate = 0x8000;
    internal const int SeekEnd = 2;
    internal const int LockExclusiveNonBlocking = 2 | 4;
    internal const short PollIn = 1;
    internal const int ErrorInterrupted = 4;
    internal const int ErrorNoSuchProcess = 3;
    internal const int ErrorNotFound = 2;
    internal const int ErrorWouldBlock = 11;
    internal const int ErrorNoSpace = 28;
    internal const int ErrorAccess = 13;
    internal const int CurrentDirectory = -100;
    internal const int StatusOfDescriptor = 0x1000; // AT_EMPTY_PATH
    internal const int StatusOfLink = 0x100; // AT_SYMLINK_NOFOLLOW
    internal const uint StatusBasic = 0x7FF; // STATX_BASIC_STATS

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags, int mode);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int fd);

    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(int fd, long offset, int whence);

    /// <summary>Returns the error number itself and leaves errno alone.</summary>
    [LibraryImport(Library, EntryPoint = "posix_fallocate")]
    internal static partial int Allocate(int fd, long offset, long length);

    [LibraryImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    internal static partial int SetLength(int fd, long length);

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    internal static partial nint Map(nint address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    internal static partial int Unmap(nint address, nuint length);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    internal static partial int Lock(int fd, int operation);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int pid, int signal);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMs);

    /// <summary>syscall(2) with two arguments; used for pidfd_open, which older C libraries do not wrap.</summary>
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial long SystemCall(long number, long first, long second);

    [LibraryImport(Library, EntryPoint = "nanosleep", SetLastError = true)]
    internal static partial int Sleep(TimeSpec* requested, TimeSpec* remaining);

    [LibraryImport(Library, EntryPoint = "sched_setaffinity", SetLastError = true)]
    internal static partial int SetAffinity(int threadId, nuint maskBytes, ulong* mask);

    /// <summary>statx(2), whose structure is the same on every architecture, unlike that of fstat.</summary>
    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Status(int directory, string path, int flags, uint mask, FileStatus* status);

    [LibraryImport(Library, EntryPoint = "fchmod", SetLastError = true)]
    internal static partial int SetMode(int fd, uint mode);

    [LibraryImport(Library, EntryPoint = "umask")]
    internal static partial uint SetCreationMask(uint mask);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    internal static partial uint EffectiveUserId();

    /// <summary>What is needed of struct statx.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct FileStatus
    {
        [FieldOffset(20)]
        internal uint UserId;
        [FieldOffset(28)]
        internal ushort Mode;
        [FieldOffset(32)]
        internal ulong Inode;
        [FieldOffset(136)]
        internal uint DeviceMajor;
        [FieldOffset(140)]
        internal uint DeviceMinor;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        internal int Fd;
        internal short Events;
        internal short Revents;
    }

    /// <summary>struct timespec on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}
