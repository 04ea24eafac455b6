// Problem: a member's thread asks its sockets in every turn, and a redial that fails every 200 ms must not cost an exception each time.
// Idea:    the system calls themselves, on descriptors that nobody else knows. They are non-blocking and closed when a child is started.
// Must hold: no call is made on a descriptor after it was closed; none of them waits, but for Poll, which is there to wait.
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Exchange.Cluster.Peers;

/// <summary>TCP sockets, epoll and eventfd of Linux.</summary>
internal static partial class PeerSockets
{
    public const int ErrorInterrupted = 4;
    public const int ErrorWouldBlock = 11;
    public const int ErrorBrokenPipe = 32;
    public const int ErrorReset = 104;
    public const int ErrorRefused = 111;
    public const int ErrorInProgress = 115;

    public const int EpollAdd = 1;
    public const int EpollModify = 3;
    public const uint EpollIn = 1;
    public const uint EpollOut = 4;

    public const short PollIn = 1;

    /// <summary>Most bytes of a socket address.</summary>
    public const int AddressBytesMax = 28;

    private const string Library = "libc";
    private const int FamilyIPv4 = 2;
    private const int FamilyIPv6 = 10;
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int LevelSocket = 1;
    private const int LevelTcp = 6;
    private const int OptionReuseAddress = 2;
    private const int OptionError = 4;
    private const int OptionKeepAlive = 9;
    private const int OptionNoDelay = 1;
    private const int OptionKeepIdle = 4;
    private const int OptionKeepInterval = 5;
    private const int OptionKeepCount = 6;
    private const int OptionUserTimeout = 18;
    private const int SendFlags = 0x4000; // no SIGPIPE

    /// <summary>What a dead link takes to show when this side sends, or only listens; a dead process shows at once.</summary>
    private const int DeadLinkSeconds = 5;

    /// <summary>A socket of the address's family; -1 when there is none to be had.</summary>
    public static int Open(SocketAddress address) => Socket(address.Family == AddressFamily.InterNetworkV6 ? FamilyIPv6 : FamilyIPv4, Stream | NonBlocking | CloseOnExec, 0);

    /// <summary>Begins to connect; 0, or the error, of which <see cref="ErrorInProgress"/> is the usual one.</summary>
    public static int StartConnect(int socket, SocketAddress address) =>
        Connect(socket, in MemoryMarshal.GetReference(address.Buffer.Span), address.Size) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>How a connect ended; 0 when it succeeded.</summary>
    public static int ConnectError(int socket)
    {
        int error = 0;
        int length = sizeof(int);
        return GetOption(socket, LevelSocket, OptionError, ref error, ref length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    /// <summary>Listens; the error is the negative result.</summary>
    public static int Listen(SocketAddress address, int backlog)
    {
        int socket = Open(address);
        if (socket < 0)
        {
            return -Marshal.GetLastPInvokeError();
        }

        // Without it a restart would have to wait for the last life's connections to be forgotten.
        Set(socket, LevelSocket, OptionReuseAddress, 1);
        if (Bind(socket, in MemoryMarshal.GetReference(address.Buffer.Span), address.Size) == 0 && ListenOn(socket, backlog) == 0)
        {
            return socket;
        }

        int error = Marshal.GetLastPInvokeError();
        _ = Close(socket);
        return -error;
    }

    /// <summary>Takes a connection; -1 when none waits.</summary>
    public static int Accept(int listener, Span<byte> address, out int addressBytes)
    {
        addressBytes = address.Length;
        return Accept4(listener, ref MemoryMarshal.GetReference(address), ref addressBytes, NonBlocking | CloseOnExec);
    }

    /// <summary>Where a socket is bound.</summary>
    public static IPEndPoint LocalEndPoint(int socket, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[AddressBytesMax];
        int length = bytes.Length;
        return GetName(socket, ref MemoryMarshal.GetReference(bytes), ref length) == 0 ? EndPoint(bytes[..length], family) : new IPEndPoint(IPAddress.None, 0);
    }

    /// <summary>Reads a socket address.</summary>
    public static IPEndPoint EndPoint(ReadOnlySpan<byte> address, AddressFamily family)
    {
        SocketAddress parsed = new(family, address.Length);
        address.CopyTo(parsed.Buffer.Span);
        return (IPEndPoint)new IPEndPoint(IPAddress.Any, 0).Create(parsed);
    }

    /// <summary>Sends at once, and finds out by itself when the other host is gone.</summary>
    public static void SetUp(int socket)
    {
        Set(socket, LevelTcp, OptionNoDelay, 1);
        Set(socket, LevelTcp, OptionUserTimeout, DeadLinkSeconds * 1000);
        Set(socket, LevelSocket, OptionKeepAlive, 1);
        Set(socket, LevelTcp, OptionKeepIdle, 1);
        Set(socket, LevelTcp, OptionKeepInterval, 1);
        Set(socket, LevelTcp, OptionKeepCount, DeadLinkSeconds - 1);
    }

    /// <summary>Sends what fits; the number of bytes, or the negative error.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> bytes)
    {
        nint sent = SendTo(socket, in MemoryMarshal.GetReference(bytes), bytes.Length, SendFlags);
        return sent >= 0 ? (int)sent : -Marshal.GetLastPInvokeError();
    }

    /// <summary>Receives what is there; the number of bytes, 0 at the end, or the negative error.</summary>
    public static int Receive(int socket, Span<byte> space)
    {
        nint count = ReceiveFrom(socket, ref MemoryMarshal.GetReference(space), space.Length, 0);
        return count >= 0 ? (int)count : -Marshal.GetLastPInvokeError();
    }

    /// <summary>Tells the other side that nothing more will come.</summary>
    public static void EndSending(int socket) => _ = Shutdown(socket, 1);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, ref byte epollEvent);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, ref byte events, int eventsMax, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, ref ulong value, nint length);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, ref readonly ulong value, nint length);

    [LibraryImport(Library, EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(ref PollDescriptor first, nuint count, ref readonly TimeSpec timeout, nint signalMask);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(int socket, ref readonly byte address, int length);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, ref readonly byte address, int length);

    [LibraryImport(Library, EntryPoint = "listen", SetLastError = true)]
    private static partial int ListenOn(int socket, int backlog);

    [LibraryImport(Library, EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept4(int socket, ref byte address, ref int length, int flags);

    [LibraryImport(Library, EntryPoint = "getsockname", SetLastError = true)]
    private static partial int GetName(int socket, ref byte address, ref int length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOption(int socket, int level, int option, ref int value, ref int length);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int option, ref readonly int value, int length);

    [LibraryImport(Library, EntryPoint = "shutdown", SetLastError = true)]
    private static partial int Shutdown(int socket, int how);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    private static partial nint SendTo(int socket, ref readonly byte buffer, nint length, int flags);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    private static partial nint ReceiveFrom(int socket, ref byte buffer, nint length, int flags);

    private static void Set(int socket, int level, int option, int value) => _ = SetOption(socket, level, option, in value, sizeof(int));

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>struct timespec of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
