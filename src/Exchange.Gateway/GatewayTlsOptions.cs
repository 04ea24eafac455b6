using System.Net;

namespace Exchange.Gateway;

/// <summary>A port on which a gateway speaks TLS 1.2 and 1.3.</summary>
public sealed record GatewayTlsOptions
{
    /// <summary>Where FIX clients connect with TLS; port 0 takes a free one.</summary>
    public required IPEndPoint ListenEndPoint { get; init; }

    /// <summary>PEM file with the gateway's certificate, and behind it those between it and a root that clients trust.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>PEM file with the private key of that certificate, not encrypted.</summary>
    public required string KeyFile { get; init; }

    /// <summary>Whether clients show certificates of their own.</summary>
    public ClientCertificateMode ClientCertificates { get; init; }

    /// <summary>PEM file with the certificates of the authorities that sign those of clients.</summary>
    public string? ClientAuthorityFile { get; init; }

    /// <summary>How often, at most, handshakes look whether the files have changed; new connections are met with what they hold now.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a handshake may take.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(5);
}
