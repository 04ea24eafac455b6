using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Exchange.Gateway.Tests.Scenarios;

namespace Exchange.Gateway.Tests.Transport;

/// <summary>A gateway's TLS port, over real sockets and with certificates made for the test.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void A_client_logs_on_trades_and_logs_out_over_TLS(SslProtocols protocol)
    {
        using GatewayFixture fixture = Fixture(Options());
        using TlsTestClient client = new(fixture.Gateway.TlsEndPoint!, _certificates.Authority, protocols: protocol);
        Assert.Equal(protocol, client.Protocol);
        LogOn(client, "HFT1");
        client.Send(FixText.Order("HFT1", 2, "B1"));
        Assert.Equal("B1", FixText.Tag(client.Receive()!, 11));
        client.Send(FixText.Message($"35=5|49=HFT1|56=EXCH|34=3|52={FixText.Now}|"));
        Assert.Equal("5", FixText.Tag(client.Receive()!, 35));
        Assert.Null(client.Receive());
    }

    [Fact]
    public void The_plain_port_beside_it_is_served_as_before()
    {
        using GatewayFixture fixture = Fixture(Options());
        using TlsTestClient secured = new(fixture.Gateway.TlsEndPoint!, _certificates.Authority);
        using FixTestClient plain = fixture.LogOn("HFT2");
        LogOn(secured, "HFT1");
        plain.Send(FixText.Order("HFT2", 2, "P1"));
        Assert.Equal("P1", FixText.Tag(plain.Receive()!, 11));
    }

    [Fact]
    public void Many_messages_are_answered_in_order_over_TLS()
    {
        using GatewayFixture fixture = Fixture(Options());
        using TlsTestClient client = new(fixture.Gateway.TlsEndPoint!, _certificates.Authority);
        LogOn(client, "HFT1");
        const int orders = 2_000;
        byte[] all = [.. Enumerable.Range(0, orders).SelectMany(i => FixText.Order("HFT1", i + 2, Id(i)))];
        client.Send(all);
        for (int i = 0; i < orders; i++)
        {
            Assert.Equal(Id(i), FixText.Tag(client.Receive()!, 11));
        }
    }

    [Fact]
    public void Where_client_certificates_are_required_only_one_of_the_authority_comes_in()
    {
        using TestCertificates others = new("Somebody else");
        using GatewayFixture fixture = Fixture(Options(ClientCertificateMode.Required));
        Assert.True(IsTurnedAway(fixture, null));
        using X509Certificate2 strange = others.Sign("HFT1.example");
        Assert.True(IsTurnedAway(fixture, strange));
        using X509Certificate2 own = _certificates.Sign("HFT1.example");
        Assert.False(IsTurnedAway(fixture, own));
    }

    [Fact]
    public void Where_client_certificates_are_optional_none_is_good_and_a_strange_one_is_not()
    {
        using TestCertificates others = new("Somebody else");
        using GatewayFixture fixture = Fixture(Options(ClientCertificateMode.Optional));
        Assert.False(IsTurnedAway(fixture, null));
        using X509Certificate2 strange = others.Sign("HFT1.example");
        Assert.True(IsTurnedAway(fixture, strange));
    }

    [Theory]
    [InlineData(true, "CERT1.example")]
    [InlineData(true, "Desk 7", "desk7.example", "CERT1.example")]
    [InlineData(false, "CERT2.example")]
    [InlineData(false, "Desk 7", "desk7.example")]
    public void A_participant_bound_to_a_certificate_needs_the_name_in_it(bool mayLogOn, string name, params string[] otherNames)
    {
        using GatewayFixture fixture = Fixture(Options(ClientCertificateMode.Optional));
        using X509Certificate2 own = _certificates.Sign(name, otherNames);
        using TlsTestClient client = new(fixture.Gateway.TlsEndPoint!, _certificates.Authority, own);
        client.Send(FixText.Logon("CERT1"));
        Assert.Equal(mayLogOn ? "A" : null, client.Receive() is { } answer ? FixText.Tag(answer, 35) : null);
    }

    [Fact]
    public void Slow_and_senseless_handshakes_are_closed_and_cost_nobody_else_anything()
    {
        using GatewayFixture fixture = Fixture(Options(handshakeSeconds: 1));
        List<Socket> hostile = [];
        try
        {
            for (int i = 0; i < 100; i++)
            {
                hostile.Add(ConnectFrom("127.0.0.2", fixture.Gateway.TlsEndPoint!));
                if (i % 2 == 0)
                {
                    hostile[i].Send("8=FIX.4.4|9=5|35=A|this is no handshake"u8);
                }
            }

            using TlsTestClient client = new(fixture.Gateway.TlsEndPoint!, _certificates.Authority);
            LogOn(client, "HFT1");
            client.Send(FixText.Order("HFT1", 2, "B1"));
            Assert.Equal("B1", FixText.Tag(client.Receive()!, 11));
            foreach (Socket socket in hostile)
            {
                GatewayFixture.WaitUntil(() => IsClosed(socket), "a handshake that leads nowhere is still open");
            }

            Assert.Equal(1, fixture.Gateway.Counters.ConnectionsOpen);
        }
        finally
        {
            hostile.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public void A_client_that_breaks_off_without_a_word_is_noticed()
    {
        using GatewayFixture fixture = Fixture(Options());
        using (TlsTestClient client = new(fixture.Gateway.TlsEndPoint!, _certificates.Authority))
        {
            LogOn(client, "HFT1");
        }

        GatewayFixture.WaitUntil(() => fixture.Member.Of<Protocol.Commands.ConnectionCommand>(Protocol.Commands.CommandType.ConnectionLost).Count == 1, "the loss was not told");
    }

    [Fact]
    public void Certificates_that_cannot_be_used_are_named_in_one_line()
    {
        GatewayTlsOptions good = Options(ClientCertificateMode.Required);
        using TestCertificates others = new();
        Refused(good with { CertificateFile = "/nowhere.pem" }, "/nowhere.pem");
        Refused(good with { KeyFile = others.KeyFile }, others.KeyFile);
        Refused(good with { ClientAuthorityFile = _certificates.KeyFile }, _certificates.KeyFile);
        Refused(good with { ClientAuthorityFile = null }, "authority");
    }

    [Fact]
    public void A_renewed_certificate_is_shown_to_those_who_come_from_then_on_and_ends_nobodys_session()
    {
        using GatewayFixture fixture = Fixture(Options());
        using TlsTestClient before = new(fixture.Gateway.TlsEndPoint!, _certificates.Authority);
        LogOn(before, "HFT1");
        _certificates.Renew();
        using TlsTestClient after = new(fixture.Gateway.TlsEndPoint!, _certificates.Authority);
        LogOn(after, "HFT2");
        Assert.NotEqual(before.Shown, after.Shown);
        before.Send(FixText.Order("HFT1", 2, "B1"));
        Assert.Equal("B1", FixText.Tag(before.Receive()!, 11));
        Assert.Single(fixture.Log.Lines, line => line.Contains(_certificates.CertificateFile, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("this is no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("")]
    [InlineData(null)]
    public void While_a_replaced_certificate_cannot_be_used_the_one_before_is_shown_and_the_log_says_so_once(string? content)
    {
        using GatewayFixture fixture = Fixture(Options());
        string shown = Shown(fixture);
        File.Delete(_certificates.CertificateFile);
        if (content is not null)
        {
            File.WriteAllText(_certificates.CertificateFile, content);
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(shown, Shown(fixture));
        }

        string warning = Assert.Single(fixture.Log.Lines, line => line.StartsWith("warning: TLS: ", StringComparison.Ordinal));
        Assert.Contains(_certificates.CertificateFile, warning, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', warning);
        _certificates.Renew();
        Assert.NotEqual(shown, Shown(fixture));
    }

    [Fact]
    public void A_certificate_whose_key_comes_a_moment_later_is_taken_with_its_key()
    {
        using GatewayFixture fixture = Fixture(Options());
        string shown = Shown(fixture);
        string key = File.ReadAllText(_certificates.KeyFile);
        _certificates.Renew();
        string newKey = File.ReadAllText(_certificates.KeyFile);
        File.WriteAllText(_certificates.KeyFile, key);
        Assert.Equal(shown, Shown(fixture));
        File.WriteAllText(_certificates.KeyFile, newKey);
        Assert.NotEqual(shown, Shown(fixture));
    }

    [Fact]
    public void A_replaced_authority_decides_about_the_clients_that_come_from_then_on()
    {
        using TestCertificates others = new("Somebody else");
        using GatewayFixture fixture = Fixture(Options(ClientCertificateMode.Required));
        using X509Certificate2 strange = others.Sign("HFT1.example");
        Assert.True(IsTurnedAway(fixture, strange));
        File.Copy(others.AuthorityFile, _certificates.AuthorityFile, overwrite: true);
        Assert.False(IsTurnedAway(fixture, strange));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void What_is_no_TLS_in_the_middle_of_a_session_ends_that_session_and_no_other(SslProtocols protocol)
    {
        using GatewayFixture fixture = Fixture(Options());
        using TlsTestClient neighbour = new(fixture.Gateway.TlsEndPoint!, _certificates.Authority, protocols: protocol);
        LogOn(neighbour, "HFT2");
        byte[][] pieces =
        [
            "8=FIX.4.4|9=5|35=0|no record"u8.ToArray(), [23, 3, 3, 0, 32, .. new byte[32]], [23, 3, 3, 255, 255, .. new byte[100]], [21, 3, 3, 0, 2, 2, 40],
            [22, 3, 3, 0, 4, 0, 0, 0, 0], [22, 3, 3, 0, 5, 24, 0, 0, 1, 7], [20, 3, 3, 0, 1, 1], new byte[20_000],
        ];
        foreach (byte[] piece in pieces)
        {
            using TlsTestClient client = new(fixture.Gateway.TlsEndPoint!, _certificates.Authority, protocols: protocol);
            LogOn(client, "HFT1");
            client.SendBare(piece);
            client.EndSending();
            GatewayFixture.WaitUntil(() => fixture.Gateway.Counters.ConnectionsOpen == 1, $"still open after {Convert.ToHexString(piece.AsSpan(0, Math.Min(9, piece.Length)))}");
        }

        neighbour.Send(FixText.Order("HFT2", 2, "N1"));
        Assert.Equal("N1", FixText.Tag(neighbour.Receive()!, 11));
    }

    [Fact]
    public void A_thread_that_spins_refuses_a_TLS_port()
    {
        GatewayOptions options = new() { AeronDirectory = "-", IoDriver = GatewayIoDriver.Polled, ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0), Tls = Options() };
        Assert.Contains("second gateway", Assert.Throws<GatewayListenException>(() => new GatewayAgent(options)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _certificates.Dispose();

    private static void Refused(GatewayTlsOptions tls, string named)
    {
        GatewayOptions options = new() { AeronDirectory = "-", ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0), Tls = tls };
        GatewayListenException refused = Assert.Throws<GatewayListenException>(() => new GatewayAgent(options));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private GatewayTlsOptions Options(ClientCertificateMode mode = ClientCertificateMode.None, double handshakeSeconds = 5) => new()
    {
        ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
        CertificateFile = _certificates.CertificateFile,
        KeyFile = _certificates.KeyFile,
        ClientCertificates = mode,
        ClientAuthorityFile = _certificates.AuthorityFile,
        HandshakeLimit = TimeSpan.FromSeconds(handshakeSeconds),
        ReloadInterval = TimeSpan.Zero,
    };

    private string Shown(GatewayFixture fixture)
    {
        using TlsTestClient client = new(fixture.Gateway.TlsEndPoint!, _certificates.Authority);
        return client.Shown;
    }

    private static GatewayFixture Fixture(GatewayTlsOptions tls) => new(GatewayIoDriver.Pipelines, options => options with { Tls = tls });

    private static void LogOn(TlsTestClient client, string who)
    {
        client.Send(FixText.Logon(who));
        Assert.Equal("A", FixText.Tag(client.Receive()!, 35));
    }

    /// <summary>Whether the handshake, or with TLS 1.3 what follows it, ends the connection before a Logon is answered.</summary>
    private bool IsTurnedAway(GatewayFixture fixture, X509Certificate2? own)
    {
        try
        {
            using TlsTestClient client = new(fixture.Gateway.TlsEndPoint!, _certificates.Authority, own);
            client.Send(FixText.Logon("HFT1"));
            return client.Receive() is null;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return true;
        }
    }

    private static Socket ConnectFrom(string address, IPEndPoint endPoint)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        socket.Connect(endPoint);
        return socket;
    }

    private static bool IsClosed(Socket socket)
    {
        try
        {
            // A TLS alert may come before the end.
            return socket.Poll(0, SelectMode.SelectRead) && socket.Receive(new byte[64]) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static string Id(int number) => number.ToString("ORDER-0000", CultureInfo.InvariantCulture);
}
