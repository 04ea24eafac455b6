// A leader that nobody hears, or that hears nobody, while its process and its gateway are well and its clients reach it: the case in
// which two leaders could answer at once.
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>Real members on a network that goes dark between them.</summary>
public class PartitionTests(ITestOutputHelper output) : ClusterTest(output)
{
    [Theory]
    [InlineData(nameof(WireCut.Lost))]
    [InlineData(nameof(WireCut.Late))]
    [InlineData(nameof(WireCut.Mute))]
    [InlineData(nameof(WireCut.Deaf))]
    public void A_leader_that_is_cut_off_goes_silent_and_its_clients_carry_on_at_the_other_engine(string name)
    {
        WireCut cut = Enum.Parse<WireCut>(name);
        SpreadCluster cluster = StartSpread();
        StartTrading(cluster);

        // On a busy machine the first leader may not last; the one under which all have traded does.
        TradeOn(cluster, 50, "it is known who leads");
        ClusterView before = Whole(cluster);
        int old = before.Leader;
        int other = 3 - old;
        FixClient stays = Client(cluster, "HFT8").LogOn();
        stays.Send("D", Orders.New("B1", Orders.Buy, 10, 1m, "NVDA"));
        Assert.Equal("0", stays.Receive()[150]);
        int nextIn = stays.NextIn;
        TradeOn(cluster, 50, $"member {old} is cut off, {cut}");

        cluster.Isolate(old, cut);
        stays.Send("D", Orders.New("B2", Orders.Buy, 10, 1m, "NVDA"));

        // The gateway is well, and hears from a member that is well: that nobody follows is why it lets its client go, without an answer.
        Poll.Until(() => stays.Pump(TimeSpan.FromMilliseconds(20)) && stays.IsDisconnected, "the end of the connection to the old leader", () => $"{stays.Describe()}\n{cluster.Describe()}");
        Assert.False(stays.TryReceive(out FixMessage? answer), $"answered by a leader that nobody follows: {answer?.Raw}");
        Assert.Equal(nextIn, stays.NextIn);

        // The others go on without it; it neither leads nor takes anyone in.
        TradeOn(cluster, 50, "the wires are mended");
        ClusterView parted = Await(cluster, v => v.Leader == other && v.Role(old) != "leader", $"member {other} leads alone");
        Say($"parted: {parted}");
        Assert.True(parted.Term > before.Term, $"term {parted.Term} after {before.Term}");
        if (cut != WireCut.Mute)
        {
            Assert.Equal(before.Term, parted.Member(old).GetProperty("term").GetInt64());
        }

        using FixClient late = new("HFT7", cluster.FixPort(old));
        Poll.Until(() => late.TryConnect() && late.Pump(TimeSpan.FromMilliseconds(20)) && late.IsDisconnected, "the end of a connection that finds no leader", late.Describe);
        Assert.Equal(1, late.NextIn);

        // What the others have is answered, what they have not is asked for; either way once, and the numbers go on.
        stays.LogOn();
        FixMessage accepted = stays.Receive();
        Assert.Equal(("0", "B2"), (accepted[150], accepted[11]));

        long withheld = cluster.Mend();
        Assert.True(withheld > 0, "nothing was withheld: the members do not speak over the wires");
        Say($"{withheld} bytes did not arrive in time");
        TradeOn(cluster, 50, "the end");
        stays.Send("D", Orders.New("B3", Orders.Buy, 10, 1m, "NVDA"));
        FixMessage last = stays.Receive();
        Assert.Equal(("0", "B3"), (last[150], last[11]));
        stays.Drop();
        Assert.Empty(stays.Violations);

        // Every order of every client has one answer; the old leader has followed.
        Account(cluster);
        ClusterView whole = Whole(cluster);
        Say($"mended: {whole}");
        Assert.True(whole.Term >= parted.Term);
        cluster.StopCleanly();
        string[] hashes = [.. new[] { 1, 2 }.Select(id => CommandResult.Exchange("replay", cluster.StateOf(id)).StateHash())];
        Assert.Equal(hashes[0], hashes[1]);
    }
}
