// Problem: connections come rarely, but a thread that spins must not pay a system call per turn to find out.
// Idea:    an asynchronous accept loop off the gateway thread puts accepted sockets into a small queue and wakes the gateway thread, which
//          alone decides about them. Both transports share it.
//          A port that must do something with a socket first (TLS) is handed each one instead, and says when its place is free again.
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
    private readonly SemaphoreSlim _room;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Socket _socket;
    private readonly WakeSignal _signal;
    private readonly Action<Socket>? _take;
    private readonly Task _acceptLoop;

    /// <summary>Binds and starts to listen.</summary>
    /// <param name="endPoint">Where.</param>
    /// <param name="signal">Set when a socket is there to be taken.</param>
    /// <param name="take">Takes each socket instead of the queue, off the gateway thread; <see cref="Return"/> follows for each.</param>
    /// <param name="max">Most sockets waiting.</param>
    /// <exception cref="GatewayListenException">The address cannot be bound.</exception>
    public Listener(IPEndPoint endPoint, WakeSignal signal, Action<Socket>? take = null, int max = QueueMax)
    {
        _signal = signal;
        _take = take;
        _room = new SemaphoreSlim(max, max);
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

    /// <summary>A socket that was taken waits no more.</summary>
    public void Return() => _room.Release();

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
                if (_take is not null)
                {
                    _take(socket);
                    continue;
                }

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
