using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Exchange.Fix.Framing;

namespace Exchange.Gateway.Tests.Transport;

/// <summary>A FIX client over TLS that trusts one authority and nobody else.</summary>
internal sealed class TlsTestClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 20_000 };
    private readonly SslStream _stream;
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _length;

    public TlsTestClient(IPEndPoint endPoint, X509Certificate2 authority, X509Certificate2? own = null, SslProtocols protocols = SslProtocols.None)
    {
        _socket.Connect(endPoint);
        _stream = new SslStream(new NetworkStream(_socket));
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority);
        _stream.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            CertificateChainPolicy = policy,
            ClientCertificates = own is null ? null : [own],
        });
    }

    public SslProtocols Protocol => _stream.SslProtocol;

    /// <summary>The certificate that the gateway showed, in hexadecimal.</summary>
    public string Shown => _stream.RemoteCertificate!.GetCertHashString();

    /// <summary>Sends bytes beside TLS.</summary>
    public void SendBare(ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Send(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    /// <summary>The next message; null when the gateway ended the connection in order.</summary>
    /// <exception cref="IOException">It ended out of order.</exception>
    public string? Receive()
    {
        while (true)
        {
            FixFrame frame = FixFramer.Read(_buffer.AsSpan(0, _length));
            if (_length > 0 && frame.Status == FrameStatus.Message)
            {
                string message = Encoding.ASCII.GetString(_buffer, 0, frame.Consumed);
                _buffer.AsSpan(frame.Consumed, _length - frame.Consumed).CopyTo(_buffer);
                _length -= frame.Consumed;
                return message;
            }

            int count = _stream.Read(_buffer, _length, _buffer.Length - _length);
            if (count == 0)
            {
                return null;
            }

            _length += count;
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }
}
