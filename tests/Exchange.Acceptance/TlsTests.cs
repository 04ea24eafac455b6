using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>FIX over TLS with real processes: a client of .NET's own, the terminal, and the load generator.</summary>
public class TlsTests(ITestOutputHelper output) : AcceptanceTest(output)
{
    private string AuthorityFile => Path.Combine(State, "tls", "ca.pem");

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void A_client_that_trusts_the_exchanges_authority_logs_on_over_TLS(SslProtocols protocol)
    {
        int port = ExchangeProcess.FreePort();
        ExchangeProcess exchange = StartExchange(options: ["--tls-port", $"{port}"]);
        using TcpClient tcp = new("127.0.0.1", port);
        using SslStream stream = new(tcp.GetStream());
        stream.AuthenticateAsClient(Options(protocol));
        Assert.Equal(protocol, stream.SslProtocol);
        stream.ReadTimeout = (int)Poll.Patience.TotalMilliseconds;
        stream.Write(FixMessage.Compose("FIX.4.4", [(35, "A"), (49, "HFT1"), (56, "EXCH"), (34, "1"), (52, FixClient.Now()), (98, "0"), (108, "30"), (553, "HFT1"), (554, "HFT1")]));
        stream.Write(FixMessage.Compose("FIX.4.4", [(35, "D"), (49, "HFT1"), (56, "EXCH"), (34, "2"), (52, FixClient.Now()), .. Orders.New("B1", Orders.Buy, 10, 1m)]));
        Assert.Equal("A", Receive(stream).Type);
        Assert.Equal("B1", Receive(stream)[11]);

        // Beside it the plain port goes on, and what is not TLS gets nowhere.
        Assert.True(Client(exchange, "HFT2").LogOn().IsLoggedOn);
        using FixConnection plain = FixConnection.Open(port);
        plain.Send(FixMessage.Compose("FIX.4.4", [(35, "A"), (49, "HFT3"), (56, "EXCH"), (34, "1"), (52, FixClient.Now()), (98, "0"), (108, "30"), (553, "HFT3"), (554, "HFT3")]));
        Poll.Until(() => plain.Receive(TimeSpan.FromMilliseconds(20)) is null && plain.IsClosed, "the end of a plain connection to the TLS port");
        exchange.StopCleanly();
    }

    [Fact]
    public void The_terminal_and_the_load_generator_speak_TLS()
    {
        int port = ExchangeProcess.FreePort();
        ExchangeProcess exchange = StartExchange(options: ["--tls-port", $"{port}"]);
        string script = Folder["script"];
        File.WriteAllText(script, "buy 10 AAPL @ 1 id first\nquit\n");
        string[] secured = ["--connect", $"127.0.0.1:{port}", "--tls", "--tls-ca", AuthorityFile];
        CommandResult terminal = CommandResult.Exchange(["client", .. secured, "--script", script, "--state", Folder["client"], "--timeout", "20"]);
        Say(terminal.Output + terminal.Error);
        Assert.Equal(0, terminal.ExitCode);

        CommandResult load = CommandResult.Exchange(["load", .. secured, "--sessions", "2", "--rate", "200", "--seconds", "2", "--warmup", "1", "--session-prefix", "HFT"]);
        Say(load.Output + load.Error);
        Assert.Equal(0, load.ExitCode);

        CommandResult strange = CommandResult.Exchange(["client", "--connect", $"127.0.0.1:{port}", "--tls", "--script", script, "--state", Folder["other"], "--timeout", "2"]);
        Assert.NotEqual(0, strange.ExitCode);
        Assert.Contains("--tls-ca", strange.Error, StringComparison.Ordinal);
        exchange.StopCleanly();
    }

    private SslClientAuthenticationOptions Options(SslProtocols protocol)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(AuthorityFile);
        return new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocol, CertificateChainPolicy = policy };
    }

    private static FixMessage Receive(SslStream stream)
    {
        List<byte> received = [];
        while (true)
        {
            if (FixMessage.Take(received.ToArray(), out _) is { } message)
            {
                return message;
            }

            int next = stream.ReadByte();
            Assert.True(next >= 0, $"closed after {FixMessage.Readable(received.ToArray())}");
            received.Add((byte)next);
        }
    }
}
