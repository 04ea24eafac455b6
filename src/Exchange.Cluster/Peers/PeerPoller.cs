// Problem: in a commit each hop wakes a member that may be asleep; if it slept for a fixed time, each hop would cost up to that time.
// Idea:    one epoll descriptor knows all sockets of the member and an eventfd. The thread that serves them asks it in each turn, and sleeps
//          on the same descriptor when there is nothing to do, so that the first byte ends the sleep. Other threads end it by the eventfd.
// Must hold: no wake-up is lost. The state goes Idle -> Waiting (by the waiter) -> Signalled (by a setter); a setter that finds Waiting
//          writes the eventfd; a waiter that finds Signalled does not sleep. A write that comes late costs one spurious wake-up, no more.
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Exchange.Cluster.Peers;

/// <summary>Which sockets are ready, and sleeping until one is. Polled and waited for by one thread, woken by any.</summary>
public sealed class PeerPoller : IDisposable
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Signalled = 2;
    private const int ReadyMax = 64;
    private const int CloseOnExecAndNonBlocking = 0x80000 | 0x800;
    private const ulong WakeTag = ulong.MaxValue;

    // struct epoll_event is packed on x86 only: 4 bytes of events, then 8 of data, at offset 4 or 8.
    private static readonly int s_eventBytes = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;

    private readonly byte[] _events = GC.AllocateArray<byte>(s_eventBytes * ReadyMax, pinned: true);
    private readonly int _epoll;
    private readonly int _wake;
    private int _state;
    private bool _isWritten;
    private bool _isDisposed;

    /// <summary>Creates a poller without sockets.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    /// <exception cref="IOException">The process has no descriptor left.</exception>
    public PeerPoller()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("members of a cluster need Linux");
        }

        _epoll = PeerSockets.EpollCreate(0x80000);
        _wake = PeerSockets.EventDescriptor(0, CloseOnExecAndNonBlocking);
        if (_epoll < 0 || _wake < 0)
        {
            throw new IOException("no descriptor left for the member's sockets: raise the limit of open files");
        }

        Control(PeerSockets.EpollAdd, _wake, PeerSockets.EpollIn, WakeTag);
    }

    /// <summary>Becomes readable when a socket is ready or somebody wakes; for a sleep that waits for more than this poller.</summary>
    public int Descriptor => _epoll;

    /// <summary>Ends the sleep of the thread that waits, or keeps it from falling asleep; from any thread.</summary>
    public void Wake()
    {
        // Partner: the CompareExchange in WaitForInput. Both are full fences, so what was written before is seen by the woken thread.
        if (Interlocked.Exchange(ref _state, Signalled) == Waiting)
        {
            ulong one = 1;
            _ = PeerSockets.Write(_wake, in one, sizeof(ulong));

            // Partner: WaitForInput. Only behind the write, so that what it reads away is there.
            Volatile.Write(ref _isWritten, true);
        }
    }

    /// <summary>Sleeps until a socket is ready, somebody wakes, or the time is over; returns whether it was one of the first two.</summary>
    /// <param name="timeoutNs">Longest sleep in nanoseconds.</param>
    public bool WaitForInput(long timeoutNs)
    {
        // Partner: Wake.
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Signalled)
        {
            Volatile.Write(ref _state, Idle);
            return true;
        }

        PeerSockets.TimeSpec timeout = new() { Seconds = timeoutNs / 1_000_000_000, Nanoseconds = timeoutNs % 1_000_000_000 };
        PeerSockets.PollDescriptor descriptor = new() { Descriptor = _epoll, Events = PeerSockets.PollIn };
        int ready = PeerSockets.Poll(ref descriptor, 1, in timeout, 0);

        if (ready > 0 && Volatile.Read(ref _isWritten))
        {
            ReadAway();
        }

        // Who wakes between the sleep and this line has announced work that the caller is about to look for anyway.
        return Interlocked.Exchange(ref _state, Idle) == Signalled || ready > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _ = PeerSockets.Close(_wake);
            _ = PeerSockets.Close(_epoll);
        }
    }

    /// <summary>Adds a socket.</summary>
    internal void Add(int socket, uint interest, ulong tag) => Control(PeerSockets.EpollAdd, socket, interest, tag);

    /// <summary>Changes what is waited for on a socket. A socket leaves by being closed.</summary>
    internal void Modify(int socket, uint interest, ulong tag) => Control(PeerSockets.EpollModify, socket, interest, tag);

    /// <summary>Asks which sockets are ready; returns how many <see cref="Ready"/> tells of.</summary>
    internal int Ask() => Math.Max(0, PeerSockets.EpollWait(_epoll, ref MemoryMarshal.GetArrayDataReference(_events), ReadyMax, 0));

    /// <summary>One of the ready sockets; false when it was only somebody who woke.</summary>
    internal bool Ready(int index, out ulong tag)
    {
        tag = BinaryPrimitives.ReadUInt64LittleEndian(_events.AsSpan((index * s_eventBytes) + s_eventBytes - 8));
        if (tag != WakeTag)
        {
            return true;
        }

        ReadAway();
        return false;
    }

    private void ReadAway()
    {
        Volatile.Write(ref _isWritten, false);
        ulong count = 0;
        _ = PeerSockets.Read(_wake, ref count, sizeof(ulong));
    }

    private void Control(int operation, int socket, uint interest, ulong tag)
    {
        Span<byte> description = stackalloc byte[16];
        description.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(description, interest);
        BinaryPrimitives.WriteUInt64LittleEndian(description[(s_eventBytes - 8)..], tag);
        _ = PeerSockets.EpollControl(_epoll, operation, socket, ref MemoryMarshal.GetReference(description));
    }
}
