using System.CommandLine;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Host.Client;

namespace Exchange.Host.Commands;

/// <summary>The options with which `client`, `load` and `conformance` speak TLS.</summary>
internal static class ClientTlsSwitches
{
    private static readonly Option<bool> s_tls = new("--tls") { Description = "connect with TLS 1.2 or 1.3" };
    private static readonly Option<string?> s_authority = new("--tls-ca") { Description = "PEM file with the authority of the server's certificate (default: the system's)" };
    private static readonly Option<string?> s_certificate = new("--tls-cert") { Description = "PEM file with a certificate of our own" };
    private static readonly Option<string?> s_key = new("--tls-key") { Description = "PEM file with its key" };

    /// <summary>Adds the options.</summary>
    public static void AddTo(Command command)
    {
        foreach (Option option in (ReadOnlySpan<Option>)[s_tls, s_authority, s_certificate, s_key])
        {
            command.Add(option);
        }
    }

    /// <summary>How to speak TLS with an address; null without TLS.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="HostException">The options contradict each other, or a file cannot be used.</exception>
    public static Func<EndPoint, SslClientAuthenticationOptions>? Read(ParseResult parsed)
    {
        string? authority = parsed.GetValue(s_authority);
        string? certificate = parsed.GetValue(s_certificate);
        string? key = parsed.GetValue(s_key);
        if (!parsed.GetValue(s_tls))
        {
            return authority is null && certificate is null && key is null
                ? null
                : throw new HostException("--tls-ca, --tls-cert and --tls-key need --tls beside them", ExitCode.BadInput);
        }

        if (certificate is null != key is null)
        {
            throw new HostException("--tls-cert and --tls-key belong together", ExitCode.BadInput);
        }

        X509ChainPolicy policy = new() { RevocationMode = X509RevocationMode.NoCheck };
        X509CertificateCollection own = [];
        try
        {
            if (authority is not null)
            {
                policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                policy.CustomTrustStore.ImportFromPemFile(authority);
            }

            if (certificate is not null)
            {
                own.Add(X509Certificate2.CreateFromPemFile(certificate, key));
            }
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new HostException($"--tls: {authority ?? certificate}: {e.Message.ReplaceLineEndings(" ")}; name PEM files", ExitCode.BadInput);
        }

        return target => new SslClientAuthenticationOptions
        {
            TargetHost = target is DnsEndPoint name ? name.Host : ((IPEndPoint)target).Address.ToString(),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = policy,
            ClientCertificates = own,
        };
    }

    /// <summary>Opens a tunnel to each address when TLS is asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="addresses">The addresses; replaced by those of the tunnels.</param>
    /// <returns>The tunnels, to be closed in the end; none without TLS.</returns>
    /// <exception cref="HostException">The options contradict each other, or a file cannot be used.</exception>
    public static TlsTunnel[] Open(ParseResult parsed, ref IReadOnlyList<EndPoint> addresses)
    {
        if (Read(parsed) is not { } authentication)
        {
            return [];
        }

        TlsTunnel[] tunnels = TlsTunnel.Open(addresses, authentication, static line => Console.Error.WriteLine($"exchange: {line}"));
        addresses = [.. tunnels.Select(static tunnel => tunnel.LocalEndPoint)];
        return tunnels;
    }

    /// <summary>Closes tunnels.</summary>
    public static void Close(TlsTunnel[] tunnels)
    {
        foreach (TlsTunnel tunnel in tunnels)
        {
            tunnel.Dispose();
        }
    }
}
