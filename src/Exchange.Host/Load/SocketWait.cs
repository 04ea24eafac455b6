using System.Runtime.InteropServices;

namespace Exchange.Host.Load;

/// <summary>
/// Waits in the kernel until one of several sockets can be read (or written) or a time has passed, without allocating: what
/// <c>Socket.Select</c> cannot, and with nanoseconds instead of milliseconds.
/// </summary>
internal sealed partial class SocketWait
{
    private const short PollIn = 1;
    private const short PollOut = 4;
    private readonly PollFd[] _handles;

    /// <summary>Creates a wait for so many sockets.</summary>
    public SocketWait(int count)
    {
        _handles = new PollFd[count];
    }

    /// <summary>Names a socket to wait for; -1 is skipped.</summary>
    public void Set(int index, int handle, bool forWrite) => _handles[index] = new PollFd { Handle = handle, Events = (short)(forWrite ? PollIn | PollOut : PollIn) };

    /// <summary>Waits for the sockets named or the time.</summary>
    public void Wait(long timeoutNs) => Wait(timeoutNs, _handles.Length);

    /// <summary>Waits for the time alone.</summary>
    public void Pause(long timeNs) => Wait(timeNs, 0);

    private void Wait(long timeoutNs, int handles)
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.Sleep(0);
            return;
        }

        TimeSpec timeout = new() { Seconds = timeoutNs / 1_000_000_000, Nanoseconds = timeoutNs % 1_000_000_000 };

        // An interrupted wait is as good as a finished one: the caller looks at everything anyway.
        _ = Ppoll(_handles, (nuint)handles, timeout, 0);
    }

    [LibraryImport("libc", EntryPoint = "ppoll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Ppoll([In, Out] PollFd[] handles, nuint count, in TimeSpec timeout, nint signalMask);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int Handle;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
