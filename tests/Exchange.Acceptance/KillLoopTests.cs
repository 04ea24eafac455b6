using System.Globalization;
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>
/// Gateway and member are killed again and again while four clients trade. EXCHANGE_KILL_LOOPS says how often (a release is tested
/// with 50), EXCHANGE_SEED repeats a run.
/// </summary>
public class KillLoopTests(ITestOutputHelper output) : AcceptanceTest(output)
{
    private static readonly int Loops = Number("EXCHANGE_KILL_LOOPS", 5);

    [Fact]
    public void Killed_again_and_again_no_acknowledged_order_is_lost_or_doubled()
    {
        int seed = Number("EXCHANGE_SEED", Random.Shared.Next());
        Say($"EXCHANGE_SEED={seed} EXCHANGE_KILL_LOOPS={Loops}");
        Random random = new(seed);
        ExchangeProcess exchange = StartExchange();
        List<Trader> traders = [.. Enumerable.Range(1, 4).Select(i => new Trader($"HFT{i}", exchange.FixPort, seed + i))];
        try
        {
            for (int loop = 0; loop < Loops; loop++)
            {
                // Both roles in each run, however short, then by lot; the moment by lot too.
                string victim = (loop < 2 ? loop : random.Next(2)) == 0 ? "member" : "gateway";
                TradeOn(exchange, traders, random.Next(10, 200), $"kill {loop + 1}, of the {victim}");
                exchange.KillAndAwaitReplacement(victim);
            }

            TradeOn(exchange, traders, 50, "trading after the last kill");
            traders.ForEach(trader => trader.Pause());
            Poll.Until(
                () => traders.TrueForAll(t => t is { Failure: null, Unanswered: 0 }),
                "an answer to every order",
                () => Where(exchange, traders),
                TimeSpan.FromSeconds(60));
            traders.ForEach(trader => trader.Stop());
            Judge(traders);
            traders.ForEach(trader => trader.Client.LogOut());
            exchange.StopCleanly();
            Assert.Equal(CommandResult.Exchange("verify", State).StateHash(), CommandResult.Exchange("replay", State).StateHash());
        }
        finally
        {
            traders.ForEach(trader => trader.Dispose());
        }
    }

    /// <summary>Every client has that many more orders accepted: the exchange works again, for each of them.</summary>
    private static void TradeOn(ExchangeProcess exchange, List<Trader> traders, int more, string what)
    {
        int[] goals = [.. traders.Select(t => t.Accepted + more)];
        Poll.Until(
            () => traders.Exists(t => t.Failure is not null) || traders.Select((t, i) => t.Accepted >= goals[i]).All(reached => reached),
            $"{more} more orders of each client before {what}",
            () => Where(exchange, traders),
            TimeSpan.FromSeconds(60));
        Assert.All(traders, t => Assert.True(t.Failure is null, $"{t.Client.CompId}: {t.Failure}"));
    }

    private void Judge(List<Trader> traders)
    {
        foreach (Trader trader in traders)
        {
            FixClient client = trader.Client;
            OrderLedger ledger = trader.Ledger;
            Say($"{client.CompId}: {ledger.Orders.Count} orders, {ledger.Accepted} accepted, {ledger.Fills} fills, {client.Recovered} recovered, next in {client.NextIn}, next out {client.NextOut}");
            foreach ((string id, OrderLedger.Entry order) in ledger.Orders)
            {
                client.Send("H", Orders.Status(id, order.Side));
                ledger.Report(client.Receive());
                FixMessage status = order.LastStatus!;
                Assert.True(
                    status[11] == id && status.Number(14) == order.Filled && (!order.IsAccepted || status[39] == (order.Filled == order.Quantity ? "2" : order.Filled > 0 ? "1" : "0")),
                    $"{id}, accepted {order.IsAccepted}, filled {order.Filled} of {order.Quantity}, stands as {status.Raw}");
            }

            Assert.Empty(client.Violations);
            Assert.Empty(ledger.Violations);
            Assert.All(ledger.Orders.Values, order => Assert.Equal(1, order.Answers));
        }

        // What one bought another sold: a fill lost or doubled on one side would show here.
        Assert.Equal(0, traders.Sum(t => t.Ledger.Position));
        Assert.True(traders.Sum(t => t.Ledger.Fills) > 0, "nothing traded");
    }

    private static string Where(ExchangeProcess exchange, List<Trader> traders) =>
        string.Join('\n', traders.Select(t => $"{t.Client.Describe()}; accepted {t.Accepted}, unanswered {t.Unanswered}, {t.Failure}")) + "\n" + exchange.Describe();

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
