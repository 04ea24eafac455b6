using System.CommandLine;
using Exchange.Host.Configuration;

namespace Exchange.Host.Commands;

/// <summary>The options of a TLS port, which `gateway` and `local` share.</summary>
internal sealed class TlsSwitches
{
    /// <summary>Creates the options.</summary>
    public TlsSwitches()
    {
        CliChecks.InRange(Port, 0, 65535);
        CliChecks.OneOf(ClientCertificates, "none", "optional", "required");
    }

    /// <summary>The port.</summary>
    public Option<int?> Port { get; } = new("--tls-port")
    {
        Description = "A second FIX port, with TLS 1.2 and 1.3; 0 takes a free one. Not on a thread that spins (--idle spin, --threading composed): run another gateway for it.",
    };

    /// <summary>The certificate.</summary>
    public Option<string?> Certificate { get; } = new("--tls-cert") { Description = "PEM file with the gateway's certificate, its chain behind it." };

    /// <summary>Its key.</summary>
    public Option<string?> Key { get; } = new("--tls-key") { Description = "PEM file with the certificate's private key." };

    /// <summary>Clients' authorities.</summary>
    public Option<string?> ClientAuthority { get; } = new("--tls-client-ca") { Description = "PEM file with the authorities that sign clients' certificates." };

    /// <summary>Whether clients show certificates.</summary>
    public Option<string> ClientCertificates { get; } = new("--tls-client-cert")
    {
        Description = "Whether clients must show a certificate: none, optional or required.",
        DefaultValueFactory = static _ => "none",
    };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [Port, Certificate, Key, ClientAuthority, ClientCertificates];

    /// <summary>What the command line says; null without a TLS port.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="needsCertificate">Whether there is no development certificate to fall back on.</param>
    /// <exception cref="HostException">The options contradict each other.</exception>
    public TlsSettings? Read(ParseResult parsed, bool needsCertificate)
    {
        string? certificate = parsed.GetValue(Certificate);
        string? key = parsed.GetValue(Key);
        string? authority = parsed.GetValue(ClientAuthority);
        string mode = parsed.GetValue(ClientCertificates)!;
        if (parsed.GetValue(Port) is not { } port)
        {
            return certificate is null && key is null && authority is null && mode == "none"
                ? null
                : throw new HostException("--tls-cert, --tls-key, --tls-client-ca and --tls-client-cert need --tls-port beside them", ExitCode.BadInput);
        }

        if (certificate is null != key is null || (needsCertificate && certificate is null))
        {
            throw new HostException("--tls-port needs --tls-cert and --tls-key, both", ExitCode.BadInput);
        }

        if (mode != "none" && authority is null)
        {
            throw new HostException($"--tls-client-cert {mode} needs --tls-client-ca, the authorities to check them with", ExitCode.BadInput);
        }

        return new TlsSettings { Port = port, CertificateFile = Full(certificate), KeyFile = Full(key), ClientAuthorityFile = Full(authority), ClientCertificates = mode };
    }

    private static string? Full(string? file) => file is null ? null : Path.GetFullPath(file);
}
