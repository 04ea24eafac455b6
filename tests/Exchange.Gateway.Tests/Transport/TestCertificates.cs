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
        Renew();
    }

    public X509Certificate2 Authority => _authority;

    public string AuthorityFile => Path.Combine(_directory, "ca.pem");

    public string CertificateFile => Path.Combine(_directory, "gateway.pem");

    public string KeyFile => Path.Combine(_directory, "gateway.key");

    /// <summary>Puts another certificate and another key of the gateway into the files.</summary>
    public void Renew()
    {
        using X509Certificate2 own = Sign("localhost");
        using ECDsa key = own.GetECDsaPrivateKey()!;
        Write(own, key, CertificateFile, KeyFile);
    }

    /// <summary>A certificate with that name and its key; with other names (SAN) than that one if they are given.</summary>
    public X509Certificate2 Sign(string name, params string[] otherNames)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 signed = Sign(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256), otherNames.Length > 0 ? otherNames : [name]);
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>Writes a certificate with that name, and its key, into files; RSA, since not every engine takes a key of another kind.</summary>
    public (string CertificateFile, string KeyFile) SignIntoFiles(string name)
    {
        using RSA key = RSA.Create(2048);
        using X509Certificate2 signed = Sign(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), [name]);
        (string Certificate, string Key) files = (Path.Combine(_directory, name + ".pem"), Path.Combine(_directory, name + ".key"));
        Write(signed, key, files.Certificate, files.Key);
        return files;
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private X509Certificate2 Sign(CertificateRequest request, string[] names)
    {
        SubjectAlternativeNameBuilder others = new();
        Array.ForEach(names, others.AddDnsName);
        others.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(others.Build());
        using ECDsa authorityKey = _authority.GetECDsaPrivateKey()!;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return request.Create(_authority.SubjectName, X509SignatureGenerator.CreateForECDsa(authorityKey), now.AddHours(-1), now.AddHours(12), RandomNumberGenerator.GetBytes(8));
    }

    private void Write(X509Certificate2 certificate, AsymmetricAlgorithm key, string certificateFile, string keyFile)
    {
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem() + "\n" + _authority.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
