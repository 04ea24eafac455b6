using System.Globalization;

namespace Exchange.Host.Processes;

/// <summary>What happens in a rehearsal, in its order.</summary>
internal sealed class RehearsalScript
{
    private const int Burst = 8;
    private const int Switchovers = 4;
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _lag = TimeSpan.FromSeconds(1);

    // Methods are optimised in steps, each some hundred milliseconds after the last new one was met.
    private static readonly TimeSpan _long = TimeSpan.FromMilliseconds(1200);
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(300);
    private readonly RehearsalStage _stage;
    private int _handovers;
    private int _elections;

    /// <summary>Creates the script for a stage.</summary>
    public RehearsalScript(RehearsalStage stage) => _stage = stage;

    /// <summary>What was done, for people.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{_stage.Clients.Sum(static c => c.Sent)} orders, {_stage.Clients.Sum(static c => c.Logons)} logons, {_handovers} switchovers and {_elections} elections");

    /// <summary>Plays it.</summary>
    public void Play(bool isCluster)
    {
        _stage.Until(() => _stage.Leader != 0);
        _stage.Clients[1].ResetNext();
        LogOn();
        Trade(_short);
        Reconnect();
        if (isCluster)
        {
            _elections = 1;
            Trade(_short);
            HandOver();
        }
        else
        {
            Restart();
        }

        Trade(_long);
    }

    private void Reconnect()
    {
        foreach (RehearsalClient client in _stage.Clients)
        {
            client.AskAgain();
            client.Test();
        }

        Trade(_short);
        _stage.Clients[0].LogOut();
        _stage.Clients[1].Drop();
        _stage.Clients[1].ResetNext();
        LogOn();
        Trade(_short);
    }

    private void HandOver()
    {
        for (int i = 0; i < Switchovers; i++)
        {
            int leader = _stage.Leader;
            _stage.Ask(leader, "status");
            _stage.Ask(leader, "preflight");

            // What is sent now will not be taken any more, and has to be asked for again.
            SendBurst();
            if (!IsDone(_stage.Ask(leader, "switchover")))
            {
                Trade(_short);
                continue;
            }

            _handovers++;
            _stage.Until(() => _stage.Leader is var next && next != 0 && next != leader);
            LogOn();
            Trade(_short);
        }

        SendBurst();
        int killed = _stage.Leader;
        _stage.Close(killed);
        _stage.Until(() => _stage.Leader != 0);
        _elections++;
        LogOn();
    }

    private void Restart()
    {
        SendBurst();
        _stage.Close(1);
        _stage.For(_pace);
        _stage.Open(1);
        LogOn();
    }

    private void LogOn()
    {
        foreach (RehearsalClient client in _stage.Clients)
        {
            client.IsWanted = true;
        }

        // A connection that is about to be lost looks well for a moment longer.
        _stage.For(_pace);
        _stage.Until(() => _stage.Clients.All(static client => client.IsLoggedOn));
    }

    private void Trade(TimeSpan time)
    {
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        while (watch.Elapsed < time)
        {
            long before = _stage.Clients.Sum(static client => client.Received);
            SendBurst();
            TimeSpan sent = watch.Elapsed;
            _stage.Until(() => _stage.Clients.Sum(static client => client.Received) >= before + Burst || watch.Elapsed > sent + _lag);
            _stage.For(_pace);
        }
    }

    private void SendBurst()
    {
        for (int i = 0; i < Burst; i++)
        {
            foreach (RehearsalClient client in _stage.Clients)
            {
                client.SendNext();
            }
        }
    }

    private static bool IsDone(System.Text.Json.Nodes.JsonObject answer) => answer["ok"]?.GetValue<bool>() == true;
}
