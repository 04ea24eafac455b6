// Members that do not belong, and bytes that do not: each is refused in one line that says what does not fit, and the others go on.
using System.Net.Sockets;
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>Bad members, bad bytes and bad disks at a live cluster.</summary>
public class RefusedMemberTests(ITestOutputHelper output) : ClusterTest(output)
{
    /// <summary>Within the first entries of a segment, behind its header.</summary>
    private const int FirstEntries = 4096 + 1000;

    [Fact]
    public void A_stranger_is_refused_and_told_why()
    {
        ExchangeProcess exchange = StartCluster();
        StartTrading(exchange);
        string yaml = File.ReadAllText(Path.Combine(State, "cluster.yaml"));
        string id = yaml.Split("cluster: ")[1].Split('\n')[0].Trim();
        string key = File.ReadAllText(Path.Combine(State, "cluster.key"));
        BackgroundCommand otherKey = Stranger("key", yaml, new string('b', 64) + "\n");
        Say(otherKey.AwaitLine("cluster key: mark", "at the other side"));
        string otherId = Guid.NewGuid().ToString();
        BackgroundCommand otherCluster = Stranger("cluster", yaml.Replace(id, otherId, StringComparison.Ordinal), key);
        Say(otherCluster.AwaitLine(id, otherId));
        BackgroundCommand unknown = Stranger("id", yaml, key);

        // Who has the key and the right cluster may be a member that these do not know of yet: it is let in, and has no say.
        Say(unknown.AwaitLine("member 1 is connected"));
        TradeOn(exchange, 50, "the end");
        Assert.False(otherKey.HasEnded || otherCluster.HasEnded || unknown.HasEnded);
        SettleCluster(exchange);
    }

    [Fact]
    public void Garbage_on_the_peer_port_is_dropped_without_effect()
    {
        ExchangeProcess exchange = StartCluster();
        StartTrading(exchange);
        ClusterView before = Whole(exchange);
        Random random = new(Seed);
        int[] ports = [.. before.Members.Select(m => int.Parse(m.GetProperty("peer_address").GetString()!.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture))];
        List<TcpClient> silent = [];
        for (int i = 0; i < 200; i++)
        {
            TcpClient client = new("127.0.0.1", ports[i % ports.Length]);
            silent.Add(client);
            byte[] bytes = new byte[random.Next(0, 70_000)];
            random.NextBytes(bytes);
            try
            {
                client.GetStream().Write(bytes);
            }
            catch (IOException)
            {
                // It was cut off before it had said everything, as it should be.
            }
        }

        TradeOn(exchange, 50, "the end of the noise");
        ClusterView after = Whole(exchange);
        Assert.Equal((before.Leader, before.Term), (after.Leader, after.Term));
        Assert.Equal(before.Members.Select(m => m.GetProperty("pid").GetInt32()), after.Members.Select(m => m.GetProperty("pid").GetInt32()));
        silent.ForEach(client => client.Dispose());
        SettleCluster(exchange);
    }

    [Fact]
    public void A_damaged_log_is_refused_and_repaired_from_the_others()
    {
        ExchangeProcess first = StartCluster();
        FixClient client = Client(first, "HFT8").LogOn();
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m, "NVDA"));
        Assert.Equal("0", client.Receive()[150]);
        int follower = 3 - Whole(first).Leader;
        first.StopCleanly();
        string segment = Directory.EnumerateFiles(Path.Combine(State, $"member-{follower}", "log"), "*.seg*").Order(StringComparer.Ordinal).First();
        using (FileStream file = new(segment, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Position = FirstEntries;
            int old = file.ReadByte();
            file.Position = FirstEntries;
            file.WriteByte((byte)(old ^ 0x5A));
        }

        ExchangeProcess second = StartExchange(first.FixPort, "--members", "3");
        StartTrading(second);
        Poll.Until(() => second.Output.Contains("ctl rebuild --dir", StringComparison.Ordinal), "the command that repairs it", second.Describe);
        string line = second.Output.Split('\n').First(l => l.Contains("ctl rebuild --dir", StringComparison.Ordinal));
        Say(line);
        Assert.Contains($"member-{follower}", line, StringComparison.Ordinal);
        Assert.Contains("position", line, StringComparison.Ordinal);
        TradeOn(second, 50, "the repair");
        Assert.Equal("down", ClusterView.Of(State).Role(follower));
        Ctl(0, "rebuild", "--member", $"{follower}");
        Ctl(2, "rebuild", "--member", "9");
        TradeOn(second, 50, "the end");
        SettleCluster(second);
    }

    [Fact]
    public void A_log_of_another_cluster_is_refused_with_both_names()
    {
        ExchangeProcess first = StartCluster();
        int follower = 3 - Whole(first).Leader;
        first.StopCleanly();
        string other = Folder["other"];
        ExchangeProcess foreign = LaunchExchange(other, ExchangeProcess.FreePortPair(), "--members", "3");
        foreign.WaitUntilReady();
        foreign.StopCleanly();
        string log = Path.Combine(State, $"member-{follower}", "log");
        Directory.Delete(log, recursive: true);
        Directory.Move(Path.Combine(other, $"member-{follower}", "log"), log);

        BackgroundCommand member = Background("member", "--dir", State, "--id", $"{follower}");
        Assert.NotEqual(0, member.WaitForExit(TimeSpan.FromSeconds(30)));
        string line = member.AwaitLine("exchange: ");
        Assert.Contains(Id(State), line, StringComparison.Ordinal);
        Assert.Contains(Id(other), line, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_full_disk_of_one_member_stops_that_one_only()
    {
        BoxFolder.Create(State);
        using SmallFileSystem disk = SmallFileSystem.Mount(Path.Combine(State, "member-2"), 110);
        string participants = Folder["participants.yaml"];
        string[] names = ["HFT1", "HFT2", "HFT3", "HFT4", "LOAD1", "LOAD2"];
        File.WriteAllText(participants, "participants:\n" + string.Concat(names.Select(n => $"  - sender: {n}\n    password: {n}\n")));
        ExchangeProcess exchange = StartCluster(3, "--participants", participants);
        StartTrading(exchange);
        TradeOn(exchange, 20, "the load");
        string addresses = string.Join(',', exchange.FixPorts.Select(p => $"127.0.0.1:{p}"));
        // Symbols that the four clients do not trade: their positions add up only among themselves.
        BackgroundCommand load = Background("load", "--connect", addresses, "--sessions", "2", "--session-prefix", "LOAD", "--symbols", "MSFT,NVDA", "--rate", "0", "--outstanding", "200", "--seconds", "100", "--warmup", "0", "--drain", "1");
        Poll.Until(() => exchange.Output.Contains("disk full", StringComparison.Ordinal) || load.HasEnded, "a full disk", () => $"{load}\n{exchange.Describe()}", TimeSpan.FromSeconds(120));
        Assert.Contains("disk full", exchange.Output, StringComparison.Ordinal);
        load.Stop();
        TradeOn(exchange, 50, "more room");
        Assert.Equal(1, ClusterView.Of(State).Leader);
        disk.Grow(2000);
        SettleCluster(exchange);
    }

    private static string Id(string state) => File.ReadAllText(Path.Combine(state, "cluster.yaml")).Split("cluster: ")[1].Split('\n')[0].Trim();

    private BackgroundCommand Stranger(string name, string yaml, string key)
    {
        string box = Folder[name];
        BoxFolder.Create(box);
        string fourth = $"  - {{ id: 4, kind: engine, peer: \"127.0.0.1:{ExchangeProcess.FreePort()}\", fix: \"127.0.0.1:{ExchangeProcess.FreePort()}\", priority: 3 }}\n";
        File.WriteAllText(Path.Combine(box, "cluster.yaml"), yaml + fourth);
        string path = Path.Combine(box, "cluster.key");
        File.WriteAllText(path, key);
        Assert.Equal(0, CommandResult.Run("chmod", ["600", path], TimeSpan.FromSeconds(10)).ExitCode);
        return Background("member", "--dir", box, "--id", "4");
    }
}
