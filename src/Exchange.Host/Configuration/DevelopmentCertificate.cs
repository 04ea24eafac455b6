using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Exchange.Host.Configuration;

/// <summary>
/// A certificate for trying TLS out on one box: signed by an authority that exists for this directory only, and whose key is thrown away
/// once it has signed. Clients trust DIR/tls/ca.pem.
/// </summary>
internal static class DevelopmentCertificate
{
    private static readonly TimeSpan s_life = TimeSpan.FromDays(365);

    /// <summary>The certificate that clients are to trust.</summary>
    public static string AuthorityFile(string directory) => Path.Combine(directory, "tls", "ca.pem");

    /// <summary>Settings with the certificate of the directory, made when there is none; settings that name a certificate stay as they are.</summary>
    public static TlsSettings Complete(TlsSettings settings, string directory)
    {
        if (settings.CertificateFile is not null)
        {
            return settings;
        }

        string certificate = Path.Combine(directory, "tls", "gateway.pem");
        string key = Path.Combine(directory, "tls", "gateway.key");
        if (!File.Exists(certificate) || !File.Exists(key) || !File.Exists(AuthorityFile(directory)))
        {
            Create(AuthorityFile(directory), certificate, key);
        }

        return settings with { CertificateFile = certificate, KeyFile = key };
    }

    private static void Create(string authorityFile, string certificateFile, string keyFile)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(keyFile)!);
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest authorityRequest = new("CN=Exchange development authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        DateTimeOffset from = DateTimeOffset.UtcNow.AddHours(-1);
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(from, from + s_life);

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        using X509Certificate2 own = request.Create(authority, from, from + s_life, RandomNumberGenerator.GetBytes(12));

        FileStreamOptions ownerOnly = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            ownerOnly.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (StreamWriter writer = new(keyFile, ownerOnly))
        {
            writer.Write(key.ExportPkcs8PrivateKeyPem());
        }

        File.WriteAllText(certificateFile, own.ExportCertificatePem() + Environment.NewLine + authority.ExportCertificatePem());
        File.WriteAllText(authorityFile, authority.ExportCertificatePem());
    }
}
