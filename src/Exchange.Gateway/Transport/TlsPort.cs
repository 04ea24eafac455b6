// Problem: a TLS handshake costs a millisecond of processor and as long as the client likes; on the gateway thread either would be felt by
//          everybody.
// Idea:    handshakes run on the thread pool, each under a time limit; only a client that has come through is handed to the gateway thread.
// Must hold: a client that sends garbage, or nothing, costs one place for the time limit and nothing else; one address takes only some of
//          the places; a socket whose handshake failed is closed without a word that is not TLS's own.
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Exchange.Gateway.Transport;

/// <summary>Listens for TLS on one address and hands out clients whose handshake is done.</summary>
internal sealed class TlsPort : IDisposable
{
    private const int HandshakesMax = 256;
    private const int HandshakesPerAddressMax = 32;
    private const string CommonName = "2.5.4.3";

    private readonly ConcurrentQueue<TlsClient> _ready = new();
    private readonly Dictionary<IPAddress, int> _handshakes = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TlsCertificates _certificates;
    private readonly TimeSpan _limit;
    private readonly WakeSignal _signal;
    private readonly Listener _listener;

    /// <summary>Reads the certificates and listens.</summary>
    /// <exception cref="GatewayListenException">The address cannot be bound, or a certificate cannot be used; one line that says what to do.</exception>
    public TlsPort(GatewayTlsOptions options, WakeSignal signal, IGatewayLog log)
    {
        _signal = signal;
        _limit = options.HandshakeLimit;
        _certificates = new TlsCertificates(options, log);
        _listener = new Listener(options.ListenEndPoint, signal, Greet, HandshakesMax);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => _listener.LocalEndPoint;

    /// <summary>Takes the next client whose handshake is done.</summary>
    public bool TryTake([NotNullWhen(true)] out TlsClient? client)
    {
        if (!_ready.TryDequeue(out client))
        {
            return false;
        }

        _listener.Return();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Dispose();
        _stopping.Dispose();
        while (_ready.TryDequeue(out TlsClient? client))
        {
            client.Dispose();
        }
    }

    private void Greet(Socket socket)
    {
        IPAddress address = AddressOf(socket);
        if (TryEnter(address))
        {
            _ = Task.Run(() => HandshakeAsync(socket, address));
        }
        else
        {
            socket.Dispose();
            _listener.Return();
        }
    }

    private async Task HandshakeAsync(Socket socket, IPAddress address)
    {
        TlsClient? client = await TryShakeHandsAsync(socket).ConfigureAwait(false);
        Leave(address);
        if (_stopping.IsCancellationRequested)
        {
            client?.Dispose();
        }
        else if (client is null)
        {
            _listener.Return();
        }
        else
        {
            _ready.Enqueue(client);
            _signal.Set();
        }
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The stream goes to whoever takes the client, or is disposed below.")]
    private async Task<TlsClient?> TryShakeHandsAsync(Socket socket)
    {
        SecuredStream? secured = null;
        try
        {
            SslStream stream = new(new NetworkStream(socket, ownsSocket: true));
            secured = new SecuredStream(socket, stream);
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            limit.CancelAfter(_limit);
            await stream.AuthenticateAsServerAsync(_certificates.Current(), limit.Token).ConfigureAwait(false);
            return new TlsClient(socket, secured, NamesOf(stream.RemoteCertificate as X509Certificate2));
        }
        catch (Exception)
        {
            // Whatever a stranger's bytes can make the TLS library throw: the connection is closed, and that is all.
            secured?.Dispose();
            socket.Dispose();
            return null;
        }
    }

    private bool TryEnter(IPAddress address)
    {
        lock (_handshakes)
        {
            int count = _handshakes.GetValueOrDefault(address);
            if (count >= HandshakesPerAddressMax)
            {
                return false;
            }

            _handshakes[address] = count + 1;
            return true;
        }
    }

    private void Leave(IPAddress address)
    {
        lock (_handshakes)
        {
            if (--_handshakes[address] == 0)
            {
                _handshakes.Remove(address);
            }
        }
    }

    private static IPAddress AddressOf(Socket socket)
    {
        try
        {
            return (socket.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        }
        catch (SocketException)
        {
            // The client is gone already; its handshake will fail.
            return IPAddress.None;
        }
    }

    /// <summary>The names in a certificate: the common name (CN) of its subject, and its alternative names (SAN) of the kind dNSName.</summary>
    private static string[] NamesOf(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return [];
        }

        IEnumerable<string> common = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(static name => !name.HasMultipleElements && name.GetSingleElementType().Value == CommonName)
            .Select(static name => name.GetSingleElementValue() ?? string.Empty);
        IEnumerable<string> alternative = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static names => names.EnumerateDnsNames());
        return [.. common, .. alternative];
    }
}
