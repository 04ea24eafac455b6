using System.Globalization;
using System.Runtime.InteropServices;
using Exchange.Core.Orders;
using Exchange.Core.Requests;
using Exchange.Core.Tests.Orders;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Core.Tests.Scenarios;

/// <summary>
/// Plays a scenario file: a line at the margin is something that happens, the indented lines under it are all the reports that it
/// causes, or the book as it is drawn. The runner writes the file anew with what it saw; the test compares. It plays them on a whole
/// core: a session is defined and logged on when it is first named; each command comes a microsecond after the last; it is 10:00:00 on
/// 21 September 2026, and the trading day ends at 17:00. The words are listed in README.md.
/// </summary>
internal sealed class ScenarioRunner : IDisposable
{
    private const int TimersMax = 10_000;

    private readonly List<string> _output = [];
    private OrderEntryLimits _limits = new(OpenOrdersMax: 1 << 10, ClOrdIdWindow: 1 << 10, ClosedOrdersKept: 1 << 10);
    private ScenarioVenue? _venue;
    private bool _showsStatuses;

    private ScenarioVenue Venue => _venue ??= new ScenarioVenue(_limits);

    /// <summary>Plays the lines and returns the file as it should have been.</summary>
    public static IReadOnlyList<string> Play(IEnumerable<string> lines)
    {
        using ScenarioRunner runner = new();
        foreach (string line in lines)
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                continue;
            }

            runner._output.Add(line);
            if (line.Length > 0 && line[0] != '#')
            {
                runner.Step(line);
            }
        }

        return runner._output;
    }

    public void Dispose() => _venue?.Dispose();

    private void Step(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (TryLimit(words) || TryLook(words) || TryTime(words))
        {
            return;
        }

        long refused = Venue.Core.RefusedDefinitionCount;
        ScenarioWords read = new(words, Venue.NowNs);
        if (!ScenarioOperator.TryApply(Venue, read))
        {
            if (words[0] == "limit")
            {
                Venue.DefineParticipant(Venue.NameOf(Venue.SessionOf(words[1])), int.Parse(words[2], CultureInfo.InvariantCulture));
            }
            else
            {
                Request(Venue.SessionOf(words[0]), line, read);
                return;
            }
        }

        if (Venue.Core.RefusedDefinitionCount != refused)
        {
            _output.Add("  refused");
        }

        Report();
    }

    // Sizes of the core; before anything else.
    private bool TryLimit(string[] words)
    {
        int Number(int at) => int.Parse(words[at], CultureInfo.InvariantCulture);
        switch (words[0])
        {
            case "window":
                _limits = _limits with { ClOrdIdWindow = Number(1) };
                break;
            case "closed":
                _limits = _limits with { ClosedOrdersKept = Number(1) };
                break;
            case "venue":
                _limits = _limits with { OpenOrdersMax = Number(1) };
                break;
            case "fills":
                _limits = _limits with { FillsMax = Number(1) };
                break;
            case "triggers":
                _limits = _limits with { TriggersMax = Number(1) };
                break;
            case "elections":
                _limits = _limits with { ElectionsMax = Number(1) };
                break;
            case "slices":
                _limits = _limits with { SliceActionsMax = Number(2), SliceVisitsMax = Number(5) };
                break;
            case "statuses":
                _showsStatuses = true;
                return true;
            default:
                return false;
        }

        Assert.True(_venue is null, $"'{words[0]}' comes after the market has begun");
        return true;
    }

    private bool TryLook(string[] words)
    {
        switch (words[0])
        {
            case "book":
                _output.AddRange(ScenarioDrawing.Book(Venue.Core, words[1]));
                return true;
            case "restart":
                Venue.Restart();
                return true;
            default:
                return false;
        }
    }

    private bool TryTime(string[] words)
    {
        switch (words[0])
        {
            case "time":
                RunUntil(new ScenarioWords(words, Venue.NowNs).ToTimeNs(words[1]));
                return true;
            case "day":
                long today = Venue.NowNs / ScenarioVenue.DayNs * ScenarioVenue.DayNs;
                long end = today + ScenarioVenue.DayEndNs;
                RunUntil(end > Venue.NowNs ? end : end + ScenarioVenue.DayNs);
                RunTimers();
                return true;
            case "pause":
                Venue.Pause(ScenarioWords.ToNs(words[1]));
                return true;
            case "slice":
                Venue.Pause(LongRequests.SliceIntervalNs);
                Timer();
                return true;
            case "timer":
                Venue.Pause(Math.Max(0, Venue.Core.NextDeadlineNs == long.MaxValue ? 0 : Venue.Core.NextDeadlineNs - Venue.NowNs));
                Timer();
                return true;
            case "timers":
                RunTimers();
                return true;
            case "failover":
                FailOver();
                return true;
            default:
                return false;
        }
    }

    private void Timer()
    {
        Venue.TimerDue();
        Report();
    }

    // Everything that is due until that time, each at its time.
    private void RunUntil(long timeNs)
    {
        for (int i = 0; Venue.Core.NextDeadlineNs <= timeNs; i++)
        {
            Assert.True(i < TimersMax, "the core never gets to an end");
            Venue.Pause(Math.Max(0, Venue.Core.NextDeadlineNs - Venue.NowNs));
            Timer();
        }

        Venue.Pause(Math.Max(0, timeNs - Venue.NowNs));
    }

    // What is due now or within the interval of slices, until nothing is.
    private void RunTimers()
    {
        for (int i = 0; Venue.Core.NextDeadlineNs <= Venue.NowNs + LongRequests.SliceIntervalNs; i++)
        {
            Assert.True(i < TimersMax, "the core never gets to an end");
            Venue.Pause(Math.Max(0, Venue.Core.NextDeadlineNs - Venue.NowNs));
            Timer();
        }
    }

    // Another member leads without a handover; all that were connected return at once.
    private void FailOver()
    {
        bool[] wereConnected = [.. Enumerable.Range(0, Venue.Core.SessionCount).Select(Venue.IsConnected)];
        Venue.StartTerm();
        Venue.Apply(CommandType.UnplannedFailover, new CommandHeader { SessionId = -1 });
        Report();
        for (int session = 0; session < wereConnected.Length; session++)
        {
            if (wereConnected[session])
            {
                Venue.LogOn(session, resets: false);
            }
        }
    }

    private void Request(int session, string line, ScenarioWords words)
    {
        switch (words[1])
        {
            case "new":
                Venue.Message(session, CommandType.NewOrder, ScenarioCommands.New(words));
                break;
            case "cancel":
                Venue.Message(session, CommandType.CancelOrder, ScenarioCommands.Cancel(words));
                break;
            case "replace":
                Venue.Message(session, CommandType.ReplaceOrder, ScenarioCommands.Replace(words));
                break;
            case "status":
                Venue.Message(session, CommandType.OrderStatus, ScenarioCommands.Status(words));
                break;
            case "massstatus":
                Venue.Message(session, CommandType.MassStatus, ScenarioCommands.Mass(words));
                break;
            case "masscancel":
                Venue.Message(session, CommandType.MassCancel, ScenarioCommands.Mass(words));
                break;
            case "massaction":
                Venue.Message(session, CommandType.MassAction, ScenarioCommands.MassAction(words));
                break;
            case "watches" or "unwatches":
                bool isGroup = words[2] == "group";
                Venue.Message(session, isGroup ? CommandType.TradingSessionStatusRequest : CommandType.SecurityStatusRequest, ScenarioCommands.Watch(words));
                break;
            case "quotes":
                Venue.Message(session, CommandType.MassQuote, ScenarioCommands.MassQuote(line, words));
                break;
            case "unquote":
                Venue.Message(session, CommandType.QuoteCancel, ScenarioCommands.QuoteCancel(words));
                break;
            default:
                Connection(session, words);
                return;
        }

        Report();
    }

    private void Connection(int session, ScenarioWords words)
    {
        switch (words[1])
        {
            case "disconnects":
                Venue.LoseConnection(session);
                RunUntil(Venue.NowNs + ScenarioVenue.GraceNs);
                RunTimers();
                Venue.LogOn(session, resets: false);
                break;
            case "resets":
                Venue.LoseConnection(session);
                Venue.LogOn(session, resets: true);
                Report();
                break;
            case "drops":
                Venue.LoseConnection(session);
                Report();
                break;
            case "returns":
                Venue.LogOn(session, resets: false);
                Report();
                break;
            default:
                throw new InvalidOperationException($"'{words[1]}' is no verb of a scenario");
        }
    }

    private void Report()
    {
        long offset = 0;
        while (Venue.Events.TryRead(ref offset, out ReadOnlySpan<byte> bytes))
        {
            EventHeader header = MemoryMarshal.Read<EventHeader>(bytes);
            bool isOrder = header.Type is >= EventType.ExecutionReport and <= EventType.MassCancelReport or ReportText.MassQuoteAck or ReportText.MassActionReport;
            bool isStatus = header.Type is EventType.SecurityStatus or EventType.TradingSessionStatus;
            if ((isOrder || (isStatus && _showsStatuses)) && header.Flags != EventFlags.PossResend)
            {
                _output.Add("  " + ReportText.Write(bytes, Venue.Core.Instruments, Venue.NameOf));
            }
        }
    }
}
