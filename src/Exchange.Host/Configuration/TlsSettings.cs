using System.Net;
using Exchange.Gateway;

namespace Exchange.Host.Configuration;

/// <summary>The TLS port of a gateway, as the command line says it.</summary>
internal sealed record TlsSettings
{
    /// <summary>Port; 0 for a free one.</summary>
    public required int Port { get; init; }

    /// <summary>PEM file with the gateway's certificate; null for a development certificate.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with its key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>PEM file with the authorities of clients' certificates.</summary>
    public string? ClientAuthorityFile { get; init; }

    /// <summary>none, optional or required.</summary>
    public string ClientCertificates { get; init; } = "none";

    /// <summary>What a gateway is told.</summary>
    public GatewayTlsOptions ToOptions(IPAddress address) => new()
    {
        ListenEndPoint = new IPEndPoint(address, Port),
        CertificateFile = CertificateFile!,
        KeyFile = KeyFile!,
        ClientAuthorityFile = ClientAuthorityFile,
        ClientCertificates = Enum.Parse<ClientCertificateMode>(ClientCertificates, ignoreCase: true),
    };

    /// <summary>The options of a process with these settings on another port.</summary>
    public IEnumerable<string> ToArguments(string port) =>
    [
        "--tls-port", port, "--tls-cert", CertificateFile!, "--tls-key", KeyFile!, "--tls-client-cert", ClientCertificates,
        .. ClientAuthorityFile is { } authority ? (string[])["--tls-client-ca", authority] : [],
    ];
}
