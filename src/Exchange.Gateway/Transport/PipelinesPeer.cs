using System.IO.Pipelines;
using System.Net.Sockets;
using Exchange.Gateway.Connections;

namespace Exchange.Gateway.Transport;

/// <summary>
/// A client's socket and its two pipes. Used on the gateway thread only, except for what lies between a secured stream and the pipes:
/// that runs on the thread pool, and shares the three volatile values with the gateway thread.
/// </summary>
internal sealed class PipelinesPeer
{
    private const int OutputPauseBytes = 64 * 1024;
    private const int SegmentBytes = 16 * 1024;

    private readonly SocketOperation _receiving;
    private readonly SocketOperation _sending;
    private bool _isBroken;
    private bool _isReleased;
    private long _bytesSent;

    /// <summary>Creates the pipes of a socket.</summary>
    public PipelinesPeer(Socket socket, FixConnection connection, GatewayScheduler scheduler, int inputPauseBytes, SecuredStream? secured = null)
    {
        Socket = socket;
        Connection = connection;
        Secured = secured;
        PipeScheduler outside = secured is null ? scheduler : PipeScheduler.ThreadPool;
        Input = new Pipe(Options(reader: scheduler, writer: outside, inputPauseBytes));
        Output = new Pipe(Options(reader: outside, writer: scheduler, OutputPauseBytes));
        _receiving = new SocketOperation(scheduler);
        _sending = new SocketOperation(scheduler);
    }

    /// <summary>The socket.</summary>
    public Socket Socket { get; }

    /// <summary>The secured stream over the socket; null on a plain port.</summary>
    public SecuredStream? Secured { get; }

    /// <summary>The connection; not touched once <see cref="IsReleased"/>.</summary>
    public FixConnection Connection { get; }

    /// <summary>From the client.</summary>
    public Pipe Input { get; }

    /// <summary>To the client.</summary>
    public Pipe Output { get; }

    /// <summary>Opened when the outbound buffer has bytes.</summary>
    public AsyncGate OutputReady { get; } = new();

    /// <summary>Opened when reading may go on.</summary>
    public AsyncGate ReadingResumed { get; } = new();

    /// <summary>The read loop waits for <see cref="ReadingResumed"/>.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Reading or writing failed.</summary>
    public bool IsBroken
    {
        // The thread pool sets it for a secured stream.
        get => Volatile.Read(ref _isBroken);
        set => Volatile.Write(ref _isBroken, value);
    }

    /// <summary>The owner has let go.</summary>
    public bool IsReleased
    {
        // Read on the thread pool for a secured stream.
        get => Volatile.Read(ref _isReleased);
        set => Volatile.Write(ref _isReleased, value);
    }

    /// <summary>Bytes handed to the pipe.</summary>
    public long BytesWritten { get; set; }

    /// <summary>Bytes taken by the socket.</summary>
    public long BytesSent
    {
        // The thread pool counts for a secured stream.
        get => Volatile.Read(ref _bytesSent);
        set => Volatile.Write(ref _bytesSent, value);
    }

    /// <summary>Receives from the client; 0 means that it closed its half, -1 that the connection is broken. Throws nothing that a client can cause.</summary>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => Secured is null ? _receiving.ReceiveAsync(Socket, buffer) : Secured.ReceiveAsync(buffer);

    /// <summary>Sends to the client; the number of bytes taken, or -1 when the connection is broken. Throws nothing that a client can cause.</summary>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer) => Secured is null ? _sending.SendAsync(Socket, buffer) : Secured.SendAsync(buffer);

    /// <summary>Nothing is received any more.</summary>
    public void EndReceiving() => _receiving.Dispose();

    /// <summary>Nothing is sent any more.</summary>
    public void EndSending() => _sending.Dispose();

    private static PipeOptions Options(PipeScheduler reader, PipeScheduler writer, int pauseBytes) =>
        new(null, reader, writer, pauseBytes, pauseBytes / 2, SegmentBytes, useSynchronizationContext: false);
}
