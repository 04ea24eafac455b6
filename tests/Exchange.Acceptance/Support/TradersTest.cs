using System.Globalization;
using Xunit.Abstractions;

namespace Exchange.Acceptance.Support;

/// <summary>
/// Tests in which clients trade without pause while something is done to the exchange, and every order is accounted for afterwards.
/// EXCHANGE_SEED repeats a run.
/// </summary>
public abstract class TradersTest(ITestOutputHelper output) : AcceptanceTest(output)
{
    private const int QuestionsAtATime = 200;
    private static readonly TimeSpan StatusLimit = TimeSpan.FromSeconds(60);
    private readonly List<Trader> _traders = [];

    /// <summary>Seed of this run.</summary>
    private protected int Seed { get; } = Number("EXCHANGE_SEED", Random.Shared.Next());

    /// <summary>A number from the environment.</summary>
    private protected static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _traders.ForEach(trader => trader.Dispose());
        base.Dispose(disposing);
    }

    /// <summary>Four clients begin to trade.</summary>
    private protected void StartTrading(IRunningExchange exchange)
    {
        Say($"EXCHANGE_SEED={Seed}");
        for (int i = 1; i <= 4; i++)
        {
            _traders.Add(new Trader($"HFT{i}", exchange.FixPorts, Seed + i));
        }
    }

    /// <summary>Every client has that many more orders accepted: the exchange works, for each of them.</summary>
    private protected void TradeOn(IRunningExchange exchange, int more, string what)
    {
        int[] goals = [.. _traders.Select(t => t.Accepted + more)];
        Poll.Until(
            () => _traders.Exists(t => t.Failure is not null) || _traders.Select((t, i) => t.Accepted >= goals[i]).All(reached => reached),
            $"{more} more orders of each client before {what}",
            () => Where(exchange),
            TimeSpan.FromSeconds(60));
        Assert.All(_traders, t => Assert.True(t.Failure is null, $"{t.Client.CompId}: {t.Failure}"));
    }

    /// <summary>No new orders for a while; answers are still awaited.</summary>
    private protected void PauseTrading() => _traders.ForEach(trader => trader.Pause());

    /// <summary>Orders again.</summary>
    private protected void ResumeTrading() => _traders.ForEach(trader => trader.Resume());

    /// <summary>Waits until no client has a connection.</summary>
    private protected void AwaitDisconnection(IRunningExchange exchange) =>
        Poll.Until(() => _traders.TrueForAll(t => !t.IsConnected), "the end of all connections", () => Where(exchange), TimeSpan.FromSeconds(60));

    /// <summary>
    /// Trading ends; every order has its one answer, stands as its owner knows it, and the log says the same. The exchange is stopped.
    /// </summary>
    private protected void Settle(ExchangeProcess exchange)
    {
        Account(exchange);
        exchange.StopCleanly();
        Assert.Equal(CommandResult.Exchange("verify", State).StateHash(), CommandResult.Exchange("replay", State).StateHash());
    }

    /// <summary>Trading ends; every order has its one answer and stands as its owner knows it.</summary>
    private protected void Account(IRunningExchange exchange)
    {
        TradeOn(exchange, 50, "the end");
        _traders.ForEach(trader => trader.Pause());
        Poll.Until(
            () => _traders.TrueForAll(t => t is { Failure: null, Unanswered: 0 }),
            "an answer to every order",
            () => Where(exchange),
            TimeSpan.FromSeconds(60));
        _traders.ForEach(trader => trader.Stop());
        _traders.ForEach(Judge);

        // What one bought another sold: a fill lost or doubled on one side would show here.
        Assert.Equal(0, _traders.Sum(t => t.Ledger.Position));
        Assert.True(_traders.Sum(t => t.Ledger.Fills) > 0, "nothing traded");
        _traders.ForEach(trader => trader.Client.LogOn(StatusLimit).LogOut());
    }

    private void Judge(Trader trader)
    {
        FixClient client = trader.Client;
        OrderLedger ledger = trader.Ledger;
        Say($"{client.CompId}: {ledger.Orders.Count} orders, {ledger.Accepted} accepted, {ledger.Fills} fills, {client.Recovered} messages recovered, {client.Resent} orders sent again, next in {client.NextIn}, next out {client.NextOut}");
        foreach (KeyValuePair<string, OrderLedger.Entry>[] some in ledger.Orders.Chunk(QuestionsAtATime))
        {
            AskStatus(client, ledger, some);
            foreach ((string id, OrderLedger.Entry order) in some)
            {
                FixMessage status = order.LastStatus!;
                string expected = order.Filled == order.Quantity ? "2" : order.Filled > 0 ? "1" : "0";
                Assert.True(
                    status[11] == id && order.IsAccepted && status.Number(14) == order.Filled && status[39] == expected,
                    $"{id}, accepted {order.IsAccepted}, filled {order.Filled} of {order.Quantity}, stands as {status.Raw}");
            }
        }

        Assert.Empty(client.Violations);
        Assert.Empty(ledger.Violations);
        Assert.All(ledger.Orders.Values, order => Assert.Equal(1, order.Answers));
    }

    /// <summary>
    /// The exchange's word on some orders, also when the connection, and with it a question or its answer, is lost in between: the client
    /// logs on again, there or elsewhere, and the session recovers both. Many at a time, for traders leave thousands of orders on a quiet machine.
    /// </summary>
    private static void AskStatus(FixClient client, OrderLedger ledger, KeyValuePair<string, OrderLedger.Entry>[] orders)
    {
        client.LogOn(StatusLimit);
        foreach ((string id, OrderLedger.Entry order) in orders)
        {
            order.LastStatus = null;
            client.Send("H", Orders.Status(id, order.Side));
        }

        Poll.Until(
            () =>
            {
                if (client.TryConnect())
                {
                    client.AwaitAnswer();
                    client.Pump(TimeSpan.FromMilliseconds(20));
                }

                while (client.TryReceive(out FixMessage message))
                {
                    ledger.Report(message);
                }

                return orders.All(order => order.Value.LastStatus is not null);
            },
            $"the status of {orders.Length} orders from {orders[0].Key} on",
            client.Describe,
            StatusLimit);
    }

    private string Where(IRunningExchange exchange) =>
        string.Join('\n', _traders.Select(t => $"{t.Client.Describe()}; accepted {t.Accepted}, unanswered {t.Unanswered}, {t.Failure}")) + "\n" + exchange.Describe();
}
