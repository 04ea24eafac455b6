using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>What a client sees of an exchange in good health.</summary>
public class TradingTests(ITestOutputHelper output) : AcceptanceTest(output)
{
    [Fact]
    public void Two_clients_trade_and_each_gets_its_reports()
    {
        ExchangeProcess exchange = StartExchange();
        FixClient buyer = Client(exchange, "HFT1").LogOn();
        FixClient seller = Client(exchange, "HFT2").LogOn();

        buyer.Send("D", Orders.New("B1", Orders.Buy, 100, 150.25m));
        FixMessage accepted = buyer.Receive();
        Assert.Equal(("8", "0", "0", "B1", 100m), (accepted.Type, accepted[150], accepted[39], accepted[11], accepted.Number(151)));

        seller.Send("D", Orders.New("S1", Orders.Sell, 40, 150.00m));
        Assert.Equal("0", seller.Receive()[150]);
        FixMessage sold = seller.Receive();
        FixMessage bought = buyer.Receive();

        // At the price of the order that was there first.
        Assert.Equal(("F", "2", 40m, 150.25m, 0m), (sold[150], sold[39], sold.Number(32), sold.Number(31), sold.Number(151)));
        Assert.Equal(("F", "1", 40m, 150.25m, 60m), (bought[150], bought[39], bought.Number(32), bought.Number(31), bought.Number(151)));

        buyer.Send("G", Orders.Replace("B2", "B1", Orders.Buy, 90, 150.50m));
        FixMessage replaced = buyer.Receive();
        Assert.Equal(("5", "B2", "B1", 50m), (replaced[150], replaced[11], replaced[41], replaced.Number(151)));

        buyer.Send("F", Orders.Cancel("B3", "B2", Orders.Buy));
        FixMessage cancelled = buyer.Receive();
        Assert.Equal(("4", "4", 0m, 40m), (cancelled[150], cancelled[39], cancelled.Number(151), cancelled.Number(14)));

        buyer.Send("F", Orders.Cancel("B4", "none", Orders.Buy));
        FixMessage rejected = buyer.Receive();
        Assert.Equal(("9", "1"), (rejected.Type, rejected[102]));

        buyer.LogOut();
        seller.LogOut();
        Assert.Empty(buyer.Violations.Concat(seller.Violations));
        exchange.StopCleanly();
    }

    [Fact]
    public void A_cancel_in_the_packet_of_its_order_finds_it()
    {
        ExchangeProcess exchange = StartExchange();
        FixClient client = Client(exchange, "HFT1").LogOn();

        client.SendTogether(
            ("D", Orders.New("N1", Orders.Buy, 10, 1m)),
            ("G", Orders.Replace("N2", "N1", Orders.Buy, 20, 2m)),
            ("F", Orders.Cancel("N3", "N2", Orders.Buy)),
            ("D", Orders.New("N4", Orders.Buy, 10, 1m)),
            ("F", Orders.Cancel("N5", "N4", Orders.Buy)));

        Assert.Equal(["0", "5", "4", "0", "4"], Enumerable.Range(0, 5).Select(_ => client.Receive()[150]));
        Assert.Empty(client.Violations);
    }

    [Fact]
    public void A_message_cut_into_single_bytes_is_one_message()
    {
        ExchangeProcess exchange = StartExchange();
        FixClient client = Client(exchange, "HFT1").LogOn();
        byte[] order = client.Compose("D", client.NextOut, [(52, FixClient.Now())], Orders.New("B1", Orders.Buy, 10, 1m));
        foreach (byte b in order)
        {
            client.SendRaw([b]);
        }

        FixMessage report = client.Receive();
        Assert.Equal(("0", "B1"), (report[150], report[11]));
    }

    [Fact]
    public void A_client_gets_what_it_missed_with_its_original_content()
    {
        ExchangeProcess exchange = StartExchange();
        FixClient absent = Client(exchange, "HFT1").LogOn();
        FixClient present = Client(exchange, "HFT2").LogOn();
        absent.Send("D", Orders.New("B1", Orders.Buy, 100, 10m));
        string orderId = absent.Receive()[37]!;
        absent.Drop();

        present.Send("D", Orders.New("S1", Orders.Sell, 30, 10m));
        Assert.Equal(["0", "F"], Enumerable.Range(0, 2).Select(_ => present.Receive()[150]));

        absent.LogOn();
        FixMessage missed = absent.Receive();
        Assert.Equal(("F", orderId, 30m, true), (missed[150], missed[37], missed.Number(32), missed.PossDup));
        Assert.NotNull(missed[122]);

        // The numbers go on from there, for what is live again.
        absent.Send("H", Orders.Status("B1", Orders.Buy));
        FixMessage status = absent.Receive();
        Assert.Equal(("I", 30m, 70m, false), (status[150], status.Number(14), status.Number(151), status.PossDup));
        Assert.Empty(absent.Violations.Concat(present.Violations));
    }

    [Fact]
    public void Idle_it_leaves_the_processor_to_others()
    {
        ExchangeProcess exchange = StartExchange();
        _ = Client(exchange, "HFT1").LogOn();
        List<int> pids = [exchange.Pid, .. exchange.Processes().Select(e => e.Pid)];

        // Starting costs processor time and compilation in the background; a later interval is idle. At most 5 % of one core.
        long start = Environment.TickCount64;
        double share = 1;
        Poll.Until(
            () =>
            {
                TimeSpan before = TimeSpan.FromTicks(pids.Distinct().Sum(pid => Posix.CpuTime(pid).Ticks));
                long from = Environment.TickCount64;
                while (Environment.TickCount64 - from < 4000)
                {
                    Thread.Sleep(50);
                }

                TimeSpan used = TimeSpan.FromTicks(pids.Distinct().Sum(pid => Posix.CpuTime(pid).Ticks)) - before;
                share = used.TotalMilliseconds / (Environment.TickCount64 - from);
                return share <= 0.05;
            },
            "at most 5 % of one core",
            () => $"{share:P1} after {Environment.TickCount64 - start} ms");
        Say($"idle share of one core: {share:P1}");
    }
}
