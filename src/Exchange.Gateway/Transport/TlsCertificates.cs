// Problem: certificates live for weeks and gateways longer, and nobody's session should end because a file was renewed.
// Idea:    when a client shakes hands, but not more often than once in an interval, the files are read again. If they hold something else
//          than when they were read last, clients that come from then on are met with that; those that are there keep what they have.
//          Contents are compared, not dates, so that a file that is moved, linked or copied into place is noticed in the same way.
// Must hold: there is always a certificate to meet clients with: while the files cannot be used, the one before. Each change of the files
//          is said once, in one line. Only one handshake at a time waits for the files.
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Exchange.Gateway.Transport;

/// <summary>Reads the certificates of a TLS port, again when they change, and says how clients are met there.</summary>
internal sealed class TlsCertificates
{
    private readonly GatewayTlsOptions _options;
    private readonly IGatewayLog _log;
    private SslServerAuthenticationOptions _current;
    private byte[] _seen;
    private string? _complaint;
    private long _nextLookMs;
    private int _isLooking;

    /// <summary>Reads the files.</summary>
    /// <exception cref="GatewayListenException">A file cannot be used; one line that names it and says what to do.</exception>
    public TlsCertificates(GatewayTlsOptions options, IGatewayLog log)
    {
        _options = options;
        _log = log;
        using TlsFiles files = TlsFiles.Read(options);
        _seen = files.Fingerprint();
        _current = ServerOptions(files, out _);
        _nextLookMs = Environment.TickCount64 + (long)options.ReloadInterval.TotalMilliseconds;
    }

    /// <summary>How clients are met now: TLS 1.2 or 1.3, our chain, and their certificates if they must or may show one. May be called on any thread.</summary>
    public SslServerAuthenticationOptions Current()
    {
        if (Environment.TickCount64 >= Volatile.Read(ref _nextLookMs) && Interlocked.Exchange(ref _isLooking, 1) == 0)
        {
            try
            {
                Look();
            }
            finally
            {
                Volatile.Write(ref _nextLookMs, Environment.TickCount64 + (long)_options.ReloadInterval.TotalMilliseconds);
                Volatile.Write(ref _isLooking, 0);
            }
        }

        // Partner of the write in Look.
        return Volatile.Read(ref _current);
    }

    private void Look()
    {
        try
        {
            using TlsFiles files = TlsFiles.Read(_options);
            byte[] fingerprint = files.Fingerprint();
            if (_complaint is null && fingerprint.AsSpan().SequenceEqual(_seen))
            {
                return;
            }

            SslServerAuthenticationOptions changed = ServerOptions(files, out DateTime end);
            _seen = fingerprint;
            _complaint = null;
            Volatile.Write(ref _current, changed);
            _log.Information(string.Create(CultureInfo.InvariantCulture, $"TLS: connections from now on are met with {_options.CertificateFile} as it is now, good until {end.ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC"));
        }
        catch (GatewayListenException e)
        {
            if (_complaint != e.Message)
            {
                _complaint = e.Message;
                _log.Warning($"{e.Message}; until then connections are met with the certificate read before");
            }
        }
    }

    private SslServerAuthenticationOptions ServerOptions(TlsFiles files, out DateTime end)
    {
        SslServerAuthenticationOptions authentication = new()
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            ServerCertificateContext = ReadOwn(files, out end),
            ClientCertificateRequired = _options.ClientCertificates != ClientCertificateMode.None,
        };
        if (_options.ClientCertificates == ClientCertificateMode.None)
        {
            return authentication;
        }

        bool isRequired = _options.ClientCertificates == ClientCertificateMode.Required;
        // A stranger's certificate may name an address from which its issuer can be fetched: nothing is fetched for strangers.
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(ReadAuthorities(files));
        authentication.CertificateChainPolicy = policy;
        authentication.RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is null ? !isRequired : errors == SslPolicyErrors.None;
        return authentication;
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The context uses the certificate as long as a connection does that was met with it.")]
    private SslStreamCertificateContext ReadOwn(TlsFiles files, out DateTime end)
    {
        char[] key = Encoding.Latin1.GetChars(files.Key);
        try
        {
            string text = Encoding.Latin1.GetString(files.Certificate);
            X509Certificate2 own = X509Certificate2.CreateFromPem(text, key);
            X509Certificate2Collection chain = [];
            chain.ImportFromPem(text);
            end = own.NotAfter;
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new GatewayListenException(
                $"TLS: {_options.CertificateFile} with the key {_options.KeyFile} cannot be used: {OneLine(e)}; name a PEM certificate (its chain behind it) and the private key that belongs to it, not encrypted", e);
        }
        finally
        {
            Array.Clear(key);
        }
    }

    private X509Certificate2Collection ReadAuthorities(TlsFiles files)
    {
        if (_options.ClientAuthorityFile is not { } file)
        {
            throw new GatewayListenException("TLS: client certificates are asked for, but there is no authority to check them with; name its PEM file");
        }

        try
        {
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPem(Encoding.Latin1.GetString(files.Authority));
            return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new GatewayListenException($"TLS: {file} cannot be used: {OneLine(e)}; name a PEM file with the certificates of the authorities that sign clients' certificates", e);
        }
    }

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ");
}
