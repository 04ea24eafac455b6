using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Exchange.Gateway.Tests.Transport;

/// <summary>An authority, a gateway's certificate and clients' certificates, made for one test in a directory that goes with it.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("exchange-tls-test-").FullName;
    private readonly X509Certificate2 _authority;

    public TestCertificates(string authority = "Test authority")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={authority}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
        using X509Certificate2 own = Sign("localhost");
        File.WriteAllText(CertificateFile, own.ExportCertificatePem() + "\n" + _authority.ExportCertificatePem());
        File.WriteAllText(KeyFile, own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public X509Certificate2 Authority => _authority;

    public string AuthorityFile => Path.Combine(_directory, "ca.pem");

    public string CertificateFile => Path.Combine(_directory, "gateway.pem");

    public string KeyFile => Path.Combine(_directory, "gateway.key");

    /// <summary>Where the gateway listens and what it shows.</summary>
    public GatewayTlsOptions Options(ClientCertificateMode mode = ClientCertificateMode.None, double handshakeSeconds = 5) => new()
    {
        ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
        CertificateFile = CertificateFile,
        KeyFile = KeyFile,
        ClientCertificates = mode,
        ClientAuthorityFile = AuthorityFile,
        HandshakeLimit = TimeSpan.FromSeconds(handshakeSeconds),
    };

    /// <summary>A certificate with that name and its key.</summary>
    public X509Certificate2 Sign(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        using X509Certificate2 signed = request.Create(_authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12), serial);
        return signed.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
