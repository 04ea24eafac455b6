// The loops of a secured connection: what is plain about it (pipes, read loop, write loop) is the same as without TLS. Only the two loops
// between socket and pipes differ: they go through the secured stream, and run on the thread pool, since encrypting takes time that the
// gateway thread does not have.
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Exchange.Gateway.Connections;

namespace Exchange.Gateway.Transport;

internal sealed partial class PipelinesTransport
{
    private readonly TlsPort? _tls;

    /// <inheritdoc/>
    public override IPEndPoint? TlsEndPoint => _tls?.LocalEndPoint;

    private TlsPort ListenForTls(GatewayTlsOptions options, WakeSignal signal)
    {
        try
        {
            return new TlsPort(options, signal);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The client goes to its peer, or is disposed where no connection was given.")]
    private int AcceptSecured(ITransportOwner owner)
    {
        int accepted = 0;
        while (_tls is not null && owner.TakesConnections && _tls.TryTake(out TlsClient? client))
        {
            accepted++;
            FixConnection? connection = null;
            try
            {
                client.Socket.NoDelay = true;
                connection = owner.Accept(client.Socket.RemoteEndPoint as IPEndPoint, client.CertificateName);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The client is gone already.
            }

            if (connection is null)
            {
                client.Dispose();
            }
            else
            {
                AddSecured(client, connection);
            }
        }

        return accepted;
    }

    private void AddSecured(TlsClient client, FixConnection connection)
    {
        PipelinesPeer peer = new(client.Socket, connection, _scheduler, _options.InboundBufferBytes, client.Stream);
        _peers[connection.Slot] = peer;
        _ = ObserveAsync(Task.Run(() => ReceiveSecuredLoopAsync(peer)));
        _ = ObserveAsync(ReadLoopAsync(peer));
        _ = ObserveAsync(WriteLoopAsync(peer));
        _ = ObserveAsync(Task.Run(() => SendSecuredLoopAsync(peer)));
    }

    /// <summary>Secured stream to pipe, on the thread pool.</summary>
    private static async Task ReceiveSecuredLoopAsync(PipelinesPeer peer)
    {
        PipeWriter writer = peer.Input.Writer;
        try
        {
            while (true)
            {
                int count = await peer.Secured!.ReadAsync(writer.GetMemory()).ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }

                writer.Advance(count);
                FlushResult flushed = await writer.FlushAsync().ConfigureAwait(false);
                if (flushed.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client broke off, sent what is not TLS, or was released.
            peer.IsBroken = true;
        }

        await writer.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Pipe to secured stream, on the thread pool.</summary>
    private static async Task SendSecuredLoopAsync(PipelinesPeer peer)
    {
        PipeReader reader = peer.Output.Reader;
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync().ConfigureAwait(false);
                ReadOnlySequence<byte> buffer = result.Buffer;
                if (peer.IsReleased || (buffer.IsEmpty && result.IsCompleted))
                {
                    break;
                }

                foreach (ReadOnlyMemory<byte> segment in buffer)
                {
                    await peer.Secured!.WriteAsync(segment).ConfigureAwait(false);
                    peer.BytesSent += segment.Length;
                }

                reader.AdvanceTo(buffer.End);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The end of the socket ends the receive loop too, which reports it.
            peer.IsBroken = true;
            peer.Socket.Dispose();
        }

        await reader.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Says in TLS's own words that nothing more will come, and then shuts down our half.</summary>
    private static async Task ShutdownSecuredAsync(PipelinesPeer peer)
    {
        try
        {
            await peer.Secured!.ShutdownAsync().ConfigureAwait(false);
            ShutdownSend(peer.Socket);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client was faster.
        }
    }
}
