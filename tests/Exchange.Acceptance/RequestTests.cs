// What clients ask about many orders at once and about the market, and what they are told without asking: over real sockets, to a real
// exchange, judged by a client that shares no code with it.
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>Mass status, mass cancel, reference data and news.</summary>
public class RequestTests(ITestOutputHelper output) : ClusterTest(output)
{
    private const int ManyOrders = 600;

    [Fact]
    public void A_client_is_told_all_its_orders_and_cancels_them_with_one_message()
    {
        ExchangeProcess exchange = StartExchange();
        FixClient client = Client(exchange, "HFT1").LogOn();
        FixClient other = Client(exchange, "HFT2").LogOn();
        other.Send("D", Orders.New("X1", Orders.Buy, 5, 1m));
        Assert.Equal("0", other.Receive()[150]);

        // More than one command may deal with, so the answers come in several slices.
        for (int i = 0; i < ManyOrders; i++)
        {
            client.Send("D", Orders.New($"B{i}", Orders.Buy, 10, 1m + (i % 50 * 0.01m), i % 3 == 0 ? "NVDA" : "AAPL"));
        }

        Assert.All(Enumerable.Range(0, ManyOrders), _ => Assert.Equal("0", client.Receive()[150]));
        AssertMassStatus(client, "S1", "7", symbol: null, [.. Enumerable.Range(0, ManyOrders).Select(i => $"B{i}")]);
        AssertMassStatus(client, "S2", "1", "NVDA", [.. Enumerable.Range(0, ManyOrders / 3).Select(i => $"B{i * 3}")]);

        AssertMassCancel(client, "C1", "1", "NVDA", ManyOrders / 3);
        AssertMassCancel(client, "C2", "7", symbol: null, ManyOrders - (ManyOrders / 3));
        client.Send("AF", (584, "S3"), (585, "7"));
        FixMessage none = client.Receive();
        Assert.Equal(("8", "I", "8", "0", "Y", "NONE"), (none.Type, none[150], none[39], none[911], none[912], none[37]));
        client.Send("q", (11, "C3"), (530, "3"), (60, FixClient.Now()));
        FixMessage refused = client.Receive();
        Assert.Equal(("r", "0", "0"), (refused.Type, refused[531], refused[532]));

        // The other client's order is still there.
        other.Send("F", Orders.Cancel("X2", "X1", Orders.Buy));
        Assert.Equal("4", other.Receive()[150]);
        Assert.Empty(client.Violations.Concat(other.Violations));
        exchange.StopCleanly();
    }

    [Fact]
    public void A_client_is_told_what_is_traded_and_whether_it_trades()
    {
        ExchangeProcess exchange = StartExchange();
        FixClient client = Client(exchange, "HFT1").LogOn();
        client.Send("x", (320, "L1"), (559, "4"));
        List<string> symbols = [];
        FixMessage list;
        do
        {
            list = client.Receive();
            Assert.Equal(("y", "L1", "0"), (list.Type, list[320], list[560]));
            symbols.AddRange(list.Fields.Where(field => field.Tag == 55).Select(field => field.Value));
        }
        while (list[893] == "N");
        Assert.Equal(list.Int(393), symbols.Count);
        Assert.Contains("AAPL", symbols);
        Assert.Equal(symbols.Count, symbols.Distinct().Count());

        client.Send("c", (320, "D1"), (321, "0"), (55, "AAPL"));
        FixMessage definition = client.Receive();
        Assert.Equal(("d", "1", "AAPL"), (definition.Type, definition[323], definition[55]));
        Assert.StartsWith("tick ", definition[58], StringComparison.Ordinal);
        client.Send("c", (320, "D2"), (321, "2"));
        Assert.Equal("5", client.Receive()[323]);

        client.Send("e", (324, "E1"), (55, "AAPL"), (263, "0"));
        FixMessage status = client.Receive();
        Assert.Equal(("f", "AAPL", "17"), (status.Type, status[55], status[326]));
        client.Send("g", (335, "G1"), (263, "0"));
        FixMessage day = client.Receive();
        Assert.Equal(("h", "1", "2"), (day.Type, day[336], day[340]));

        // What is not processed is answered, and its data may hold anything.
        client.Send("n", (212, "8"), (213, "<a>\u000110=0"));
        FixMessage refused = client.Receive();
        Assert.Equal(("j", "n", "3"), (refused.Type, refused[372], refused[380]));
        Assert.Empty(client.Violations);
        exchange.StopCleanly();
    }

    [Fact]
    public void Answers_that_were_missed_are_sent_again_as_they_were()
    {
        ExchangeProcess exchange = StartExchange();
        FixClient client = Client(exchange, "HFT1").LogOn();
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m));
        Assert.Equal("0", client.Receive()[150]);

        // The requests are sequenced, but nobody reads the answers.
        client.Send("x", (320, "L1"), (559, "4"));
        client.Send("q", (11, "C1"), (530, "7"), (60, FixClient.Now()));
        FixMessage first = client.Receive();
        client.Drop();
        client.LogOn();
        List<FixMessage> answers = [first];
        while (answers[^1].Type != "r")
        {
            answers.Add(client.Receive());
        }

        Assert.Equal("1", answers[^1][533]);
        Assert.Contains(answers, answer => answer.Type == "8" && answer[150] == "4");
        Assert.Empty(client.Violations);
        exchange.StopCleanly();
    }

    [Fact]
    public void News_of_an_operator_and_of_a_planned_switchover_reach_every_client()
    {
        ExchangeProcess exchange = StartCluster();
        FixClient[] clients = [Client(exchange, "HFT1").LogOn(), Client(exchange, "HFT2").LogOn()];
        Ctl(0, "news", "--headline", "Maintenance", "--text", "At noon.", "--text", "For an hour.", "--urgency", "background");
        foreach (FixClient client in clients)
        {
            FixMessage news = client.Receive();
            Assert.Equal(("B", "Maintenance", "2", "2"), (news.Type, news[148], news[61], news[33]));
            Assert.Equal(["At noon.", "For an hour."], news.Fields.Where(field => field.Tag == 58).Select(field => field.Value));
        }

        Assert.Contains("urgency", Ctl(1, "news", "--headline", "h", "--text", "t", "--urgency", "loud").Error, StringComparison.Ordinal);
        Assert.Contains("printable", Ctl(1, "news", "--headline", new string('h', 200), "--text", "t").Error, StringComparison.Ordinal);
        Ctl(2, "news", "--headline", "h");

        int leader = Whole(exchange).Leader;
        Ctl(0, "switchover");
        foreach (FixClient client in clients)
        {
            // Heard over the old connection, so it was told before that was closed.
            FixMessage news = client.Receive();
            Assert.Equal(("B", $"Planned switchover to 127.0.0.1:{exchange.FixPorts[2 - leader]}", "1", false), (news.Type, news[148], news[61], news.PossDup));
            Poll.Until(() => client.Pump(TimeSpan.FromMilliseconds(20)) && client.IsDisconnected, "the end of the old connection", client.Describe);
            client.LogOn();
            client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m));
            Assert.Equal("0", client.Receive()[150]);
            Assert.Empty(client.Violations);
        }

        Assert.Equal(3 - leader, Whole(exchange).Leader);
        exchange.StopCleanly();
    }

    private static void AssertMassStatus(FixClient client, string id, string type, string? symbol, string[] orders)
    {
        client.Send("AF", [(584, id), (585, type), .. Subject(symbol)]);
        FixMessage[] reports = [.. orders.Select(_ => client.Receive())];
        Assert.All(reports, report => Assert.Equal(("8", "I", id, $"{orders.Length}"), (report.Type, report[150], report[584], report[911])));
        Assert.Equal(orders, reports.Select(report => report[11]));
        Assert.All(reports[..^1], report => Assert.Equal("N", report[912]));
        Assert.Equal("Y", reports[^1][912]);
    }

    private static void AssertMassCancel(FixClient client, string id, string type, string? symbol, int count)
    {
        client.Send("q", [(11, id), (530, type), .. Subject(symbol), (60, FixClient.Now())]);
        for (int i = 0; i < count; i++)
        {
            FixMessage report = client.Receive();
            Assert.Equal(("8", "4", "4"), (report.Type, report[150], report[39]));
        }

        FixMessage done = client.Receive();
        Assert.Equal(("r", id, type, type, $"{count}"), (done.Type, done[11], done[530], done[531], done[533]));
    }

    private static (int Tag, string Value)[] Subject(string? symbol) => symbol is null ? [] : [(55, symbol)];
}
