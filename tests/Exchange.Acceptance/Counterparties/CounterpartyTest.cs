// The same day of trading for every foreign engine: two of its clients log on, trade, change their minds, fall silent, crash, come
// back. What must hold: neither side ever rejects a message of the other, and the numbers go on through everything.
using System.Globalization;
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance.Counterparties;

/// <summary>The scenario, to be run by an engine's own test class.</summary>
public abstract class CounterpartyTest(ITestOutputHelper output) : AcceptanceTest(output)
{
    private readonly List<ForeignClient> _clients = [];

    /// <summary>The version of FIX.</summary>
    private protected virtual string Version => "4.4";

    /// <summary>How a report of an order's status differs from one of news.</summary>
    private string IsStatus => Version == "4.2" ? "20=3" : "150=I";

    /// <summary>The command that starts the engine.</summary>
    private protected abstract IEnumerable<string> Command(string compId, int port, string store, int heartBtIntSec);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (ForeignClient client in _clients)
        {
            Say($"--- {client.CompId}\n{string.Join('\n', client.Lines)}");
            client.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Orders, fills, replacement, cancellation, rejection, status.</summary>
    private protected void Trades()
    {
        ExchangeProcess exchange = StartExchange();
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

    /// <summary>Heartbeats of both sides and the answer to a TestRequest.</summary>
    private protected void KeepsAlive()
    {
        ExchangeProcess exchange = StartExchange();
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

    /// <summary>The connection is cut, then the whole client; each time it comes back with its numbers and gets what it missed.</summary>
    private protected void ComesBack()
    {
        ExchangeProcess exchange = StartExchange();
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

    /// <summary>Gateway and member are killed while the client is on; it comes back by itself and trades on.</summary>
    private protected void SurvivesKills()
    {
        ExchangeProcess exchange = StartExchange();
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

    private string Fill(bool isLast) => Version != "4.2" ? "150=F" : isLast ? "150=2" : "150=1";

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

    private ForeignClient Start(ExchangeProcess exchange, string compId, int heartBtIntSec = 30)
    {
        ForeignClient client = new(Command(compId, exchange.FixPort, Folder[$"store-{compId}"], heartBtIntSec), compId);
        _clients.Add(client);
        return client;
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
