// QuickFIX C++ as it comes, with nothing but a second host in its configuration, at a cluster whose leader dies under it.
using System.Globalization;
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance.Counterparties;

/// <summary>QuickFIX C++ with two SocketConnectHost entries survives the death of the leader, in both ways that FIX knows.</summary>
public class QuickFixFailoverTests(ITestOutputHelper output) : ClusterTest(output)
{
    private readonly List<ForeignClient> _clients = [];

    [QuickFixFact]
    public void Numbers_continue_at_the_other_engine_again_and_again()
    {
        ExchangeProcess exchange = StartCluster();
        ForeignClient buyer = Start(exchange, "HFT1");
        ForeignClient seller = Start(exchange, "HFT2");
        buyer.Await("LOGON");
        seller.Await("LOGON");
        buyer.Do("order B1 1 AAPL 100 10 1");
        buyer.Await("IN ", "35=8", "11=B1", "150=0");
        for (int kill = 1; kill <= 3; kill++)
        {
            (int sent, int received) = (Last(buyer, "OUT "), Last(buyer, "IN "));
            Signal(exchange, Whole(exchange).Leader, Posix.Kill);
            buyer.Await("LOGOUT");
            string logon = buyer.Await("OUT ", "35=A");
            Assert.True(Number(logon) > sent && !logon.Contains("|141=Y|", StringComparison.Ordinal), logon);
            Assert.True(Number(buyer.Await("IN ", "35=A")) > received);
            seller.Await("LOGOUT");
            seller.Await("LOGON");
            seller.Do($"order S{kill} 2 AAPL 10 10 1");
            seller.Await("IN ", "35=8", $"11=S{kill}", "150=F", "39=2");
            buyer.Await("IN ", "35=8", "11=B1", "150=F", "32=10", $"14={kill * 10}");
        }

        Assert.Equal(3, buyer.Lines.Count(l => l.StartsWith("IN ", StringComparison.Ordinal) && l.Contains("|150=F|", StringComparison.Ordinal)));
        NothingWasRejected();
    }

    [QuickFixFact]
    public void What_happened_while_it_was_away_is_resent_by_the_other_engine()
    {
        (ExchangeProcess exchange, _) = FillInAbsence();
        ForeignClient back = Start(exchange, "HFT1");
        Assert.DoesNotContain("|141=Y|", back.Await("OUT ", "35=A"), StringComparison.Ordinal);
        back.Await("IN ", "35=8", "11=B1", "150=F", "43=Y", "32=30", "151=70");
        back.Do("order B2 1 AAPL 10 9 1");
        back.Await("IN ", "35=8", "11=B2", "150=0");
        NothingWasRejected();
    }

    [QuickFixFact]
    public void A_client_that_resets_is_told_its_open_orders_and_unseen_fills()
    {
        (ExchangeProcess exchange, string fill) = FillInAbsence();
        ForeignClient back = Start(exchange, "HFT1", resets: true);
        Assert.Contains("|141=Y|", back.Await("OUT ", "35=A"), StringComparison.Ordinal);
        Assert.Contains("|141=Y|", back.Await("IN ", "35=A"), StringComparison.Ordinal);
        back.Await("LOGON");
        string[] reports = ["150=D", "150=F"];
        Poll.Until(() => Array.TrueForAll(reports, r => back.Lines.Any(l => IsReport(l, r))), "order and fill restated", () => string.Join('\n', back.Lines));
        string order = back.Lines.Single(l => IsReport(l, "150=D"));
        string again = back.Lines.Single(l => IsReport(l, "150=F"));
        Assert.Equal(("B1", "30", "70"), (ForeignClient.Value(order, 11), ForeignClient.Value(order, 14), ForeignClient.Value(order, 151)));
        Assert.Equal(("30", "Y"), (ForeignClient.Value(again, 32), ForeignClient.Value(again, 97)));
        Assert.NotEqual(fill, again);
        back.Do("order B2 1 AAPL 10 9 1");
        back.Await("IN ", "35=8", "11=B2", "150=0");
        NothingWasRejected();
    }

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

    private static bool IsReport(string line, string kind) =>
        line.StartsWith("IN ", StringComparison.Ordinal) && line.Contains($"|{kind}|", StringComparison.Ordinal) && line.Contains("|11=B1|", StringComparison.Ordinal);

    private static int Number(string line) => int.Parse(ForeignClient.Value(line, 34)!, CultureInfo.InvariantCulture);

    private static int Last(ForeignClient client, string start) => client.Lines.Where(l => l.StartsWith(start, StringComparison.Ordinal)).Max(Number);

    /// <summary>HFT1 leaves an order and is gone; a part of it is filled, and then the leader dies. Returns the other side's fill.</summary>
    private (ExchangeProcess Exchange, string Fill) FillInAbsence()
    {
        ExchangeProcess exchange = StartCluster();
        ForeignClient buyer = Start(exchange, "HFT1");
        ForeignClient seller = Start(exchange, "HFT2");
        buyer.Await("LOGON");
        seller.Await("LOGON");
        buyer.Do("order B1 1 AAPL 100 10 1");
        buyer.Await("IN ", "35=8", "11=B1", "150=0");

        // What the engine has not written when it dies it has never sent or received, and that is its own affair: let it write.
        int received = Last(buyer, "IN ");
        Poll.Until(() => StoredTarget() == received + 1, "the store", () => $"{StoredTarget()} of {received + 1}");
        buyer.Kill();
        seller.Do("order S1 2 AAPL 30 10 1");
        string fill = seller.Await("IN ", "35=8", "11=S1", "150=F", "39=2");
        Signal(exchange, Whole(exchange).Leader, Posix.Kill);
        seller.Await("LOGOUT");
        seller.Await("LOGON");
        return (exchange, fill);
    }

    private int StoredTarget()
    {
        string[] words = File.ReadAllText(Directory.EnumerateFiles(Folder["store-HFT1"], "*.seqnums").Single()).Split(':', StringSplitOptions.TrimEntries);
        return words.Length == 2 && int.TryParse(words[1].TrimEnd('\0'), NumberStyles.None, CultureInfo.InvariantCulture, out int target) ? target : 0;
    }

    private ForeignClient Start(ExchangeProcess exchange, string compId, bool resets = false)
    {
        ForeignClient client = new(Setup.QuickFix(compId, exchange.FixPorts, Folder[$"store-{compId}"], 30, resets), compId);
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
