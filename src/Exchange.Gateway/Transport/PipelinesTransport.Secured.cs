// Secured connections: pipes and loops are the same as without TLS. Only the two loops between socket and pipes go through the secured
// stream, and run on the thread pool, since encrypting takes time that the gateway thread does not have.
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Exchange.Gateway.Connections;

namespace Exchange.Gateway.Transport;

internal sealed partial class PipelinesTransport
{
    private readonly TlsPort? _tls;

    /// <inheritdoc/>
    public override IPEndPoint? TlsEndPoint => _tls?.LocalEndPoint;

    private TlsPort ListenForTls(GatewayTlsOptions options, WakeSignal signal, IGatewayLog log)
    {
        try
        {
            return new TlsPort(options, signal, log);
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
            FixConnection? connection = TryPrepare(client.Socket, out IPEndPoint? remote) ? owner.Accept(remote, client.CertificateNames) : null;
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
        _ = ObserveAsync(Task.Run(() => ReceiveLoopAsync(peer)));
        _ = ObserveAsync(ReadLoopAsync(peer));
        _ = ObserveAsync(WriteLoopAsync(peer));
        _ = ObserveAsync(Task.Run(() => SendLoopAsync(peer)));
    }
}
