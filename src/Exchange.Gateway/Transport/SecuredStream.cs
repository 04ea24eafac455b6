using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Exchange.Gateway.Transport;

/// <summary>
/// A secured stream over a socket. What a client's bytes can make a TLS library throw nobody has listed, and one client must not end a
/// process that serves others: here any exception ends the one connection, and nothing throws.
/// </summary>
internal sealed class SecuredStream(Socket socket, SslStream stream) : IDisposable
{
    /// <summary>Receives into a buffer; 0 means that the client closed its half, -1 that the connection is broken.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        try
        {
            return await stream.ReadAsync(buffer).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The client broke off, sent what is not TLS, or was released.
            return -1;
        }
    }

    /// <summary>Sends a buffer, all of it; -1 means that the connection is broken.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer)
    {
        try
        {
            await stream.WriteAsync(buffer).ConfigureAwait(false);
            return buffer.Length;
        }
        catch (Exception)
        {
            // The end of the socket ends what is being received too, which reports it.
            socket.Dispose();
            return -1;
        }
    }

    /// <summary>Says in TLS's own words that nothing more will come, and then shuts down our half.</summary>
    public async Task ShutdownAsync()
    {
        try
        {
            await stream.ShutdownAsync().ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception)
        {
            // The client was faster.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            stream.Dispose();
        }
        catch (Exception)
        {
            // What is left of it ends with the socket.
        }

        socket.Dispose();
    }
}
