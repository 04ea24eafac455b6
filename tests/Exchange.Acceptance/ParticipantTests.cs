// Who may log on is decided while the exchange runs: added, given another password, disabled, by operators and by clients themselves. What
// was decided counts on every gateway, also on the one that takes over.
using System.Globalization;
using System.Text.Json;
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>`exchange ctl participant` and UserRequest (BE) against a live cluster.</summary>
public class ParticipantTests(ITestOutputHelper output) : ClusterTest(output)
{
    private static readonly string[] Words = ["first-s3cret", "second-s3cret", "third-s3cret"];

    [Fact]
    public void A_participant_is_added_changes_its_password_survives_a_failover_and_is_disabled()
    {
        ExchangeProcess exchange = StartCluster();
        string[] add = ["participant", "add", "--sender", "NEW1", "--target", "ISLD", "--set", "heartbeatMin=2", "--password-file", WordFile(0)];
        Ctl(0, add);
        Assert.Contains("there already", Ctl(2, add).Error, StringComparison.Ordinal);
        using FixClient client = new("NEW1", [.. exchange.FixPorts]) { Target = "ISLD", Password = Words[0] };
        client.LogOn();

        // An operator gives it another password: the old one is worth nothing from then on.
        Ctl(0, "participant", "password", "--sender", "NEW1", "--password-file", WordFile(1));
        client.LogOut();
        using (FixConnection old = FixConnection.Open(exchange.FixPort))
        {
            old.Send(client.Compose("A", client.NextOut, [(52, FixClient.Now())], (98, "0"), (108, "30"), (553, "NEW1"), (554, Words[0])));
            Assert.Null(old.Receive(Poll.Patience));
            Assert.True(old.IsClosed);
        }

        client.Password = Words[1];
        client.LogOn();

        // The client changes it itself, once with a wrong old one.
        Assert.Equal("4", Change(client, "wrong-s3cret", Words[2]));
        Assert.Equal("5", Change(client, Words[1], Words[2]));
        client.Password = Words[2];
        Signal(exchange, Whole(exchange).Leader, Posix.Kill);
        Poll.Until(() => client.Pump(TimeSpan.FromMilliseconds(20)) && client.IsDisconnected, "the end of the connection", client.Describe);
        client.LogOn(Patience);
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m));
        Assert.Equal("0", client.Receive()[150]);

        Ctl(0, "participant", "disable", "--sender", "NEW1");
        Poll.Until(() => client.Pump(TimeSpan.FromMilliseconds(20)) && client.IsDisconnected, "the logout", client.Describe);
        Assert.Contains("disabled", client.LogoutReceived?[58], StringComparison.Ordinal);
        Assert.True(Participant("NEW1").GetProperty("disabled").GetBoolean());
        Ctl(0, "participant", "enable", "--sender", "NEW1");
        client.LogOn();
        Assert.Empty(client.Violations);

        Assert.Contains("no participant NOBODY", Ctl(2, "participant", "disable", "--sender", "NOBODY").Error, StringComparison.Ordinal);
        Assert.Contains("must be FIELD=VALUE", Ctl(2, "participant", "add", "--sender", "X", "--set", "color=red").Error, StringComparison.Ordinal);
        Assert.Contains("heartbeatMin", Ctl(2, "participant", "add", "--sender", "X", "--set", "heartbeatMin=0").Error, StringComparison.Ordinal);
        Whole(exchange);
        exchange.StopCleanly();
        foreach (string file in Directory.EnumerateFiles(State, "*", SearchOption.AllDirectories))
        {
            string content = File.ReadAllText(file, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(Words, word => content.Contains(word, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_member_that_is_alone_answers_operators_too()
    {
        ExchangeProcess exchange = StartExchange();
        Ctl(0, "participant", "add", "--sender", "NEW1", "--target", "ISLD", "--password-file", WordFile(0));
        Ctl(0, "participant", "password", "--sender", "NEW1", "--password-file", WordFile(1));
        using FixClient client = new("NEW1", exchange.FixPort) { Target = "ISLD", Password = Words[1] };
        client.LogOn();
        Assert.False(Participant("NEW1").GetProperty("disabled").GetBoolean());
        Ctl(0, "participant", "disable", "--sender", "NEW1");
        Poll.Until(() => client.Pump(TimeSpan.FromMilliseconds(20)) && client.IsDisconnected, "the logout", client.Describe);
        Assert.Contains("disabled", client.LogoutReceived?[58], StringComparison.Ordinal);
        Ctl(0, "participant", "enable", "--sender", "NEW1");
        Ctl(0, "session", "reset", "--session", "NEW1");
        using FixClient again = new("NEW1", exchange.FixPort) { Target = "ISLD", Password = Words[1] };
        again.LogOn();
        Assert.Empty(again.Violations);

        // What takes several members is refused in words.
        Assert.Contains("holds a single member", Ctl(2, "switchover").Error, StringComparison.Ordinal);
        exchange.StopCleanly();
        Assert.Contains("its single member does not run; start it", Ctl(2, "participant", "list").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_is_reset_at_its_time_and_starts_again_with_both_numbers_at_one()
    {
        ExchangeProcess exchange = StartCluster();
        string time = DateTime.UtcNow.AddSeconds(8).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        Ctl(0, "participant", "add", "--sender", "DAILY", "--set", "noPassword=true", $"resetTime={time}", "resetZone=UTC");
        using FixClient client = new("DAILY", [.. exchange.FixPorts]);
        client.LogOn();
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m));
        Assert.Equal("0", client.Receive()[150]);
        Poll.Until(() => client.Pump(TimeSpan.FromMilliseconds(20)) && client.IsDisconnected, "the scheduled end", client.Describe);
        Assert.Contains("Scheduled end", client.LogoutReceived?[58], StringComparison.Ordinal);

        using FixClient again = new("DAILY", [.. exchange.FixPorts]);
        again.LogOn();
        FixMessage restated = again.Receive();
        Assert.Equal(("D", "B1", 2), (restated[150], restated[11], restated.SeqNum));

        // The next one is tomorrow.
        long nextNs = 0;
        Poll.Until(() => (nextNs = Participant("DAILY").GetProperty("next_reset_ns").GetInt64()) > 0, "the next reset");
        Assert.InRange(nextNs / 1e9 - DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 86_400 - 120, 86_400);
        exchange.StopCleanly();
    }

    [Fact]
    public void A_client_that_sends_too_much_is_refused_with_the_limit_and_disconnected_when_it_goes_on()
    {
        ExchangeProcess exchange = StartCluster();
        Ctl(0, "participant", "add", "--sender", "FAST", "--set", "noPassword=true", "messagesPerSecond=5");
        using FixClient client = new("FAST", [.. exchange.FixPorts]);
        client.LogOn();
        client.SendTogether([.. Enumerable.Range(0, 10).Select(i => ("D", Orders.New($"A{i}", Orders.Buy, 1, 1m)))]);
        FixMessage[] answers = [.. Enumerable.Range(0, 10).Select(_ => client.Receive())];
        Assert.All(answers[..5], answer => Assert.Equal(("8", "0"), (answer.Type, answer[150])));
        Assert.All(answers[5..], answer => Assert.Equal(("j", "D", "0", "Throttle limit exceeded: at most 5 messages a second"), (answer.Type, answer[372], answer[380], answer[58])));

        // Its orders can be taken back all the same.
        client.SendTogether([.. Enumerable.Range(0, 5).Select(i => ("F", Orders.Cancel($"C{i}", $"A{i}", Orders.Buy)))]);
        Assert.All(Enumerable.Range(0, 5).Select(_ => client.Receive()), answer => Assert.Equal(("8", "4"), (answer.Type, answer[150])));

        client.SendTogether([.. Enumerable.Range(0, 60).Select(i => ("D", Orders.New($"Z{i}", Orders.Buy, 1, 1m)))]);
        Poll.Until(() => client.Pump(TimeSpan.FromMilliseconds(20)) && client.IsDisconnected, "the end", client.Describe);
        Assert.Contains("again and again", client.LogoutReceived?[58], StringComparison.Ordinal);
        exchange.StopCleanly();
    }

    [Fact]
    public void A_seed_file_that_differs_from_the_log_is_said_with_the_command_that_applies_it()
    {
        string file = Folder["participants.yaml"];
        File.WriteAllText(file, "participants:\n  - { sender: A1, noPassword: true }\n");
        ExchangeProcess first = StartExchange(ExchangeProcess.FreePortPair(), "--members", "3", "--participants", file);
        first.StopCleanly();
        File.WriteAllText(file, "participants:\n  - { sender: A1, noPassword: true }\n  - { sender: A2, noPassword: true }\n");
        ExchangeProcess second = StartExchange(first.FixPort, "--members", "3", "--participants", file);
        string log = File.ReadAllText(Path.Combine(State, "logs", "member-1.log"));
        Assert.Contains($"exchange ctl participant add --dir {State} --file {file}", log, StringComparison.Ordinal);
        Assert.Contains("1 participant defined, 1 there already", Ctl(0, "participant", "add", "--file", file).Output, StringComparison.Ordinal);
        using FixClient client = new("A2", [.. second.FixPorts]);
        client.LogOn();
        second.StopCleanly();
    }

    private static string Change(FixClient client, string old, string next)
    {
        client.Send("BE", (923, "U1"), (924, "3"), (553, client.CompId), (554, old), (925, next));
        FixMessage response = client.Receive(TimeSpan.FromSeconds(60));
        Assert.Equal(("BF", "U1", client.CompId), (response.Type, response[923], response[553]));
        return response[926]!;
    }

    private string WordFile(int number)
    {
        string file = Folder[$"word-{number}"];
        File.WriteAllText(file, Words[number] + "\n");
        return file;
    }

    private JsonElement Participant(string name) =>
        JsonDocument.Parse(Ctl(0, "participant", "list", "--json").Output).RootElement.GetProperty("participants").EnumerateArray().Single(p => p.GetProperty("sender").GetString() == name);
}
