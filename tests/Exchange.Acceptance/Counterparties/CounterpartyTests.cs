// The same day of trading for every foreign engine, in every version of FIX, over plain TCP and over TLS: two of its clients log on, trade,
// change their minds, fall silent, crash, come back. What must hold: neither side ever rejects a message of the other, and the numbers go on
// through everything.
//
// TLS is each engine's own: QuickFIX's SSLSocketInitiator, which Debian's package has, and node's in jspurefix. Both trust only the authority
// that the test has made, and speak only the version of TLS that the test names.
using System.Globalization;
using Exchange.Acceptance.Support;
using Exchange.Gateway.Tests.Transport;
using Xunit.Abstractions;

namespace Exchange.Acceptance.Counterparties;

/// <summary>The exchange opposite QuickFIX C++ and jspurefix, with the data dictionaries that clients get from us.</summary>
public class CounterpartyTests(ITestOutputHelper output) : AcceptanceTest(output)
{
    private readonly List<ForeignClient> _clients = [];
    private readonly TestCertificates _certificates = new();
    private Engine _engine;
    private string _version = "";
    private Wire _wire;
    private int _tlsPort;

    /// <summary>How a report of an order's status differs from one of news.</summary>
    private string IsStatus => _version == "4.2" ? "20=3" : "150=I";

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (ForeignClient client in _clients)
        {
            Say($"--- {client.CompId}\n{string.Join('\n', client.Lines)}");
            client.Dispose();
        }

        _certificates.Dispose();
        base.Dispose(disposing);
    }

    [Theory]
    [EngineData(Engine.QuickFix, "4.2", Wire.Tcp)]
    [EngineData(Engine.QuickFix, "4.4", Wire.Tcp)]
    [EngineData(Engine.QuickFix, "5.0SP2", Wire.Tcp)]
    [EngineData(Engine.JsPureFix, "4.2", Wire.Tcp)]
    [EngineData(Engine.JsPureFix, "4.4", Wire.Tcp)]
    [EngineData(Engine.QuickFix, "4.2", Wire.Tls12)]
    [EngineData(Engine.QuickFix, "4.4", Wire.Tls13)]
    [EngineData(Engine.QuickFix, "5.0SP2", Wire.Tls13WithCertificate)]
    [EngineData(Engine.JsPureFix, "4.2", Wire.Tls12)]
    [EngineData(Engine.JsPureFix, "4.4", Wire.Tls13WithCertificate)]
    public void Orders_fill_change_and_go(Engine engine, string version, Wire wire)
    {
        ExchangeProcess exchange = Open(engine, version, wire);
        ForeignClient buyer = Start(exchange, "HFT1");
        ForeignClient seller = Start(exchange, "HFT2");
        buyer.Await("LOGON");
        seller.Await("LOGON");

        buyer.Do("order B1 1 AAPL 100 150.25 1");
        buyer.Await("IN ", "35=8", "11=B1", "150=0", "39=0", "151=100");
        seller.Do("order S1 2 AAPL 40 150 1");
        seller.Await("IN ", "35=8", "11=S1", "150=0");
        seller.Await("IN ", "35=8", "11=S1", Fill(isLast: true), "39=2", "32=40", "31=150.25");
        buyer.Await("IN ", "35=8", "11=B1", Fill(isLast: false), "39=1", "32=40", "14=40", "151=60");

        buyer.Do("replace B2 B1 1 AAPL 90 150.5");
        buyer.Await("IN ", "35=8", "11=B2", "41=B1", "150=5", "151=50");
        buyer.Do("status B2 1 AAPL");
        buyer.Await("IN ", "35=8", "11=B2", IsStatus, "14=40", "151=50");
        buyer.Do("cancel B3 B2 1 AAPL 90");
        buyer.Await("IN ", "35=8", "11=B3", "41=B2", "150=4", "39=4", "151=0");
        buyer.Do("cancel B4 B2 1 AAPL 90");
        buyer.Await("IN ", "35=9", "11=B4", "41=B2", "434=1");
        buyer.Do("order B5 1 AAPL 10 market 3");
        buyer.Await("IN ", "35=8", "11=B5", "39=4");

        LogOut(buyer);
        LogOut(seller);
        NothingWasRejected();
        exchange.StopCleanly();
    }

    [Theory]
    [EngineData(Engine.QuickFix, "4.2", Wire.Tcp)]
    [EngineData(Engine.QuickFix, "4.4", Wire.Tcp)]
    [EngineData(Engine.QuickFix, "5.0SP2", Wire.Tcp)]
    [EngineData(Engine.JsPureFix, "4.2", Wire.Tcp)]
    [EngineData(Engine.JsPureFix, "4.4", Wire.Tcp)]
    public void Heartbeats_and_test_requests_are_answered(Engine engine, string version, Wire wire)
    {
        ExchangeProcess exchange = Open(engine, version, wire);
        ForeignClient client = Start(exchange, "HFT1", heartBtIntSec: 1);
        client.Await("LOGON");
        client.Do("testrequest PING");
        client.Await("IN ", "35=0", "112=PING");

        // Several intervals of silence: heartbeats both ways, and nobody hangs up.
        for (int i = 0; i < 3; i++)
        {
            client.Await("IN ", "35=0");
        }

        Assert.Contains(client.Lines, line => line.StartsWith("OUT ", StringComparison.Ordinal) && line.Contains("|35=0|", StringComparison.Ordinal));
        Assert.DoesNotContain("LOGOUT", client.Lines);
        LogOut(client);
        NothingWasRejected();
    }

    [Theory]
    [EngineData(Engine.QuickFix, "4.2", Wire.Tcp)]
    [EngineData(Engine.QuickFix, "4.4", Wire.Tcp)]
    [EngineData(Engine.QuickFix, "5.0SP2", Wire.Tcp)]
    [EngineData(Engine.JsPureFix, "4.2", Wire.Tcp)]
    [EngineData(Engine.JsPureFix, "4.4", Wire.Tcp)]
    [EngineData(Engine.QuickFix, "5.0SP2", Wire.Tls13)]
    [EngineData(Engine.JsPureFix, "4.4", Wire.Tls12)]
    public void A_client_that_was_cut_off_or_crashed_gets_what_it_missed(Engine engine, string version, Wire wire)
    {
        ExchangeProcess exchange = Open(engine, version, wire);
        ForeignClient client = Start(exchange, "HFT1");
        ForeignClient other = Start(exchange, "HFT2");
        client.Await("LOGON");
        other.Await("LOGON");
        client.Do("order B1 1 AAPL 100 10 1");
        client.Await("IN ", "35=8", "11=B1", "150=0");

        client.Do("disconnect");
        client.Await("LOGOUT");
        client.Await("LOGON");
        client.Do("status B1 1 AAPL");
        client.Await("IN ", "35=8", "11=B1", IsStatus, "151=100");

        // What an engine has not written when it dies it has never sent or received, and that is its own affair: let it write.
        int lastSent = Last(client, "OUT ");
        int lastReceived = Last(client, "IN ");
        Poll.Until(() => StoredNumbers("HFT1") == (lastSent + 1, lastReceived + 1), $"the store at {lastSent + 1}, {lastReceived + 1}", () => $"{StoredNumbers("HFT1")}");
        client.Kill();
        other.Do("order S1 2 AAPL 30 10 1");
        other.Await("IN ", "35=8", "11=S1", Fill(isLast: true), "39=2");
        other.Do("order S2 2 AAPL 5 10 1");
        other.Await("IN ", "35=8", "11=S2", Fill(isLast: true), "39=2");

        ForeignClient back = Start(exchange, "HFT1");
        string logon = back.Await("OUT ", "35=A");
        Assert.Equal(lastSent + 1, int.Parse(ForeignClient.Value(logon, 34)!, CultureInfo.InvariantCulture));
        back.Await("IN ", "35=8", "11=B1", Fill(isLast: false), "43=Y", "32=30", "14=30");
        back.Await("IN ", "35=8", "11=B1", Fill(isLast: false), "43=Y", "32=5", "14=35");

        // And it trades on.
        back.Do("order B2 1 AAPL 10 9 1");
        back.Await("IN ", "35=8", "11=B2", "150=0");
        Assert.DoesNotContain("LOGOUT", back.Lines);
        LogOut(back);
        LogOut(other);
        NothingWasRejected();
    }

    [Theory]
    [EngineData(Engine.QuickFix, "4.4", Wire.Tcp)]
    [EngineData(Engine.JsPureFix, "4.4", Wire.Tcp)]
    [EngineData(Engine.QuickFix, "4.4", Wire.Tls13)]
    public void A_client_survives_the_death_of_gateway_and_member(Engine engine, string version, Wire wire)
    {
        ExchangeProcess exchange = Open(engine, version, wire);
        ForeignClient client = Start(exchange, "HFT1");
        client.Await("LOGON");
        client.Do("order B1 1 AAPL 100 10 1");
        client.Await("IN ", "35=8", "11=B1", "150=0");
        foreach ((string role, int index) in new[] { ("gateway", 2), ("member", 3) })
        {
            exchange.KillAndAwaitReplacement(role);
            client.Await("LOGOUT");
            client.Await("LOGON");
            client.Do($"status B{index - 1} 1 AAPL");
            client.Await("IN ", "35=8", $"11=B{index - 1}", IsStatus, "151=100");
            client.Do($"order B{index} 1 AAPL 100 10 1");
            client.Await("IN ", "35=8", $"11=B{index}", "150=0");
        }

        LogOut(client);
        NothingWasRejected();
    }

    private string Fill(bool isLast) => _version != "4.2" ? "150=F" : isLast ? "150=2" : "150=1";

    private static int Last(ForeignClient client, string start) =>
        client.Lines.Where(l => l.StartsWith(start, StringComparison.Ordinal)).Max(l => int.Parse(ForeignClient.Value(l, 34)!, CultureInfo.InvariantCulture));

    /// <summary>Next number to send and to receive in the engine's store; both engines write them alike, as <c>sender : target</c>.</summary>
    private (int Sender, int Target) StoredNumbers(string compId)
    {
        string[] words = File.ReadAllText(Directory.EnumerateFiles(Folder[$"store-{compId}"], "*.seqnums").Single()).Split(':', StringSplitOptions.TrimEntries);
        return words.Length == 2 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int sender)
            && int.TryParse(words[1].TrimEnd('\0'), NumberStyles.None, CultureInfo.InvariantCulture, out int target) ? (sender, target) : default;
    }

    private static void LogOut(ForeignClient client)
    {
        client.Do("logout");
        client.Await("IN ", "35=5");
        client.Await("LOGOUT");
    }

    /// <summary>Starts the exchange, with the TLS port that the wire needs.</summary>
    private ExchangeProcess Open(Engine engine, string version, Wire wire)
    {
        (_engine, _version, _wire) = (engine, version, wire);
        if (wire == Wire.Tcp)
        {
            return StartExchange();
        }

        _tlsPort = ExchangeProcess.FreePort();
        string[] required = wire == Wire.Tls13WithCertificate ? ["--tls-client-cert", "required", "--tls-client-ca", _certificates.AuthorityFile] : [];
        return StartExchange(null, ["--tls-port", $"{_tlsPort}", "--tls-cert", _certificates.CertificateFile, "--tls-key", _certificates.KeyFile, .. required]);
    }

    private ForeignClient Start(ExchangeProcess exchange, string compId, int heartBtIntSec = 30)
    {
        string store = Folder[$"store-{compId}"];
        int port = _wire == Wire.Tcp ? exchange.FixPort : _tlsPort;
        ClientTls? tls = Tls(compId);
        ForeignClient client = new(
            _engine == Engine.QuickFix
                ? Setup.QuickFix(compId, [port], store, heartBtIntSec, version: _version, tls: tls)
                : Setup.JsPureFix(compId, port, store, heartBtIntSec, _version, tls),
            compId);
        _clients.Add(client);
        return client;
    }

    private ClientTls? Tls(string compId)
    {
        switch (_wire)
        {
            case Wire.Tcp:
                return null;
            case Wire.Tls13WithCertificate:
                (string certificate, string key) = _certificates.SignIntoFiles(compId);
                return new ClientTls("TLSv1.3", _certificates.AuthorityFile, certificate, key);
            default:
                return new ClientTls(_wire == Wire.Tls12 ? "TLSv1.2" : "TLSv1.3", _certificates.AuthorityFile, null, null);
        }
    }

    /// <summary>No session reject and no business reject, of either side, and no complaint of the program.</summary>
    private void NothingWasRejected() =>
        Assert.All(_clients.SelectMany(c => c.Lines), line =>
        {
            Assert.DoesNotContain("|35=3|", line, StringComparison.Ordinal);
            Assert.DoesNotContain("|35=j|", line, StringComparison.Ordinal);
            Assert.False(line.StartsWith("ERROR", StringComparison.Ordinal), line);
        });
}
