// Two engines and a witness under load, while leaders die, freeze, hand over and come back. EXCHANGE_KILL_LOOPS says how often one is
// killed (a release is tested with 100).
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>A cluster from its clients' side: whatever happens to its processes, every order has one answer, once.</summary>
public class ClusterTests(ITestOutputHelper output) : ClusterTest(output)
{
    private static readonly int Loops = Number("EXCHANGE_KILL_LOOPS", 3);

    [Fact]
    public void Leaders_are_killed_again_and_again_and_clients_carry_on_at_the_other_engine()
    {
        Random random = new(Seed);
        ExchangeProcess exchange = StartCluster();
        StartTrading(exchange);
        for (int loop = 1; loop <= Loops; loop++)
        {
            int leader = Whole(exchange).Leader;
            TradeOn(exchange, random.Next(10, 200), $"kill {loop}, of member {leader}");
            Signal(exchange, leader, Posix.Kill);
            TradeOn(exchange, 10, $"the return of member {leader}");
        }

        SettleCluster(exchange);
    }

    [Fact]
    public void A_leader_that_freezes_wakes_deposed_and_stays_mute()
    {
        ExchangeProcess exchange = StartCluster();
        StartTrading(exchange);
        ClusterView before = Whole(exchange);
        int frozen = before.Leader;
        TradeOn(exchange, 50, "the leader freezes");
        Signal(exchange, frozen, Posix.Stop);
        try
        {
            TradeOn(exchange, 50, "the thaw");
        }
        finally
        {
            Signal(exchange, frozen, Posix.Continue);
        }

        ClusterView after = Whole(exchange);
        Assert.NotEqual(frozen, after.Leader);
        Assert.True(after.Term > before.Term, $"term {after.Term} after {before.Term}");
        Assert.Equal("follower", after.Role(frozen));
        SettleCluster(exchange);
    }

    [Fact]
    public void A_planned_switchover_hands_over_and_back_under_load()
    {
        ExchangeProcess exchange = StartCluster();
        StartTrading(exchange);
        for (int i = 0; i < 2; i++)
        {
            int from = Whole(exchange).Leader;
            TradeOn(exchange, 50, "the switchover");
            CommandResult result = CommandResult.Exchange("ctl", "switchover", "--dir", exchange.Directory);
            Say($"{result.ExitCode}: {result.Output}{result.Error}");
            Assert.Equal(0, result.ExitCode);
            Assert.Equal(3 - from, Whole(exchange).Leader);
        }

        TradeOn(exchange, 50, "the end");
        SettleCluster(exchange);
    }

    [Fact]
    public void Each_member_is_restarted_in_turn_under_load()
    {
        ExchangeProcess exchange = StartCluster();
        StartTrading(exchange);
        foreach (string name in (string[])["member-3", "member-2", "member-1"])
        {
            Whole(exchange);
            TradeOn(exchange, 50, $"the restart of {name}");
            int pid = exchange.Named(name).Pid;
            Assert.True(Posix.Signal(pid, Posix.Terminate));
            Poll.Until(() => exchange.Named(name).Pid is var now && now != pid && now != 0, $"another {name}", exchange.Describe, Patience);
        }

        TradeOn(exchange, 50, "the end");
        SettleCluster(exchange);
    }

    [Fact]
    public void A_member_that_comes_back_with_an_empty_disk_fetches_everything()
    {
        ExchangeProcess first = StartCluster();
        FixClient client = Client(first, "HFT8").LogOn();
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m, "NVDA"));
        Assert.Equal("0", client.Receive()[150]);
        Whole(first);
        first.StopCleanly();
        Directory.Delete(Path.Combine(State, "member-1"), recursive: true);

        ExchangeProcess second = StartExchange(first.FixPort, "--members", "3");
        StartTrading(second);
        TradeOn(second, 50, "the new member is whole");
        Whole(second);
        SettleCluster(second);
        string[] hashes = [.. new[] { 1, 2 }.Select(id => CommandResult.Exchange("replay", Path.Combine(State, $"member-{id}")).StateHash())];
        Assert.Equal(hashes[0], hashes[1]);
    }

    [Fact]
    public void A_member_is_rebuilt_from_the_others_on_an_operators_word()
    {
        ExchangeProcess exchange = StartCluster();
        StartTrading(exchange);
        int follower = 3 - Whole(exchange).Leader;
        TradeOn(exchange, 50, "the rebuild");
        Assert.Equal(0, CommandResult.Exchange("ctl", "rebuild", "--dir", State, "--member", $"{follower}").ExitCode);
        Signal(exchange, follower, Posix.Kill);
        TradeOn(exchange, 50, "it is back");
        Whole(exchange);
        Assert.False(File.Exists(Path.Combine(State, $"member-{follower}", "rebuild.requested")));
        SettleCluster(exchange);
    }

    [Fact]
    public void Numbers_continue_at_the_secondary_and_what_was_missed_is_resent()
    {
        ExchangeProcess exchange = StartCluster();
        FixClient maker = Client(exchange, "HFT1").LogOn();
        FixClient taker = Client(exchange, "HFT2").LogOn();
        maker.Send("D", Orders.New("M1", Orders.Buy, 50, 10m));
        Assert.Equal("0", maker.Receive()[150]);
        maker.Drop();
        taker.Send("D", Orders.New("T1", Orders.Sell, 20, 10m));
        Assert.Equal(["0", "F"], Enumerable.Range(0, 2).Select(_ => taker.Receive()[150]));
        (int makerIn, int takerOut) = (maker.NextIn, taker.NextOut);
        int leader = Whole(exchange).Leader;
        Signal(exchange, leader, Posix.Kill);
        maker.LogOn();
        taker.LogOn();

        FixMessage missed = maker.Receive();
        Assert.Equal(("F", "M1", "Y"), (missed[150], missed[11], missed[43]));
        Assert.True(maker.NextIn > makerIn && taker.NextOut > takerOut);
        taker.Send("D", Orders.New("T2", Orders.Sell, 30, 10m));
        Assert.Equal(["0", "F"], Enumerable.Range(0, 2).Select(_ => taker.Receive()[150]));
        FixMessage live = maker.Receive();
        Assert.Equal(("F", "2", null), (live[150], live[39], live[43]));
        Assert.Empty(maker.Violations.Concat(taker.Violations));
    }
}
