// Problem: a gateway that shares its box should sleep until a socket has something to say, and wake at once when it has.
// Idea:    System.IO.Pipelines over asynchronous sockets. Each connection has four loops: receive (socket to pipe), read (pipe to connection),
//          write (connection to pipe) and send (pipe to socket). All of them run on the gateway thread: completions are queued by
//          GatewayScheduler, which wakes the thread, and run inside DoWork.
// Must hold: after Release no loop touches the connection again, because its slot may serve the next client. A client that is not read for
//          lack of room in the ingress fills its pipe, then the pipe stops the receive loop, then TCP stops the client.
using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Exchange.Gateway.Connections;

namespace Exchange.Gateway.Transport;

/// <summary>Asynchronous sockets behind pipes.</summary>
internal sealed partial class PipelinesTransport : ConnectionTransport
{
    private const int WorkItemsPerTurn = 256;

    private readonly PipelinesPeer?[] _peers;
    private readonly GatewayScheduler _scheduler;
    private readonly GatewayOptions _options;
    private readonly byte[] _stitch;
    private int _pausedCount;
    private ITransportOwner? _owner;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Listens.</summary>
    /// <exception cref="GatewayListenException">The address cannot be bound.</exception>
    public PipelinesTransport(GatewayOptions options, WakeSignal signal, IGatewayLog log)
        : base(options.ListenEndPoint, signal)
    {
        _options = options;
        _scheduler = new GatewayScheduler(signal);
        _peers = new PipelinesPeer?[options.ConnectionsMax];

        // A pipe's block may be completed beyond its pause threshold by one read.
        _stitch = new byte[options.InboundBufferBytes * 2];
        _tls = options.Tls is null ? null : ListenForTls(options.Tls, signal, log);
    }

    /// <inheritdoc/>
    public override int DoWork(ITransportOwner owner)
    {
        _owner = owner;
        int work = AcceptPending(owner) + AcceptSecured(owner);
        if (_pausedCount > 0)
        {
            ResumeReading();
        }

        work += _scheduler.Run(WorkItemsPerTurn);
        _failure?.Throw();
        return work;
    }

    /// <inheritdoc/>
    public override void Flush(FixConnection connection)
    {
        // The write loop runs inside Open; its flush queues the send loop, which the DoWork that follows in the same duty cycle runs.
        _peers[connection.Slot]!.OutputReady.Open();
    }

    /// <inheritdoc/>
    public override bool IsFlushed(FixConnection connection)
    {
        PipelinesPeer peer = _peers[connection.Slot]!;
        return peer.IsBroken || (connection.Outbound.PendingBytes == 0 && peer.BytesSent == peer.BytesWritten);
    }

    /// <inheritdoc/>
    public override void ShutdownSend(FixConnection connection)
    {
        PipelinesPeer peer = _peers[connection.Slot]!;
        if (peer.Secured is null)
        {
            ShutdownSend(peer.Socket);
        }
        else
        {
            _ = peer.Secured.ShutdownAsync();
        }
    }

    /// <inheritdoc/>
    public override void Release(FixConnection connection)
    {
        PipelinesPeer? peer = _peers[connection.Slot];
        if (peer is null)
        {
            return;
        }

        _peers[connection.Slot] = null;
        if (peer.IsPaused)
        {
            _pausedCount--;
        }

        // Each loop looks at IsReleased after whatever it waits for; disposing the socket ends the two that wait for it.
        peer.IsReleased = true;
        peer.Secured?.Dispose();
        peer.Socket.Dispose();
        peer.ReadingResumed.Open();
        peer.OutputReady.Open();
    }

    /// <inheritdoc/>
    protected override void Add(Socket socket, FixConnection connection)
    {
        PipelinesPeer peer = new(socket, connection, _scheduler, _options.InboundBufferBytes);
        _peers[connection.Slot] = peer;
        _ = ObserveAsync(ReceiveLoopAsync(peer));
        _ = ObserveAsync(ReadLoopAsync(peer));
        _ = ObserveAsync(WriteLoopAsync(peer));
        _ = ObserveAsync(SendLoopAsync(peer));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _tls?.Dispose();
            foreach (PipelinesPeer? peer in _peers)
            {
                if (peer is not null)
                {
                    Release(peer.Connection);
                }
            }

            _scheduler.Run(int.MaxValue);
        }

        base.Dispose(disposing);
    }

    /// <summary>Keeps what escaped from a loop for DoWork to throw, since nobody awaits the loops and a broken invariant must not go unseen.</summary>
    private async Task ObserveAsync(Task loop)
    {
        try
        {
            await loop.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
        }
    }

    /// <summary>Socket to pipe; on the gateway thread, or for a secured stream on the thread pool.</summary>
    private static async Task ReceiveLoopAsync(PipelinesPeer peer)
    {
        PipeWriter writer = peer.Input.Writer;
        while (true)
        {
            int count = await peer.ReceiveAsync(writer.GetMemory()).ConfigureAwait(false);
            if (count <= 0)
            {
                peer.IsBroken |= count < 0;
                break;
            }

            writer.Advance(count);
            FlushResult flushed = await writer.FlushAsync().ConfigureAwait(false);
            if (flushed.IsCompleted)
            {
                break;
            }
        }

        await writer.CompleteAsync().ConfigureAwait(false);
        peer.EndReceiving();
    }

    /// <summary>Pipe to connection.</summary>
    private async Task ReadLoopAsync(PipelinesPeer peer)
    {
        PipeReader reader = peer.Input.Reader;
        while (true)
        {
            ReadResult result = await reader.ReadAsync().ConfigureAwait(false);
            if (peer.IsReleased)
            {
                break;
            }

            SequencePosition consumed = Deliver(peer, result.Buffer);
            bool isHeld = peer.Connection.IsReadPaused && !result.Buffer.Slice(consumed).IsEmpty;
            reader.AdvanceTo(consumed, isHeld ? consumed : result.Buffer.End);
            if (isHeld)
            {
                peer.IsPaused = true;
                _pausedCount++;
                await peer.ReadingResumed.WaitAsync().ConfigureAwait(false);
                if (peer.IsReleased)
                {
                    break;
                }
            }
            else if (result.IsCompleted)
            {
                _owner!.Disconnected(peer.Connection, peer.IsBroken ? CloseReason.SocketError : CloseReason.PeerClosed);
                break;
            }
        }

        await reader.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Connection to pipe.</summary>
    private static async Task WriteLoopAsync(PipelinesPeer peer)
    {
        PipeWriter writer = peer.Output.Writer;
        while (!peer.IsReleased && !peer.IsBroken)
        {
            await peer.OutputReady.WaitAsync().ConfigureAwait(false);
            while (!peer.IsReleased && peer.Connection.Outbound.PendingBytes > 0)
            {
                int count = MoveToPipe(peer.Connection.Outbound, writer);
                peer.BytesWritten += count;
                FlushResult flushed = await writer.FlushAsync().ConfigureAwait(false);
                if (flushed.IsCompleted)
                {
                    break;
                }
            }
        }

        await writer.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Pipe to socket; on the gateway thread, or for a secured stream on the thread pool.</summary>
    private static async Task SendLoopAsync(PipelinesPeer peer)
    {
        PipeReader reader = peer.Output.Reader;
        while (true)
        {
            ReadResult result = await reader.ReadAsync().ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (peer.IsReleased || (buffer.IsEmpty && result.IsCompleted))
            {
                break;
            }

            int sent = await peer.SendAsync(buffer.First).ConfigureAwait(false);
            if (sent < 0)
            {
                // The receive loop sees the same failure and reports it.
                peer.IsBroken = true;
                break;
            }

            peer.BytesSent += sent;
            reader.AdvanceTo(buffer.GetPosition(sent));
        }

        await reader.CompleteAsync().ConfigureAwait(false);
        peer.EndSending();
    }

    private static int MoveToPipe(OutboundBuffer outbound, PipeWriter writer)
    {
        Span<byte> target = writer.GetSpan();
        int count = Math.Min(target.Length, outbound.PendingBytes);
        outbound.Pending[..count].CopyTo(target);
        outbound.Consume(count);
        writer.Advance(count);
        return count;
    }

    private SequencePosition Deliver(PipelinesPeer peer, in ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsSingleSegment)
        {
            return buffer.GetPosition(_owner!.Receive(peer.Connection, MemoryMarshal.AsMemory(buffer.First).Span));
        }

        // Rare: the bytes lie across two blocks of the pipe. A message must be contiguous, so they are stitched together.
        int length = (int)Math.Min(buffer.Length, _stitch.Length);
        Span<byte> stitched = _stitch.AsSpan(0, length);
        buffer.Slice(0, length).CopyTo(stitched);
        int consumed = _owner!.Receive(peer.Connection, stitched);

        // Any message may hold a password, and the connection wiped the copy only.
        stitched.Clear();
        foreach (ReadOnlyMemory<byte> segment in buffer.Slice(0, consumed))
        {
            MemoryMarshal.AsMemory(segment).Span.Clear();
        }

        return buffer.GetPosition(consumed);
    }

    private void ResumeReading()
    {
        foreach (PipelinesPeer? peer in _peers)
        {
            // A connection that waits for room in the ingress tries once per turn; one whose password is being checked waits until it may read.
            if (peer is { IsPaused: true } && (peer.Connection.IsBackPressured || !peer.Connection.IsReadPaused))
            {
                peer.IsPaused = false;
                _pausedCount--;
                peer.ReadingResumed.Open();
            }
        }
    }
}
