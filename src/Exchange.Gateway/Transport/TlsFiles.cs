using System.Security.Cryptography;

namespace Exchange.Gateway.Transport;

/// <summary>What the files of a TLS port hold at one moment: private keys are wiped when it is done with.</summary>
/// <param name="Certificate">The gateway's certificate and its chain.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Authority">The authorities of clients' certificates; empty when clients are not asked.</param>
internal sealed record TlsFiles(byte[] Certificate, byte[] Key, byte[] Authority) : IDisposable
{
    /// <summary>Reads the files.</summary>
    /// <exception cref="GatewayListenException">One cannot be read; one line that names it.</exception>
    public static TlsFiles Read(GatewayTlsOptions options)
    {
        bool asksClients = options.ClientCertificates != ClientCertificateMode.None;
        return new TlsFiles(ReadOne(options.CertificateFile), ReadOne(options.KeyFile), asksClients && options.ClientAuthorityFile is { } authority ? ReadOne(authority) : []);
    }

    /// <summary>A number that differs when the content of any file does.</summary>
    public byte[] Fingerprint() => [.. SHA256.HashData(Certificate), .. SHA256.HashData(Key), .. SHA256.HashData(Authority)];

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(Key);

    private static byte[] ReadOne(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new GatewayListenException($"TLS: {file} cannot be read: {e.Message.ReplaceLineEndings(" ")}; name a PEM file that this user may read", e);
        }
    }
}
