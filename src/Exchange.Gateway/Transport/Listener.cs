// Problem: connections come rarely, but a thread that spins must not pay a system call per turn to find out.
// Idea:    an asynchronous accept loop off the gateway thread puts accepted sockets into a small queue and wakes the gateway thread, which
//          alone decides about them. Both transports share it.
// Must hold: at most QueueMax sockets wait; beyond that the kernel's backlog holds them. An accept that fails (out of descriptors) is
//          tried again after a pause and never ends the loop.
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Exchange.Gateway.Transport;

/// <summary>Listens on one address and hands out accepted sockets.</summary>
internal sealed class Listener : IDisposable
{
    private const int QueueMax = 64;
    private const int Backlog = 512;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<Socket> _accepted = new();
    private readonly SemaphoreSlim _room = new(QueueMax, QueueMax);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Socket _socket;
    private readonly WakeSignal _signal;
    private readonly Task _acceptLoop;

    /// <summary>Binds and starts to listen.</summary>
    /// <exception cref="GatewayListenException">The address cannot be bound.</exception>
    public Listener(IPEndPoint endPoint, WakeSignal signal)
    {
        _signal = signal;
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // The runtime sets SO_REUSEADDR by itself on Unix, so a restart does not wait for TIME_WAIT. Setting ReuseAddress here would
            // add SO_REUSEPORT, and then a second exchange would share the port silently instead of failing.
            _socket.Bind(endPoint);
            _socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            _socket.Dispose();
            throw new GatewayListenException(Describe(endPoint, e), e);
        }

        LocalEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _acceptLoop = Task.Run(AcceptLoopAsync);
    }

    /// <summary>Where it listens; the port is the real one even when 0 was asked for.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Takes the next accepted socket.</summary>
    public bool TryTake([NotNullWhen(true)] out Socket? socket)
    {
        if (_accepted.IsEmpty || !_accepted.TryDequeue(out socket))
        {
            socket = null;
            return false;
        }

        _room.Release();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _socket.Dispose();

        // The loop ends at once: everything that it waits for has just been cancelled, but for a pause of milliseconds.
        _acceptLoop.Wait();
        DisposeAccepted();
        _stopping.Dispose();
        _room.Dispose();
    }

    private void DisposeAccepted()
    {
        while (_accepted.TryDequeue(out Socket? socket))
        {
            socket.Dispose();
        }
    }

    private static string Describe(IPEndPoint endPoint, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"{endPoint} is in use: stop the process that listens there or choose another port",
        SocketError.AccessDenied => $"{endPoint} may not be bound by this user: choose a port above 1023",
        SocketError.AddressNotAvailable => $"{endPoint} is not an address of this machine: choose one that is",
        _ => $"{endPoint} cannot be listened on: {e.Message}",
    };

    private async Task AcceptLoopAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _room.WaitAsync(_stopping.Token);
                Socket socket = await AcceptOrReturnRoomAsync();
                _accepted.Enqueue(socket);
                _signal.Set();
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                break;
            }
            catch (SocketException)
            {
                if (!_stopping.IsCancellationRequested)
                {
                    await Task.Delay(PauseAfterFailure);
                }
            }
        }
    }

    private async Task<Socket> AcceptOrReturnRoomAsync()
    {
        try
        {
            return await _socket.AcceptAsync(_stopping.Token);
        }
        catch
        {
            _room.Release();
            throw;
        }
    }
}
