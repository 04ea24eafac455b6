// What operators do to a running cluster, verb by verb, as they would from a shell: what it says, what it ends with, and that the
// clients do not notice.
using System.Text.Json;
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>The verbs of `exchange ctl` against a live cluster.</summary>
public class OperatorTests(ITestOutputHelper output) : ClusterTest(output)
{
    private static readonly string[] StatusFields = ["id", "role", "term", "commit_position", "applied_position", "state_hash", "pid", "fix_address"];

    [Fact]
    public void Status_tells_every_member_and_counts_the_dead()
    {
        ExchangeProcess exchange = StartCluster(3, "--no-restart");
        JsonElement json = JsonDocument.Parse(Ctl(0, "status", "--json").Output).RootElement;
        JsonElement[] members = [.. json.GetProperty("members").EnumerateArray()];
        Assert.Equal([1, 2, 3], members.Select(m => m.GetProperty("id").GetInt32()));
        Assert.All(members, m => Assert.All(StatusFields, field => Assert.True(m.TryGetProperty(field, out _), $"no {field} in {m}")));
        Assert.Equal(["follower", "leader", "witness"], members.Select(m => m.GetProperty("role").GetString()!).Order(StringComparer.Ordinal));
        foreach (int id in (int[])[1, 2])
        {
            JsonElement engine = members[id - 1];
            Assert.Equal(exchange.Named($"member-{id}").Pid, engine.GetProperty("pid").GetInt32());
            Assert.Equal($"127.0.0.1:{exchange.FixPorts[id - 1]}", engine.GetProperty("fix_address").GetString());
        }

        // One address is enough: whoever answers knows the others.
        string peer = members[2].GetProperty("peer_address").GetString()!;
        Assert.Equal(3, Table(Ctl(0, "status", "--connect", peer).Output));

        Assert.True(Posix.Signal(exchange.Named("member-3").Pid, Posix.Kill));
        ClusterView view = Await(exchange, v => v.Role(3) == "down", "a witness that is down");
        Assert.NotEqual(0, view.Leader);
        Assert.Contains("down", Ctl(0, "status").Output, StringComparison.Ordinal);
        Assert.Contains("witness", Ctl(1, "preflight").Output, StringComparison.Ordinal);
        Signal(exchange, view.Leader, Posix.Kill);
        Await(exchange, v => v.Role(view.Leader) == "down" && v.Leader == 0, "a cluster without a leader");
        Ctl(1, "status");
        Ctl(1, "snapshot");
        Signal(exchange, 3 - view.Leader, Posix.Kill);
        Await(exchange, v => v.Members.All(m => m.GetProperty("role").GetString() == "down"), "nobody");
        Ctl(3, "status");
        Ctl(3, "preflight");
        Ctl(3, "session", "list");
    }

    [Fact]
    public void A_snapshot_is_the_same_on_both_engines()
    {
        ExchangeProcess exchange = StartCluster();
        StartTrading(exchange);
        TradeOn(exchange, 50, "the snapshot");
        long position = JsonDocument.Parse(Ctl(0, "snapshot", "--json").Output).RootElement.GetProperty("position").GetInt64();
        ClusterView view = Await(exchange, v => new[] { 1, 2 }.All(id => v.Member(id).GetProperty("snapshot_position").GetInt64() >= position), $"a snapshot at {position} on both");
        Assert.Equal(view.Member(1).GetProperty("snapshot_position").GetInt64(), position);
        Assert.Equal(view.Member(1).GetProperty("snapshot_hash").GetString(), view.Member(2).GetProperty("snapshot_hash").GetString());
        TradeOn(exchange, 20, "the end");
        SettleCluster(exchange);
    }

    [Fact]
    public void A_member_is_added_votes_leads_and_is_removed_while_clients_trade()
    {
        ExchangeProcess exchange = StartCluster();
        StartTrading(exchange);
        string box = Folder["box4"];
        string peer = $"127.0.0.1:{ExchangeProcess.FreePort()}";
        string fix = $"127.0.0.1:{ExchangeProcess.FreePort()}";
        CopyClusterFiles(box, $"  - {{ id: 4, kind: engine, peer: \"{peer}\", fix: \"{fix}\", priority: 3 }}\n");
        Background("member", "--dir", box, "--id", "4").AwaitLine("member 1 is connected");
        Background("gateway", "--dir", box, "--member", "4", "--id", "4", "--fix-port", fix.Split(':')[1]);
        TradeOn(exchange, 20, "the addition");

        string[] add = ["member", "add", "--id", "4", "--peer", peer, "--fix", fix, "--priority", "3"];
        Assert.Contains("member 4 votes", Ctl(0, add).Output, StringComparison.Ordinal);
        _ = Whole(exchange);
        Assert.Contains("votes already", Ctl(1, add).Error, StringComparison.Ordinal);
        Assert.Contains(peer, File.ReadAllText(Path.Combine(State, "cluster.yaml")), StringComparison.Ordinal);
        ClusterView view = Whole(exchange);
        Assert.Equal("follower", view.Role(4));

        // It is as good as any other: it leads while the others look on, and gives the lead back.
        PauseTrading();
        Ctl(0, "switchover", "--to", "4");
        Assert.Equal(4, Whole(exchange).Leader);
        Assert.Contains("hand the lead over first", Ctl(1, "member", "remove", "--id", "4").Error, StringComparison.Ordinal);
        Ctl(0, "switchover", "--to", "1");
        ResumeTrading();
        TradeOn(exchange, 20, "the removal");
        Ctl(0, "member", "remove", "--id", "4");
        Assert.Contains("not in the cluster", Ctl(1, "member", "remove", "--id", "4").Error, StringComparison.Ordinal);
        Assert.DoesNotContain(peer, File.ReadAllText(Path.Combine(State, "cluster.yaml")), StringComparison.Ordinal);
        TradeOn(exchange, 20, "the end");
        SettleCluster(exchange);
    }

    [Fact]
    public void Of_two_boxes_the_one_that_is_left_leads_on_an_operators_word_only()
    {
        ExchangeProcess exchange = StartCluster(2, "--no-restart");
        StartTrading(exchange);
        ClusterView before = Whole(exchange);
        int left = 3 - before.Leader;
        TradeOn(exchange, 50, "the death");
        Assert.Contains("use switchover", Ctl(1, "promote", "--force", "--term", $"{before.Term}", "--member", $"{left}", "--yes").Error, StringComparison.Ordinal);
        Ctl(2, "promote");
        Signal(exchange, before.Leader, Posix.Kill);
        AwaitDisconnection(exchange);
        for (int i = 0; i < 5; i++)
        {
            Ctl(1, "status");
        }

        long term = ClusterView.Of(State).Member(left).GetProperty("term").GetInt64();
        Assert.Equal(before.Term, term);
        string refusal = Ctl(1, "promote", "--force", "--term", $"{term + 1}", "--yes").Error;
        Assert.Contains($"at term {term}, not {term + 1}", refusal, StringComparison.Ordinal);
        Ctl(2, "promote", "--force", "--term", $"{term}");
        Ctl(0, "promote", "--force", "--term", $"{term}", "--yes");
        TradeOn(exchange, 50, "the end");
        Account(exchange);
        Assert.Equal(left, ClusterView.Of(State).Leader);
        exchange.StopCleanly();

        // The other box comes back: it follows, and votes again when an operator says so.
        ExchangeProcess again = StartExchange(exchange.FixPort, "--members", "2");
        ClusterView whole = Whole(again);
        Assert.Equal(left, whole.Leader);
        JsonElement other = whole.Member(before.Leader);
        Ctl(0, "member", "add", "--id", $"{before.Leader}", "--peer", other.GetProperty("peer_address").GetString()!, "--fix", other.GetProperty("fix_address").GetString()!, "--priority", $"{before.Leader - 1}");
        Ctl(0, "switchover");
        Assert.Equal(before.Leader, Whole(again).Leader);
        again.StopCleanly();
    }

    [Fact]
    public void Sessions_are_listed_mended_and_logged_out()
    {
        ExchangeProcess exchange = StartCluster();
        FixClient client = Client(exchange, "HFT1").LogOn();
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m, "NVDA"));
        Assert.Equal("0", client.Receive()[150]);
        JsonElement session = Session("HFT1");
        Assert.True(session.GetProperty("logged_on").GetBoolean());
        Assert.Equal((client.NextOut, client.NextIn), (session.GetProperty("next_in").GetInt32(), session.GetProperty("next_out").GetInt32()));
        Assert.Contains("HFT8", Ctl(0, "session", "list").Output, StringComparison.Ordinal);

        Ctl(0, "session", "logout", "--session", "HFT1");
        Poll.Until(() => client.Pump(TimeSpan.FromMilliseconds(20)) && client.IsDisconnected, "the logout", client.Describe);
        Assert.False(Session("HFT1").GetProperty("logged_on").GetBoolean());

        Ctl(0, "session", "set-sequence", "--session", "HFT2", "--in", "5", "--out", "7");
        JsonElement set = Session("HFT2");
        Assert.Equal((5, 7), (set.GetProperty("next_in").GetInt32(), set.GetProperty("next_out").GetInt32()));
        Ctl(0, "session", "reset", "--session", "HFT2");
        JsonElement reset = Session("HFT2");
        Assert.Equal((1, 1), (reset.GetProperty("next_in").GetInt32(), reset.GetProperty("next_out").GetInt32()));
        FixClient second = Client(exchange, "HFT2").LogOn();
        Assert.True(second.IsLoggedOn);

        Ctl(2, "session", "set-sequence", "--session", "HFT2");
        Ctl(2, "session", "set-sequence", "--session", "HFT2", "--in", "0");
        Assert.Contains("no session NOBODY", Ctl(2, "session", "reset", "--session", "NOBODY").Error, StringComparison.Ordinal);
        Whole(exchange);
        exchange.StopCleanly();
    }

    [Fact]
    public void An_operator_is_known_by_the_key()
    {
        ExchangeProcess exchange = StartCluster();
        string peer = ClusterView.Of(State).Member(1).GetProperty("peer_address").GetString()!;
        string key = Folder["other.key"];
        File.WriteAllText(key, new string('a', 64) + "\n");
        Assert.Equal(0, CommandResult.Run("chmod", ["600", key], TimeSpan.FromSeconds(10)).ExitCode);
        Assert.Contains("key", Ctl(3, "preflight", "--key", key).Error, StringComparison.Ordinal);
        Assert.Contains("key", Ctl(3, "session", "reset", "--session", "HFT1", "--connect", peer, "--key", key).Error, StringComparison.Ordinal);

        string copy = Folder["copy.key"];
        File.Copy(Path.Combine(State, "cluster.key"), copy);
        string nowhere = Folder["nowhere"];
        Assert.Equal(3, Table(CtlAt(nowhere, 0, "status", "--connect", peer, "--key", copy).Output));
        CtlAt(nowhere, 0, "snapshot", "--connect", peer, "--key", copy);
        CtlAt(nowhere, 2, "status");
        CtlAt(nowhere, 2, "status", "--connect", "nonsense", "--key", copy);
        CtlAt(nowhere, 3, "status", "--connect", $"127.0.0.1:{ExchangeProcess.FreePort()}", "--key", copy);
        Assert.Equal(0, CommandResult.Run("chmod", ["644", copy], TimeSpan.FromSeconds(10)).ExitCode);
        Assert.Contains(copy, CtlAt(nowhere, 2, "status", "--connect", peer, "--key", copy).Error, StringComparison.Ordinal);
        Assert.Equal("ready", exchange.Output.Split('\n')[^2].Trim());
    }

    private static int Table(string output) => output.Split('\n').Count(line => line.StartsWith('│') && line.Contains("127.0.0.1", StringComparison.Ordinal) | line.Contains("witness", StringComparison.Ordinal));

    private JsonElement Session(string name) =>
        JsonDocument.Parse(Ctl(0, "session", "list", "--json").Output).RootElement.GetProperty("sessions").EnumerateArray().Single(s => s.GetProperty("sender").GetString() == name);

    private void CopyClusterFiles(string box, string more)
    {
        BoxFolder.Create(box);
        File.Copy(Path.Combine(State, "cluster.key"), Path.Combine(box, "cluster.key"));
        File.WriteAllText(Path.Combine(box, "cluster.yaml"), File.ReadAllText(Path.Combine(State, "cluster.yaml")) + more);
    }
}
