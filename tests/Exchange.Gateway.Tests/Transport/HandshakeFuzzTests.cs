using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Exchange.Gateway.Tests.Scenarios;
using Xunit.Abstractions;

namespace Exchange.Gateway.Tests.Transport;

/// <summary>Damaged handshakes at a gateway's TLS port: more of them than it has places for, so that one that keeps its place is noticed.</summary>
public sealed class HandshakeFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int Handshakes = 600;
    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void Damaged_handshakes_keep_no_place_and_cost_nobody_a_session(SslProtocols protocol)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        byte[] hello = Hello(protocol);
        using GatewayFixture fixture = new(GatewayIoDriver.Pipelines, options => options with
        {
            Tls = new GatewayTlsOptions
            {
                ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                CertificateFile = _certificates.CertificateFile,
                KeyFile = _certificates.KeyFile,
                ClientCertificates = ClientCertificateMode.Optional,
                ClientAuthorityFile = _certificates.AuthorityFile,
            },
        });
        using TlsTestClient neighbour = new(fixture.Gateway.TlsEndPoint!, _certificates.Authority, protocols: protocol);
        neighbour.Send(FixText.Logon("HFT1"));
        Assert.Equal("A", FixText.Tag(neighbour.Receive()!, 35));

        for (int i = 0; i < Handshakes; i++)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(fixture.Gateway.TlsEndPoint!);
            try
            {
                socket.Send(Damage(random, hello));
            }
            catch (SocketException)
            {
                // Turned away already, for there are as many from this address as may be.
            }
        }

        using TlsTestClient client = LogOnWhenThereIsRoom(fixture);
        client.Send(FixText.Order("HFT2", 2, "B1"));
        Assert.Equal("B1", FixText.Tag(client.Receive()!, 11));
        neighbour.Send(FixText.Order("HFT1", 2, "N1"));
        Assert.Equal("N1", FixText.Tag(neighbour.Receive()!, 11));
        GatewayFixture.WaitUntil(() => fixture.Gateway.Counters.ConnectionsOpen == 2, "a damaged handshake became a connection that stays");
    }

    public void Dispose() => _certificates.Dispose();

    /// <summary>The first bytes that a client of .NET sends.</summary>
    private static byte[] Hello(SslProtocols protocol)
    {
        using MemoryStream sent = new();
        using SslStream stream = new(sent, leaveInnerStreamOpen: true);
        Assert.ThrowsAny<IOException>(() => stream.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocol }));
        Assert.True(sent.Length > 100);
        return sent.ToArray();
    }

    private static byte[] Damage(Random random, byte[] hello)
    {
        byte[] bytes = [.. hello];
        for (int count = random.Next(1, 5); count > 0; count--)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    return bytes[..at];
                case 3:
                    // The lengths of the record and of the message in it.
                    bytes[random.Next(3, 9)] = (byte)random.Next(256);
                    break;
                case 4:
                    bytes = [.. bytes, .. bytes[..at]];
                    break;
                default:
                    bytes = [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]];
                    break;
            }

            if (bytes.Length == 0)
            {
                break;
            }
        }

        return bytes;
    }

    /// <summary>The last of the damaged may still be on their way out.</summary>
    private TlsTestClient LogOnWhenThereIsRoom(GatewayFixture fixture)
    {
        TlsTestClient? client = null;
        GatewayFixture.WaitUntil(
            () =>
            {
                try
                {
                    client = new TlsTestClient(fixture.Gateway.TlsEndPoint!, _certificates.Authority);
                    return true;
                }
                catch (Exception e) when (e is IOException or AuthenticationException or SocketException)
                {
                    return false;
                }
            },
            "no room for a client after the damaged handshakes");
        client!.Send(FixText.Logon("HFT2"));
        Assert.Equal("A", FixText.Tag(client.Receive()!, 35));
        return client;
    }
}
