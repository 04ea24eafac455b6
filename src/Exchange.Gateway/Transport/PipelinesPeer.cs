using System.IO.Pipelines;
using System.Net.Sockets;
using Exchange.Gateway.Connections;

namespace Exchange.Gateway.Transport;

/// <summary>A client's socket and its two pipes. Used on the gateway thread only.</summary>
internal sealed class PipelinesPeer
{
    private const int OutputPauseBytes = 64 * 1024;
    private const int SegmentBytes = 16 * 1024;

    /// <summary>Creates the pipes of a socket.</summary>
    public PipelinesPeer(Socket socket, FixConnection connection, GatewayScheduler scheduler, int inputPauseBytes)
    {
        Socket = socket;
        Connection = connection;
        Input = new Pipe(Options(scheduler, inputPauseBytes));
        Output = new Pipe(Options(scheduler, OutputPauseBytes));
        Receiving = new SocketOperation(scheduler);
        Sending = new SocketOperation(scheduler);
    }

    /// <summary>The socket.</summary>
    public Socket Socket { get; }

    /// <summary>The connection; not touched once <see cref="IsReleased"/>.</summary>
    public FixConnection Connection { get; }

    /// <summary>From the client.</summary>
    public Pipe Input { get; }

    /// <summary>To the client.</summary>
    public Pipe Output { get; }

    /// <summary>The receive in progress.</summary>
    public SocketOperation Receiving { get; }

    /// <summary>The send in progress.</summary>
    public SocketOperation Sending { get; }

    /// <summary>Opened when the outbound buffer has bytes.</summary>
    public AsyncGate OutputReady { get; } = new();

    /// <summary>Opened when reading may go on.</summary>
    public AsyncGate ReadingResumed { get; } = new();

    /// <summary>The read loop waits for <see cref="ReadingResumed"/>.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Reading or writing failed.</summary>
    public bool IsBroken { get; set; }

    /// <summary>The owner has let go.</summary>
    public bool IsReleased { get; set; }

    /// <summary>Bytes handed to the pipe.</summary>
    public long BytesWritten { get; set; }

    /// <summary>Bytes taken by the socket.</summary>
    public long BytesSent { get; set; }

    private static PipeOptions Options(GatewayScheduler scheduler, int pauseBytes) =>
        new(null, scheduler, scheduler, pauseBytes, pauseBytes / 2, SegmentBytes, useSynchronizationContext: false);
}
