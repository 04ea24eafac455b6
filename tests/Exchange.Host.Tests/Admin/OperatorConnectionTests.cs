using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Exchange.Host.Admin;

namespace Exchange.Host.Tests.Admin;

public sealed class OperatorConnectionTests : IDisposable
{
    private static readonly TimeSpan Plenty = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Little = TimeSpan.FromMilliseconds(200);
    private readonly ScriptedMember _member = new();

    public void Dispose() => _member.Dispose();

    [Fact]
    public void Requests_are_answered_one_after_the_other_with_their_progress()
    {
        using OperatorConnection connection = OperatorConnection.Open(_member.Address, ScriptedMember.Key, Plenty);
        Assert.Equal(4, connection.Member.MemberId);
        Assert.Equal("1.0", connection.Member.Release);
        List<string> progress = [];
        JsonObject answer = connection.Ask(new JsonObject { ["verb"] = "switchover", ["to"] = 2 }, Plenty, progress.Add);
        Assert.Equal(["step 0", "step 1", "step 2"], progress);
        Assert.True(answer["ok"]!.GetValue<bool>());
        Assert.Equal(2, answer["echo"]!["to"]!.GetValue<int>());
        Assert.Equal("status", connection.Ask(new JsonObject { ["verb"] = "status" }, Plenty)["echo"]!["verb"]!.ToString());
    }

    [Fact]
    public void Another_key_is_named_by_its_mark()
    {
        AssertFails("cluster key: mark", () => OperatorConnection.Open(_member.Address, new byte[32], Plenty));
    }

    [Fact]
    public void Nobody_there_is_said_so()
    {
        string address = _member.Address;
        _member.Dispose();
        AssertFails("nobody listens there; is the member running?", () => OperatorConnection.Open(address, ScriptedMember.Key, Plenty));
    }

    [Fact]
    public void Somebody_else_on_the_port_is_said_so()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        string address = listener.LocalEndpoint.ToString()!;
        AssertFails("does not answer", () => OperatorConnection.Open(address, ScriptedMember.Key, Little));

        // Ends, unobserved, when the listener does.
        _ = Task.Run(async () =>
        {
            while (true)
            {
                Socket socket = await listener.AcceptSocketAsync();
                _ = socket.Send("HTTP/1.1 400 Bad Request\r\n\r\n"u8, SocketFlags.None, out _);
            }
        });
        AssertFails("what answers there is not a member", () => OperatorConnection.Open(address, ScriptedMember.Key, Plenty));
    }

    [Fact]
    public void A_member_that_says_nothing_is_given_up()
    {
        using OperatorConnection connection = OperatorConnection.Open(_member.Address, ScriptedMember.Key, Plenty);
        AssertFails("does not answer in time", () => connection.Ask(new JsonObject { ["verb"] = "silence" }, Little));
    }

    [Fact]
    public void A_member_that_ends_is_said_so()
    {
        using OperatorConnection connection = OperatorConnection.Open(_member.Address, ScriptedMember.Key, Plenty);
        _member.Dispose();
        AssertFails("closed the connection", () => connection.Ask(new JsonObject { ["verb"] = "status" }, Plenty));
    }

    [Fact]
    public void An_answer_that_is_no_object_is_said_so()
    {
        using OperatorConnection connection = OperatorConnection.Open(_member.Address, ScriptedMember.Key, Plenty);
        AssertFails("is not JSON", () => connection.Ask(new JsonObject { ["verb"] = "garbage" }, Plenty));
    }

    [Fact]
    public void A_request_beyond_the_limit_is_not_sent()
    {
        using OperatorConnection connection = OperatorConnection.Open(_member.Address, ScriptedMember.Key, Plenty);
        AssertFails("a member takes 65536", () => connection.Ask(new JsonObject { ["verb"] = new string('x', 70_000) }, Plenty));
        Assert.True(connection.Ask(new JsonObject { ["verb"] = "status" }, Plenty)["ok"]!.GetValue<bool>());
    }

    [Fact]
    public void An_operator_that_does_not_keep_up_is_dropped_and_the_next_is_served()
    {
        using OperatorConnection connection = OperatorConnection.Open(_member.Address, ScriptedMember.Key, Plenty);
        AssertFails("closed the connection", () => connection.Ask(new JsonObject { ["verb"] = "flood" }, Plenty));
        using OperatorConnection next = OperatorConnection.Open(_member.Address, ScriptedMember.Key, Plenty);
        Assert.True(next.Ask(new JsonObject { ["verb"] = "status" }, Plenty)["ok"]!.GetValue<bool>());
    }

    [Fact]
    public void More_operators_than_places_are_turned_away_until_one_leaves()
    {
        List<OperatorConnection> connections = [];
        for (int i = 0; i < 8; i++)
        {
            connections.Add(OperatorConnection.Open(_member.Address, ScriptedMember.Key, Plenty));
            Assert.True(connections[i].Ask(new JsonObject { ["verb"] = "status" }, Plenty)["ok"]!.GetValue<bool>());
        }

        using (OperatorConnection ninth = OperatorConnection.Open(_member.Address, ScriptedMember.Key, Plenty))
        {
            AssertFails("closed the connection", () => ninth.Ask(new JsonObject { ["verb"] = "status" }, Plenty));
        }

        connections.ForEach(static connection => connection.Dispose());
        DateTime deadline = DateTime.UtcNow + Plenty;
        while (true)
        {
            try
            {
                using OperatorConnection next = OperatorConnection.Open(_member.Address, ScriptedMember.Key, Plenty);
                Assert.True(next.Ask(new JsonObject { ["verb"] = "status" }, Plenty)["ok"]!.GetValue<bool>());
                break;
            }
            catch (HostException) when (DateTime.UtcNow < deadline)
            {
                // The member has not seen yet that they left.
            }
        }
    }

    [Fact]
    public void A_wrong_address_is_a_wrong_argument()
    {
        HostException error = Assert.Throws<HostException>(() => OperatorConnection.Open("nowhere", ScriptedMember.Key, Plenty));
        Assert.Contains("is not HOST:PORT", error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }

    private static void AssertFails(string expected, Func<object> action)
    {
        HostException error = Assert.Throws<HostException>(action);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
