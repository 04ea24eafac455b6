// The client's session over a real socket, against the small acceptor of these tests.
using System.Text;
using Exchange.Host.Client;

namespace Exchange.Host.Tests.Client;

public sealed class FixClientDriverTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly TestAcceptor _acceptor = new();
    private readonly RecordingHandler _handler = new();
    private readonly MemoryFixClientStore _store = new();
    private readonly FixClientDriver _client;

    public FixClientDriverTests()
    {
        FixClientOptions options = new() { SenderCompId = "HFT1", TargetCompId = "EXCH", Username = "HFT1", Password = "HFT1" };
        _client = new FixClientDriver(new FixClientSession(options, _store, _handler));
    }

    public void Dispose()
    {
        _client.Dispose();
        _store.Dispose();
        _acceptor.Dispose();
    }

    [Fact]
    public void An_order_is_acknowledged_and_a_logout_closes_the_connection_in_order()
    {
        LogOn();
        Order("a");
        Assert.True(_client.PollUntil(() => _handler.Messages.Count == 1, s_limit));
        _client.Session.Logout(_client.NowNs);
        Assert.True(_client.PollUntil(() => !_client.IsConnected, s_limit));
        Assert.Contains(_handler.Events, e => e.What == FixClientEvent.LoggedOut);
        Assert.DoesNotContain(_handler.Events, e => e.What == FixClientEvent.ConnectionLost);
    }

    [Fact]
    public void Reports_made_while_the_client_was_away_arrive_once_after_the_reconnect()
    {
        LogOn();
        Order("a");
        Assert.True(_client.PollUntil(() => _handler.Messages.Count == 1, s_limit));
        _acceptor.DropConnections();
        Assert.True(_client.PollUntil(() => !_client.IsConnected, s_limit));
        _acceptor.ReportWhileAway("HFT1", "b");
        _acceptor.ReportWhileAway("HFT1", "c");
        LogOn();
        Order("d");
        Assert.True(_client.PollUntil(() => _handler.Messages.Count == 4, s_limit));
        string[] ids = [.. _handler.Messages.Select(m => m.Split('|').Single(f => f.StartsWith("11=", StringComparison.Ordinal)))];
        Assert.Equal(["11=a", "11=b", "11=c", "11=d"], ids);
        Assert.Equal(0, _client.Session.Counters.Violations);
    }

    [Fact]
    public void An_order_lost_with_the_connection_is_asked_for_and_taken_once()
    {
        LogOn();
        _client.Drop();
        Assert.False(_client.IsConnected);
        LogOn();

        // Taken a number and written to a connection that is cut before it could leave.
        Order("lost");
        _client.Drop();
        LogOn();
        Order("next");
        Assert.True(_client.PollUntil(() => _acceptor.OrdersOf("HFT1").Count == 2, s_limit));
        Assert.True(_client.PollUntil(() => _handler.Messages.Count == 2, s_limit));
        Assert.Equal(["lost", "next"], _acceptor.OrdersOf("HFT1"));
    }

    [Fact]
    public void A_port_where_nobody_listens_is_an_error_in_words()
    {
        using TestAcceptor gone = new();
        System.Net.IPEndPoint address = gone.Address;
        gone.Dispose();
        Assert.False(_client.TryConnect(address, s_limit, reset: false, out string error));
        Assert.Contains(address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), error, StringComparison.Ordinal);
    }

    private void LogOn()
    {
        // The acceptor may still hold the binding of the connection that was just cut: like an exchange, it then refuses silently.
        for (int attempt = 0; attempt < 1000 && _client.Session.Status != FixClientStatus.Established; attempt++)
        {
            Assert.True(_client.IsConnected || _client.TryConnect(_acceptor.Address, s_limit, reset: false, out _));
            _client.PollUntil(() => _client.Session.Status == FixClientStatus.Established || !_client.IsConnected, s_limit);
        }

        Assert.Equal(FixClientStatus.Established, _client.Session.Status);
    }

    private void Order(string id) => Assert.NotEqual(0, _client.Session.Send("D"u8, Encoding.ASCII.GetBytes($"11={id}\u000155=AAPL\u0001"), _client.NowNs));
}
