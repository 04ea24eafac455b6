using System.Net.Sockets;

namespace Exchange.Gateway.Transport;

/// <summary>A client whose TLS handshake is done.</summary>
/// <param name="Socket">The socket.</param>
/// <param name="Stream">The secured stream over it, which owns it.</param>
/// <param name="CertificateNames">The names in the client's certificate; empty when it showed none.</param>
internal sealed record TlsClient(Socket Socket, SecuredStream Stream, string[] CertificateNames) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Stream.Dispose();
}
