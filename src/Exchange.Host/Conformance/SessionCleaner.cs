// Problem: what an earlier scenario left behind (an open order, a fill that nobody acknowledged, a number) would be part of the next
// one's story. Idea: before each scenario every session that takes part is put into the state of a new one, with nothing but FIX, so
// that it works against any acceptor: log on with 141=Y, cancel what is restated, prove by a ResendRequest that everything was received,
// log out.
using System.Globalization;

namespace Exchange.Host.Conformance;

/// <summary>Brings a session back to its beginning.</summary>
internal sealed class SessionCleaner
{
    private readonly ScenarioClient _client;
    private readonly TimeSpan _patience;

    /// <summary>Creates the cleaner of one session.</summary>
    public SessionCleaner(ScenarioClient client, TimeSpan patience)
    {
        _client = client;
        _patience = patience;
    }

    /// <summary>Leaves the session logged out, without open orders, and with nothing to be restated.</summary>
    /// <exception cref="ScenarioFailure">The acceptor does not let that happen.</exception>
    public void Clean()
    {
        LogOn();
        List<WireMessage> restated = Fence();
        foreach (WireMessage report in restated.Where(static message => message.MsgType == "8" && message[150] == "D"))
        {
            Cancel(report);
        }

        // Asked for only where there is something to be proven, since acceptors bound how often they answer.
        if (restated.Exists(static message => message[97] == "Y"))
        {
            Fence();
            Send($"35=2 7={_client.NextIn - 1} 16=0");
        }

        Fence();
        Send("35=5");
        for (WireMessage? message = _client.Receive(_patience); message is not null; message = _client.Receive(_patience))
        {
            // Whatever still comes before the acceptor closes.
        }

        _client.Disconnect();
    }

    /// <summary>Sends a TestRequest; what was received before its answer.</summary>
    public List<WireMessage> Fence()
    {
        string id = ScenarioValues.FreshId();
        Send($"35=1 112={id}");
        List<WireMessage> before = [];
        while (true)
        {
            WireMessage message = _client.Receive(_patience) ?? throw new ScenarioFailure(_client.IsConnected ? "a TestRequest is not answered" : "the acceptor has closed the connection");
            if (message.MsgType == "0" && message[112] == id)
            {
                return before;
            }

            before.Add(message);
        }
    }

    /// <summary>Tries until the acceptor has noticed that an earlier connection is gone.</summary>
    private void LogOn()
    {
        long deadline = Environment.TickCount64 + (long)_patience.TotalMilliseconds;
        while (true)
        {
            _client.Connect();
            Send("35=A 98=0 108=30 141=Y");
            WireMessage? answer = _client.Receive(_patience);
            if (answer?.MsgType == "A")
            {
                return;
            }

            _client.Disconnect();
            if (answer is not null || Environment.TickCount64 > deadline)
            {
                throw new ScenarioFailure($"{_client.Sender} cannot log on with 141=Y in FIX {_client.Version.Name}" + (answer is null ? ": there is no answer" : ""), answer);
            }

            Thread.Sleep(20);
        }
    }

    private void Cancel(WireMessage restated)
    {
        if (restated[11] is null && restated[117] is not null)
        {
            // A side of a quote, which no cancel finds.
            Send($"35=Z 117={ScenarioValues.FreshId()} 298=1 295=1 55={restated[55]}");
            return;
        }

        string fields = $"35=F 11={ScenarioValues.FreshId()} 41={restated[11]} 37={restated[37]} 55={restated[55]} 54={restated[54]}";
        Send(restated[38] is { } quantity ? $"{fields} 38={quantity}" : fields);
    }

    private void Send(string fields) => _client.Send(
        [.. fields.Split(' ').Select(static field => field.Split('=', 2)).Select(static pair => new ScenarioField(int.Parse(pair[0], CultureInfo.InvariantCulture), pair[1], false, VersionSet.All))]);
}
