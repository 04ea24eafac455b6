// Problem: waking a sleeping thread costs more than everything else that happens to an order. A thread that spins can ask its sockets itself.
// Idea:    non-blocking recv and send, straight on pinned memory. With few connections each is asked in every turn, since an empty recv costs
//          no more than asking the kernel who is ready; with many, one epoll_wait per turn names those that are. The epoll descriptor is
//          also what the wake signal waits on, so the same transport may sleep and still be woken by the socket itself.
// Must hold: a connection is read at most once per turn, so none starves another. Bytes that the owner leaves stay at the front of the
//          connection's block, and nothing more is read until they are gone. No allocation per message.
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Exchange.Gateway.Connections;

namespace Exchange.Gateway.Transport;

/// <summary>Polled non-blocking sockets. Linux only.</summary>
internal sealed class PolledTransport : ConnectionTransport
{
    private const int AskEachUpTo = 8;
    private const int ReadyMax = 64;

    private readonly Peer?[] _peers;
    private readonly Peer[] _open;

    // Kept per slot, so that clients that come and go do not make garbage of pinned memory.
    private readonly byte[]?[] _inbound;
    private readonly int _inboundBytes;
    private readonly int _epoll;
    private readonly int _eventBytes;
    private readonly byte[] _events;
    private int _openCount;

    /// <summary>Listens.</summary>
    /// <exception cref="GatewayListenException">The address cannot be bound.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public PolledTransport(GatewayOptions options, WakeSignal signal)
        : base(options.ListenEndPoint, signal)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("the polled transport needs Linux; choose the Pipelines transport");
        }

        _peers = new Peer?[options.ConnectionsMax];
        _open = new Peer[options.ConnectionsMax];
        _inbound = new byte[]?[options.ConnectionsMax];
        _inboundBytes = options.InboundBufferBytes;

        // struct epoll_event is packed on x86 only: 4 bytes of events, then 8 of data, at offset 4 or 8.
        _eventBytes = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;
        _events = GC.AllocateArray<byte>(_eventBytes * ReadyMax, pinned: true);
        _epoll = LinuxSockets.EpollCreate(LinuxSockets.CloseOnExec);
        signal.Watch(_epoll);
    }

    /// <inheritdoc/>
    public override int DoWork(ITransportOwner owner)
    {
        int work = AcceptPending(owner);
        if (_openCount <= AskEachUpTo)
        {
            for (int i = 0; i < _openCount; i++)
            {
                work += Serve(_open[i], owner, isReady: true);
            }

            return work;
        }

        return work + ServeReady(owner);
    }

    /// <inheritdoc/>
    public override void Flush(FixConnection connection)
    {
        Peer peer = _peers[connection.Slot]!;
        OutboundBuffer outbound = connection.Outbound;
        while (outbound.PendingBytes > 0 && !peer.IsBroken)
        {
            ReadOnlySpan<byte> pending = outbound.Pending;
            nint sent = LinuxSockets.Send(peer.Descriptor, in MemoryMarshal.GetReference(pending), pending.Length, LinuxSockets.MessageDontWait | LinuxSockets.MessageNoSignal);
            if (sent > 0)
            {
                outbound.Consume((int)sent);
            }
            else if (Marshal.GetLastPInvokeError() is int error && error != LinuxSockets.ErrorInterrupted)
            {
                // A broken connection is reported by the next read, in the same way as one that breaks while nothing is being sent.
                peer.IsBroken = error != LinuxSockets.ErrorWouldBlock;
                return;
            }
        }
    }

    /// <inheritdoc/>
    public override bool IsFlushed(FixConnection connection) => connection.Outbound.PendingBytes == 0 || _peers[connection.Slot]!.IsBroken;

    /// <inheritdoc/>
    public override void ShutdownSend(FixConnection connection) => ShutdownSend(_peers[connection.Slot]!.Socket);

    /// <inheritdoc/>
    public override void Release(FixConnection connection)
    {
        Peer? peer = _peers[connection.Slot];
        if (peer is null)
        {
            return;
        }

        _peers[connection.Slot] = null;
        int index = Array.IndexOf(_open, peer, 0, _openCount);
        _open[index] = _open[--_openCount];
        _open[_openCount] = null!;
        peer.Socket.Dispose();
    }

    /// <inheritdoc/>
    protected override void Add(Socket socket, FixConnection connection)
    {
        socket.Blocking = false;
        byte[] inbound = _inbound[connection.Slot] ??= GC.AllocateUninitializedArray<byte>(_inboundBytes, pinned: true);
        Peer peer = new(socket, connection, inbound);
        _peers[connection.Slot] = peer;
        _open[_openCount++] = peer;
        SetInterest(peer, LinuxSockets.EpollControlAdd, LinuxSockets.EpollIn | LinuxSockets.EpollReadHangup);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            while (_openCount > 0)
            {
                Release(_open[_openCount - 1].Connection);
            }

            _ = LinuxSockets.Close(_epoll);
        }

        base.Dispose(disposing);
    }

    private int ServeReady(ITransportOwner owner)
    {
        // Those that hold bytes back first: their sockets may have nothing new to say, so epoll would not name them.
        int work = 0;
        for (int i = 0; i < _openCount; i++)
        {
            Peer peer = _open[i];
            if (peer.HoldsBytes || peer.IsBroken || peer.IsEnded)
            {
                work += Serve(peer, owner, isReady: false);
            }
        }

        int ready = LinuxSockets.EpollWait(_epoll, ref MemoryMarshal.GetArrayDataReference(_events), ReadyMax, 0);
        for (int i = 0; i < ready; i++)
        {
            int slot = BinaryPrimitives.ReadInt32LittleEndian(_events.AsSpan((i * _eventBytes) + _eventBytes - 8));
            if (_peers[slot] is Peer peer)
            {
                work += Serve(peer, owner, isReady: true);
            }
        }

        return work;
    }

    /// <summary>One turn of a connection: first what it holds, then, if nothing is held any more, one read.</summary>
    private int Serve(Peer peer, ITransportOwner owner, bool isReady)
    {
        if (peer.IsReported)
        {
            return 0;
        }

        int work = 0;
        if (peer.HoldsBytes)
        {
            work = Deliver(peer, owner);
            if (peer.HoldsBytes)
            {
                // Level-triggered readiness of a socket that is not going to be read would end every sleep at once.
                SetWanted(peer, isWanted: false);
                return work;
            }
        }

        SetWanted(peer, isWanted: true);
        if (!peer.IsEnded && !peer.IsBroken && isReady)
        {
            work += Read(peer, owner);
        }

        if (!peer.HoldsBytes && (peer.IsEnded || peer.IsBroken))
        {
            peer.IsReported = true;
            SetWanted(peer, isWanted: false);
            owner.Disconnected(peer.Connection, peer.IsBroken ? CloseReason.SocketError : CloseReason.PeerClosed);
            work++;
        }

        return work;
    }

    private static int Read(Peer peer, ITransportOwner owner)
    {
        Span<byte> free = peer.Inbound.AsSpan(peer.Tail);
        nint count = LinuxSockets.Receive(peer.Descriptor, ref MemoryMarshal.GetReference(free), free.Length, LinuxSockets.MessageDontWait);
        if (count > 0)
        {
            peer.Tail += (int)count;
            return 1 + Deliver(peer, owner);
        }

        if (count == 0)
        {
            peer.IsEnded = true;
            return 1;
        }

        int error = Marshal.GetLastPInvokeError();
        peer.IsBroken = error is not (LinuxSockets.ErrorWouldBlock or LinuxSockets.ErrorInterrupted);
        return 0;
    }

    private static int Deliver(Peer peer, ITransportOwner owner)
    {
        Span<byte> unread = peer.Inbound.AsSpan(peer.Head, peer.Tail - peer.Head);
        int consumed = owner.Receive(peer.Connection, unread);
        peer.Head += consumed;
        peer.HoldsBytes = peer.Connection.IsReadPaused && peer.Head < peer.Tail;
        if (peer.Head == peer.Tail)
        {
            peer.Head = 0;
            peer.Tail = 0;
        }
        else if (!peer.HoldsBytes && peer.Inbound.Length - peer.Tail < peer.Inbound.Length / 2)
        {
            // The start of a message; it fits into half the block, so after this move there is always room to read the rest.
            unread[consumed..].CopyTo(peer.Inbound);
            peer.Tail -= peer.Head;
            peer.Head = 0;
        }

        return consumed > 0 ? 1 : 0;
    }

    private void SetWanted(Peer peer, bool isWanted)
    {
        if (peer.IsWanted != isWanted)
        {
            peer.IsWanted = isWanted;
            SetInterest(peer, LinuxSockets.EpollControlModify, isWanted ? LinuxSockets.EpollIn | LinuxSockets.EpollReadHangup : 0);
        }
    }

    private void SetInterest(Peer peer, int operation, uint events)
    {
        Span<byte> description = stackalloc byte[16];
        description.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(description, events);
        BinaryPrimitives.WriteInt32LittleEndian(description[(_eventBytes - 8)..], peer.Connection.Slot);
        _ = LinuxSockets.EpollControl(_epoll, operation, peer.Descriptor, ref MemoryMarshal.GetReference(description));
    }

    /// <summary>A client's socket and what was read from it.</summary>
    private sealed class Peer(Socket socket, FixConnection connection, byte[] inbound)
    {
        public readonly Socket Socket = socket;
        public readonly FixConnection Connection = connection;
        public readonly int Descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        public readonly byte[] Inbound = inbound;
        public int Head;
        public int Tail;
        public bool HoldsBytes;
        public bool IsWanted = true;
        public bool IsEnded;
        public bool IsBroken;
        public bool IsReported;
    }
}
