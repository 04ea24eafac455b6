using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Exchange.Gateway.Transport;

/// <summary>
/// One direction of a socket as something to await: the result is the number of bytes, or -1 when the socket is broken or was released. The continuation runs on the scheduler's thread. Reusable; one operation at a time.
/// </summary>
internal sealed class SocketOperation : SocketAsyncEventArgs, IValueTaskSource<int>
{
    private static readonly Action<object?> CompleteOnScheduler = static state => ((SocketOperation)state!).Complete();

    private readonly PipeScheduler _scheduler;
    private ManualResetValueTaskSourceCore<int> _core;

    /// <summary>Creates an operation whose continuations run on <paramref name="scheduler"/>.</summary>
    public SocketOperation(PipeScheduler scheduler)
        : base(true) => _scheduler = scheduler;

    /// <summary>Receives into a buffer; 0 means that the client closed its half.</summary>
    public ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> buffer)
    {
        SetBuffer(buffer);
        _core.Reset();
        try
        {
            return socket.ReceiveAsync(this) ? new ValueTask<int>(this, _core.Version) : new ValueTask<int>(Result());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The socket was released, or broke, between two receives.
            return new ValueTask<int>(-1);
        }
    }

    /// <summary>Sends from a buffer.</summary>
    public ValueTask<int> SendAsync(Socket socket, ReadOnlyMemory<byte> buffer)
    {
        SetBuffer(System.Runtime.InteropServices.MemoryMarshal.AsMemory(buffer));
        _core.Reset();
        try
        {
            return socket.SendAsync(this) ? new ValueTask<int>(this, _core.Version) : new ValueTask<int>(Result());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return new ValueTask<int>(-1);
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => _scheduler.Schedule(CompleteOnScheduler, this);

    private void Complete() => _core.SetResult(Result());

    private int Result() => SocketError == SocketError.Success ? BytesTransferred : -1;
}
