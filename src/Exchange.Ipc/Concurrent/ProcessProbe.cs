// Problem: a peer killed with SIGKILL says nothing, and waiting for its heartbeat to age takes seconds. A process id alone misleads: it
// is reused, it still exists while the dead process waits to be reaped, and it means nothing in another pid namespace.
// Idea: open a pidfd once, early; it stays bound to that very process and polls readable as soon as it has ended.
// What must hold: "gone" is only said when it is certain. Whatever cannot be checked counts as alive; heartbeats then decide.
using System.Globalization;
using System.Runtime.InteropServices;

namespace Exchange.Ipc.Concurrent;

/// <summary>Watches one process of this machine.</summary>
internal sealed unsafe class ProcessProbe : IDisposable
{
    private const long SystemCallPidFdOpen = 434;
    private readonly int _fd;
    private bool _isGone;

    private ProcessProbe(int fd, bool isGone)
    {
        _fd = fd;
        _isGone = isGone;
    }

    /// <summary>Inode of this process's pid namespace; 0 when unknown.</summary>
    internal static long PidNamespace { get; } = ReadPidNamespace();

    /// <summary>True once the process has certainly ended.</summary>
    internal bool IsGone => _isGone || PollEnded();

    /// <summary>Starts watching.</summary>
    /// <param name="pid">Process id in this process's namespace.</param>
    /// <param name="pidNamespace">Namespace in which the peer said its pid; 0 when it did not say.</param>
    /// <returns>Null when the process cannot be watched: it is this one, lives in another namespace, or the kernel refuses.</returns>
    internal static ProcessProbe? TryWatch(long pid, long pidNamespace)
    {
        if (pid <= 0 || pid > int.MaxValue || pid == Environment.ProcessId || pidNamespace == 0 || pidNamespace != PidNamespace)
        {
            return null;
        }

        long fd = Libc.SystemCall(SystemCallPidFdOpen, pid, 0);
        if (fd >= 0)
        {
            return new ProcessProbe((int)fd, isGone: false);
        }

        return Marshal.GetLastPInvokeError() == Libc.ErrorNoSuchProcess ? new ProcessProbe(-1, isGone: true) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_fd >= 0)
        {
            _ = Libc.Close(_fd);
        }

        _isGone = true;
    }

    private static long ReadPidNamespace()
    {
        try
        {
            // The link reads "pid:[4026531836]".
            string? target = new FileInfo("/proc/self/ns/pid").LinkTarget;
            int start = target?.IndexOf('[', StringComparison.Ordinal) ?? -1;
            return start > 0 && long.TryParse(target.AsSpan(start + 1).TrimEnd(']'), CultureInfo.InvariantCulture, out long inode) ? inode : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private bool PollEnded()
    {
        Libc.PollDescriptor descriptor = new() { Fd = _fd, Events = Libc.PollIn };
        if (Libc.Poll(&descriptor, 1, 0) > 0 && (descriptor.Revents & Libc.PollIn) != 0)
        {
            _isGone = true;
        }

        return _isGone;
    }
}
