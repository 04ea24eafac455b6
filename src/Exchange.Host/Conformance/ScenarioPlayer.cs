using System.Diagnostics;
using System.Globalization;

namespace Exchange.Host.Conformance;

/// <summary>Plays one scenario after another against an acceptor. A message that no line expects fails a scenario, as does one that differs from its line.</summary>
internal sealed class ScenarioPlayer
{
    private readonly ConformanceOptions _options;

    /// <summary>Creates a player.</summary>
    public ScenarioPlayer(ConformanceOptions options) => _options = options;

    /// <summary>
    /// Plays scenarios in a version, one after the other. When the very first session cannot be had, none of the others could be: the rest
    /// is skipped.
    /// </summary>
    public IEnumerable<ScenarioResult> Play(IEnumerable<Scenario> scenarios, ScenarioVersion version, CancellationToken cancellation)
    {
        ScenarioResult? hopeless = null;
        bool isHopeful = false;
        foreach (Scenario scenario in scenarios)
        {
            cancellation.ThrowIfCancellationRequested();
            ScenarioResult result = hopeless is null
                ? Play(scenario, version)
                : new ScenarioResult { Scenario = scenario, Version = version, Difference = hopeless.Difference };
            isHopeful |= result.Step is not null || result.Outcome == ScenarioOutcome.Passed;
            hopeless ??= !isHopeful && result.Outcome == ScenarioOutcome.Failed ? result : null;
            yield return result;
        }
    }

    /// <summary>Plays a scenario in a version.</summary>
    public ScenarioResult Play(Scenario scenario, ScenarioVersion version)
    {
        ScenarioResult result = new() { Scenario = scenario, Version = version };
        if (!scenario.Versions.Contains(version))
        {
            return result with { Outcome = ScenarioOutcome.Skipped, Difference = $"is for {scenario.Versions}" };
        }

        if (scenario.ClientCount > _options.Senders.Count)
        {
            return result with { Outcome = ScenarioOutcome.Skipped, Difference = "needs a second client; give --second-sender" };
        }

        if (_options.Operator.Count == 0 && scenario.Steps.OfType<OperatorStep>().Any(step => step.Versions.Contains(version)))
        {
            return result with { Outcome = ScenarioOutcome.Skipped, Difference = "needs an operator of the acceptor; give --operator" };
        }

        long start = Stopwatch.GetTimestamp();
        ScenarioValues values = new();
        List<ScenarioClient> clients = [.. _options.Senders.Take(scenario.ClientCount).Select(sender => new ScenarioClient(_options, sender, version, values))];
        ScenarioStep? current = null;
        try
        {
            clients.ForEach(client => new SessionCleaner(client, _options.Patience).Clean());
            for (int i = 0; i < clients.Count; i++)
            {
                SetNames(values, clients[i], i == 0 ? "A" : "B");
            }

            foreach (ScenarioStep step in scenario.Steps.Where(step => step.Versions.Contains(version)))
            {
                current = step;
                SetNames(values, clients[step.Client], "");
                Play(step, clients);
            }

            current = null;
            clients.ForEach(End);
            return result with { Outcome = ScenarioOutcome.Passed, Elapsed = Stopwatch.GetElapsedTime(start) };
        }
        catch (ScenarioFailure failure)
        {
            return result with
            {
                Outcome = ScenarioOutcome.Failed,
                Elapsed = Stopwatch.GetElapsedTime(start),
                Step = current,
                Difference = failure.Message,
                Received = failure.Received?.Readable,
            };
        }
        finally
        {
            clients.ForEach(static client => client.Disconnect());
            clients.ForEach(static client => client.Dispose());
        }
    }

    private void Play(ScenarioStep step, List<ScenarioClient> clients)
    {
        ScenarioClient client = clients[step.Client];
        switch (step)
        {
            case ConnectStep:
                client.Connect();
                break;
            case DisconnectStep:
                client.Disconnect();
                break;
            case SendStep send:
                client.Send(send.Fields);
                break;
            case SendRawStep raw:
                client.SendRaw(raw.Template);
                break;
            case ReceiveStep receive:
                Receive(client, receive);
                break;
            case AwaitCloseStep close:
                AwaitClose(client, close);
                break;
            case WaitStep wait:
                Wait(clients, wait.Duration);
                break;
            case OperatorStep act:
                OperatorCommand.Run(_options.Operator, act.Words.Select(client.Values.Fill));
                break;
            default:
                throw new InvalidOperationException($"a {step.GetType().Name} cannot be played");
        }
    }

    /// <summary>Gives the names of the options their values: plain ones for the client whose line it is, and some with its letter for the other's lines.</summary>
    private void SetNames(ScenarioValues values, ScenarioClient client, string letter)
    {
        values.Set("symbol", _options.Symbol);
        values.Set("target", _options.Target);
        values.Set("begin", client.Version.BeginString);
        values.Set("sender" + letter, client.Sender);
        values.Set("username" + letter, _options.Username ?? client.Sender);
        values.Set("password" + letter, _options.Password ?? client.Sender);
    }

    private void Receive(ScenarioClient client, ReceiveStep step)
    {
        long start = Stopwatch.GetTimestamp();
        List<ScenarioField> wanted = [.. step.Fields.Where(field => field.Versions.Contains(client.Version))];
        WireMessage? message = client.Receive(Patience(step.Within), wanted.Exists(static field => field.Tag == 34 && !field.IsAbsent));
        if (message is null)
        {
            throw new ScenarioFailure(client.IsConnected ? "nothing was received in time" : "the acceptor has closed the connection");
        }

        CheckTime(step.Within, start, message);
        Dictionary<int, int> seen = [];
        foreach (ScenarioField field in wanted)
        {
            int occurrence = seen[field.Tag] = seen.GetValueOrDefault(field.Tag, -1) + 1;
            string? actual = message.Occurrence(field.Tag, occurrence);
            if (field.IsAbsent)
            {
                Require(actual is null, $"{field.Tag}: must be absent, received {actual}", message);
                continue;
            }

            string? mismatch = actual is null ? field.Value : client.Values.Mismatch(field.Value, actual);
            Require(mismatch is null, $"{field.Tag}: wanted {mismatch}, received {actual ?? "nothing"}", message);
        }
    }

    private void AwaitClose(ScenarioClient client, AwaitCloseStep step)
    {
        long start = Stopwatch.GetTimestamp();
        WireMessage? message = client.Receive(Patience(step.Within));
        Require(message is null, "the acceptor must close the connection", message);
        Require(!client.IsConnected, "the acceptor has not closed the connection in time", null);
        CheckTime(step.Within, start, null);
        client.Disconnect();
    }

    private static void Wait(List<ScenarioClient> clients, TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (ScenarioClient client in clients.Where(static client => client.IsConnected))
        {
            TimeSpan left = duration - Stopwatch.GetElapsedTime(start);
            WireMessage? message = client.Receive(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            Require(message is null, "nothing may be received meanwhile", message);
            Require(client.IsConnected, "the acceptor has closed the connection", null);
        }

        TimeSpan rest = duration - Stopwatch.GetElapsedTime(start);
        if (rest > TimeSpan.Zero)
        {
            Thread.Sleep(rest);
        }
    }

    /// <summary>A scenario that ends with a connection must have received everything by then, and the acceptor must still count as we do.</summary>
    private void End(ScenarioClient client)
    {
        if (!client.IsConnected)
        {
            return;
        }

        if (client.IsLoggedOn)
        {
            List<WireMessage> more = new SessionCleaner(client, _options.Patience).Fence();
            Require(more.Count == 0, "received after the end of the scenario", more.FirstOrDefault());
            return;
        }

        WireMessage? message = client.Receive(TimeSpan.Zero);
        Require(message is null, "received after the end of the scenario", message);
    }

    private TimeSpan Patience(TimeRange within) => within.Max > TimeSpan.Zero ? within.Max : _options.Patience;

    private static void CheckTime(TimeRange within, long start, WireMessage? message)
    {
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Require(seconds >= within.Min.TotalSeconds, string.Create(CultureInfo.InvariantCulture, $"came after {seconds:F2} s, not before {within.Min.TotalSeconds} s is right"), message);
    }

    private static void Require(bool condition, string difference, WireMessage? message)
    {
        if (!condition)
        {
            throw new ScenarioFailure(difference, message);
        }
    }
}
