using System.Net;
using System.Net.Sockets;
using Exchange.Gateway.Connections;

namespace Exchange.Gateway.Transport;

/// <summary>Attaches connections to sockets.</summary>
internal abstract class ConnectionTransport : IConnectionTransport
{
    private readonly Listener _listener;

    /// <summary>Listens.</summary>
    /// <exception cref="GatewayListenException">The address cannot be bound.</exception>
    protected ConnectionTransport(IPEndPoint endPoint, WakeSignal signal) => _listener = new Listener(endPoint, signal);

    /// <inheritdoc/>
    public IPEndPoint LocalEndPoint => _listener.LocalEndPoint;

    /// <inheritdoc/>
    public virtual IPEndPoint? TlsEndPoint => null;

    /// <inheritdoc/>
    public abstract int DoWork(ITransportOwner owner);

    /// <inheritdoc/>
    public abstract void Flush(FixConnection connection);

    /// <inheritdoc/>
    public abstract bool IsFlushed(FixConnection connection);

    /// <inheritdoc/>
    public abstract void ShutdownSend(FixConnection connection);

    /// <inheritdoc/>
    public abstract void Release(FixConnection connection);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Serves an accepted socket.</summary>
    protected abstract void Add(Socket socket, FixConnection connection);

    /// <summary>Stops listening; a derived transport closes its sockets too.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _listener.Dispose();
        }
    }

    /// <summary>Takes accepted connections over from the listener.</summary>
    protected int AcceptPending(ITransportOwner owner)
    {
        int accepted = 0;
#pragma warning disable CA2000 // The socket goes to the derived transport, or is disposed where no connection was given.
        while (owner.TakesConnections && _listener.TryTake(out Socket? socket))
#pragma warning restore CA2000
        {
            accepted++;
            FixConnection? connection = TryPrepare(socket, out IPEndPoint? remote) ? owner.Accept(remote) : null;
            if (connection is null)
            {
                socket.Dispose();
            }
            else
            {
                Add(socket, connection);
            }
        }

        return accepted;
    }

    /// <summary>Finds out whom an accepted socket belongs to; false when the client is gone already.</summary>
    protected static bool TryPrepare(Socket socket, out IPEndPoint? remote)
    {
        try
        {
            socket.NoDelay = true;
            remote = socket.RemoteEndPoint as IPEndPoint;
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            remote = null;
            return false;
        }
    }

    /// <summary>Shuts down our half of a connection; a failure shows at the next read.</summary>
    protected static void ShutdownSend(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client was faster.
        }
    }
}
