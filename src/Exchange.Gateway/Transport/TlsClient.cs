using System.Net.Security;
using System.Net.Sockets;

namespace Exchange.Gateway.Transport;

/// <summary>A client whose TLS handshake is done.</summary>
/// <param name="Socket">The socket.</param>
/// <param name="Stream">The secured stream over it, which owns it.</param>
/// <param name="CertificateName">The name (CN) in the client's certificate; null when it showed none.</param>
internal sealed record TlsClient(Socket Socket, SslStream Stream, string? CertificateName) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Stream.Dispose();
        Socket.Dispose();
    }
}
