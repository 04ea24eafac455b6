using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Exchange.Gateway.Transport;

/// <summary>Reads the certificates of a TLS port and says how clients are met there.</summary>
internal static class TlsCertificates
{
    /// <summary>How clients are met: TLS 1.2 or 1.3, our chain, and their certificates if they must or may show one.</summary>
    /// <exception cref="GatewayListenException">A file cannot be used; one line that names it and says what to do.</exception>
    public static SslServerAuthenticationOptions ServerOptions(GatewayTlsOptions options)
    {
        SslServerAuthenticationOptions authentication = new()
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            ServerCertificateContext = ReadOwn(options),
            ClientCertificateRequired = options.ClientCertificates != ClientCertificateMode.None,
        };
        if (options.ClientCertificates == ClientCertificateMode.None)
        {
            return authentication;
        }

        bool isRequired = options.ClientCertificates == ClientCertificateMode.Required;
        // A stranger's certificate may name an address from which its issuer can be fetched: nothing is fetched for strangers.
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(ReadAuthorities(options));
        authentication.CertificateChainPolicy = policy;
        authentication.RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is null ? !isRequired : errors == SslPolicyErrors.None;
        return authentication;
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The context uses the certificate as long as the port is open, which is as long as the process.")]
    private static SslStreamCertificateContext ReadOwn(GatewayTlsOptions options)
    {
        try
        {
            X509Certificate2 own = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile);
            X509Certificate2Collection chain = [];
            chain.ImportFromPemFile(options.CertificateFile);
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new GatewayListenException(
                $"TLS: {options.CertificateFile} with the key {options.KeyFile} cannot be used: {OneLine(e)}; name a PEM certificate (its chain behind it) and the private key that belongs to it, not encrypted", e);
        }
    }

    private static X509Certificate2Collection ReadAuthorities(GatewayTlsOptions options)
    {
        if (options.ClientAuthorityFile is not { } file)
        {
            throw new GatewayListenException("TLS: client certificates are asked for, but there is no authority to check them with; name its PEM file");
        }

        try
        {
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPemFile(file);
            return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new GatewayListenException($"TLS: {file} cannot be used: {OneLine(e)}; name a PEM file with the certificates of the authorities that sign clients' certificates", e);
        }
    }

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ");
}
