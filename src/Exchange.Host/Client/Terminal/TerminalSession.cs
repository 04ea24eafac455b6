// What the terminal does, whoever types: runs the session and its reconnects, turns commands into messages and messages into lines.
// A runner (interactive or script) calls Work in a loop and Execute for each line; all on one thread.
using System.Text;
using Exchange.Fix.Dictionary;
using Exchange.Protocol;

namespace Exchange.Host.Client.Terminal;

/// <summary>The terminal without its keyboard.</summary>
internal sealed class TerminalSession : IFixClientHandler, IDisposable
{
    private const int RefusalsMax = 10;

    /// <summary>With several addresses a refusal usually means: not here. So more of them are borne, and for a while without rest.</summary>
    private const int RefusalsMaxOfSeveral = 200;

    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_connectTimeoutOfSeveral = TimeSpan.FromMilliseconds(500);
    private readonly TerminalOptions _options;
    private readonly ITerminalScreen _screen;
    private readonly FileFixClientStore _store;
    private readonly ReportJournal _journal;
    private readonly FixClientDriver _driver;
    private readonly FixMessageBuilder _body = new();
    private readonly HashSet<string> _awaited = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly AddressRotation _rotation;
    private readonly string _idPrefix;
    private int _idCount;
    private bool _wantsConnection = true;
    private bool _wantsReset;
    private bool _trace;
    private bool _isConnecting;
    private int _refusals;
    private long _nextAttemptNs;
    private long _lastHeardNs;
    private long _lostSinceNs;

    /// <summary>Opens the session's state; connects at the first <see cref="Work"/>.</summary>
    public TerminalSession(TerminalOptions options, ITerminalScreen screen)
    {
        _options = options;
        _screen = screen;
        _trace = options.Trace;
        _wantsReset = options.Reset;
        _rotation = new AddressRotation(options.Addresses.Count);
        _store = FileFixClientStore.Open(options.StateDirectory);
        _journal = new ReportJournal(options.StateDirectory);
        _journal.Replay(Blotter);
        if (options.NextOut > 0)
        {
            _store.Restart(_store.NextIn, options.NextOut);
        }

        if (options.NextIn > 0)
        {
            _store.NextIn = options.NextIn;
        }

        Session = new FixClientSession(options.Session, _store, this);
        _driver = new FixClientDriver(Session);
        _idPrefix = IdStamp();
        ShowPrompt();
    }

    /// <summary>The FIX session.</summary>
    public FixClientSession Session { get; }

    /// <summary>Own orders.</summary>
    public OrderBlotter Blotter { get; } = new();

    /// <summary>The user wants to leave and the session is over.</summary>
    public bool IsFinished => IsLeaving && !_driver.IsConnected;

    /// <summary>The user wants to leave.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>The session ended by itself in a way that no reconnect mends, or too often.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Requests that the exchange has not answered yet.</summary>
    public int AwaitedCount => _awaited.Count;

    /// <summary>Runs the session for at most so long; connects when there is no connection and one is wanted.</summary>
    public void Work(TimeSpan maxWait)
    {
        if (_driver.IsConnected)
        {
            _driver.Poll(maxWait);
            ShowPrompt();
            return;
        }

        if (_wantsConnection && !IsLeaving && _driver.NowNs >= _nextAttemptNs)
        {
            Connect();
            return;
        }

        Thread.Sleep(maxWait);
    }

    /// <summary>Does what a line says.</summary>
    /// <returns>False when the line was not understood or cannot be done now; the screen has told why.</returns>
    public bool Execute(string line)
    {
        if (!TerminalCommandParser.TryParse(line, out TerminalCommand command, out string error))
        {
            return Refuse(error);
        }

        switch (command.Verb)
        {
            case TerminalVerb.Order:
                return SendOrder(command);
            case TerminalVerb.Quote or TerminalVerb.Unquote:
                return SendQuote(command);
            case TerminalVerb.Cancel:
                return SendCancel(command);
            case TerminalVerb.Replace:
                return SendReplace(command);
            case TerminalVerb.Status:
                return SendStatus(command);
            case TerminalVerb.Raw:
                return SendRaw(command.Text);
            case TerminalVerb.Resend:
                return Done(Session.RequestResend(command.Begin, command.End, _driver.NowNs));
            case TerminalVerb.TestRequest:
                return SendTestRequest(command.Text);
            case TerminalVerb.Reset:
                return Reset();
            default:
                return ExecuteLocal(command);
        }
    }

    /// <summary>Logs out and leaves; without an answer after the session's limit.</summary>
    public void Leave()
    {
        IsLeaving = true;
        _wantsConnection = false;
        Session.Logout(_driver.NowNs);
    }

    /// <inheritdoc/>
    public void OnMessage(FixMessageView message, long nowNs)
    {
        _lastHeardNs = nowNs;
        switch (message.MsgType)
        {
            case [(byte)'8']:
                _journal.Append(message.Frame);
                (BlotterOrder order, bool isNew) = Blotter.Apply(message);
                if (isNew)
                {
                    (string line, TextTone tone) = ReportLines.Execution(message, order);
                    _screen.Print(line, tone);
                }

                break;
            case [(byte)'9']:
                _screen.Print(ReportLines.CancelReject(message, Blotter.Find(message.Text(41))), TextTone.Bad);
                break;
            case [(byte)'3'] or [(byte)'j']:
                _awaited.Clear();
                _screen.Print(ReportLines.MessageReject(message), TextTone.Bad);
                break;
            case [(byte)'b']:
                _screen.Print(ReportLines.Quotes(message), message.Text(297) == "5" || message.TryGet(58, out _) ? TextTone.Bad : TextTone.Normal);
                break;
            case [(byte)'B']:
                _screen.Print(ReportLines.News(message), TextTone.Warning);
                break;
            default:
                _screen.Print(message.ToString());
                break;
        }

        _awaited.Remove(message.Text(message.MsgType is [(byte)'b'] ? 117 : 11));
    }

    /// <inheritdoc/>
    public void OnEvent(FixClientEvent what, string text)
    {
        switch (what)
        {
            case FixClientEvent.LoggedOn:
                OnLoggedOn(text);
                break;
            case FixClientEvent.TestAnswered:
                _awaited.Remove(text);
                _screen.Print($"test request {text} answered");
                break;
            case FixClientEvent.LoggedOut:
                _wantsConnection = false;
                _screen.Print(text, TextTone.Warning);
                break;
            case FixClientEvent.Failed:
                OnRefused(text);
                break;
            case FixClientEvent.ConnectionLost:
                OnConnectionLost(text);
                break;
            default:
                _screen.Print(text, what is FixClientEvent.Violation or FixClientEvent.Garbled ? TextTone.Bad : TextTone.Warning);
                break;
        }
    }

    /// <inheritdoc/>
    public void OnWire(bool outbound, ReadOnlySpan<byte> frame)
    {
        if (_trace)
        {
            _screen.Print((outbound ? "→ " : "← ") + new FixMessageView(frame).ToString(), TextTone.Faint);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _driver.Dispose();
        _journal.Dispose();
        _store.Dispose();
    }

    private static string IdStamp()
    {
        // Seconds since 2020 in base 36: short enough to type, different from every earlier start.
        long value = (long)(DateTime.UtcNow - new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)).TotalSeconds;
        StringBuilder text = new();
        for (; value > 0; value /= 36)
        {
            text.Insert(0, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(int)(value % 36)]);
        }

        return text.ToString();
    }

    private bool HasSeveral => _options.Addresses.Count > 1;

    private void Connect()
    {
        System.Net.EndPoint address = _options.Addresses[_rotation.Current];
        _isConnecting = true;
        if (!_driver.TryConnect(address, HasSeveral ? s_connectTimeoutOfSeveral : s_connectTimeout, _wantsReset, out string error))
        {
            Retry(FixTime.NsPerSec, isSilent: false);
            Tell($"{error}; {(HasSeveral ? "trying the addresses in turn" : "trying again every second")}", TextTone.Warning);
            return;
        }

        _wantsReset = false;
    }

    private void OnLoggedOn(string text)
    {
        _refusals = 0;
        _isConnecting = false;
        _told.Clear();
        _rotation.OnServed();
        string where = HasSeveral ? $" at {HostAddress.Format(_options.Addresses[_rotation.Current])}" : string.Empty;
        string gap = _lostSinceNs > 0 ? $", {(_driver.NowNs - _lostSinceNs) / 1_000_000} ms after the last message before" : string.Empty;
        _lostSinceNs = 0;
        _screen.Print(text + where + gap, TextTone.Good);
    }

    /// <summary>Chooses the next address; with one only, or after many failures, there is a pause before it.</summary>
    /// <param name="afterNs">The pause.</param>
    /// <param name="isSilent">Whether the address took the connection and then said nothing.</param>
    private void Retry(long afterNs, bool isSilent)
    {
        long nextNs = isSilent ? _rotation.OnSilent(_driver.NowNs) : _rotation.OnRefused(_driver.NowNs);
        _nextAttemptNs = HasSeveral && _refusals < RefusalsMaxOfSeveral / 2 ? nextNs : _driver.NowNs + afterNs;
    }

    /// <summary>Tells something once between two logons.</summary>
    private void Tell(string text, TextTone tone)
    {
        if (_told.Add(text))
        {
            _screen.Print(text, tone);
        }
    }

    private void OnConnectionLost(string text)
    {
        if (_isConnecting)
        {
            // An exchange that refuses closes without a word, and so does one that is not ready yet.
            OnRefused($"closed before our Logon was answered ({text}): not ready, session in use, or wrong CompID or password");
            return;
        }

        string next = _wantsConnection ? "; reconnecting with continuing numbers" : string.Empty;
        _screen.Print($"connection lost: {text}{next}", TextTone.Warning);
        _lostSinceNs = _lastHeardNs;
        _wantsReset |= _options.ResetOnFailover;
        if (!HasSeveral || _wantsReset)
        {
            // With several addresses the session goes on elsewhere, and the exchange will ask for what it did not get.
            _awaited.Clear();
        }

        Retry(FixTime.NsPerSec / 5, Session.IsEndedBySilence);
    }

    private void OnRefused(string text)
    {
        if (!HasSeveral)
        {
            _awaited.Clear();
        }

        _refusals++;
        Tell(text, TextTone.Bad);
        bool isHopeless = text.Contains("too low", StringComparison.Ordinal) || text.Contains("expects our number", StringComparison.Ordinal);
        if (isHopeless || _refusals >= (HasSeveral ? RefusalsMaxOfSeveral : RefusalsMax))
        {
            _wantsConnection = false;
            IsBroken = true;
            _screen.Print("given up; type connect to try again, or start with --reset", TextTone.Bad);
        }

        Retry(FixTime.NsPerSec, Session.IsEndedBySilence);
    }

    private bool ExecuteLocal(TerminalCommand command)
    {
        switch (command.Verb)
        {
            case TerminalVerb.Orders:
                ShowOrders(all: command.Text.Length > 0);
                break;
            case TerminalVerb.Fills:
                _screen.Print(Blotter.Fills.Count == 0 ? "no fills" : BlotterTables.Fills(Blotter.Fills, _screen));
                break;
            case TerminalVerb.Session:
                ShowSession();
                break;
            case TerminalVerb.Trace:
                _trace = command.Text == "ON" || (command.Text.Length == 0 && !_trace);
                _screen.Print(_trace ? "every message is shown" : "messages are no longer shown");
                break;
            case TerminalVerb.Connect:
                _wantsConnection = true;
                IsBroken = false;
                _refusals = 0;
                _nextAttemptNs = 0;
                break;
            case TerminalVerb.Disconnect:
                _wantsConnection = false;
                _driver.Drop();
                break;
            case TerminalVerb.Logout:
                _wantsConnection = false;
                Session.Logout(_driver.NowNs);
                break;
            case TerminalVerb.Help:
                ShowHelp();
                break;
            case TerminalVerb.Quit:
                Leave();
                break;
        }

        return true;
    }

    private bool SendOrder(TerminalCommand command)
    {
        string id = command.Id.Length > 0 ? command.Id : NextId();
        OrderForms.New(HandlingInstruction(_body.Open().Add(11, id)), command, _options.Session.Version, _driver.NowNs);
        if (!Send("D"u8, _body.Body, id))
        {
            return false;
        }

        _screen.Print($"sent {Blotter.AddSent(command, id).Describe()}  ({id})", TextTone.Faint);
        return true;
    }

    private bool SendQuote(TerminalCommand command)
    {
        string id = NextId();
        bool isCancel = command.Verb == TerminalVerb.Unquote;
        OrderForms.Quote(_body.Open().Add(117, id), command);
        return Send(isCancel ? "Z"u8 : "i"u8, _body.Body, id);
    }

    /// <summary>HandlInst (21) where the version asks for it.</summary>
    private FixMessageBuilder HandlingInstruction(FixMessageBuilder body) =>
        _options.Session.Version.Requires(FixMessageKind.NewOrderSingle, FixTag.HandlInst) ? body.Add(FixTag.HandlInst, '1') : body;

    private bool SendCancel(TerminalCommand command)
    {
        BlotterOrder? order = Blotter.Find(command.Id);
        if (order is null && command.Side == '\0')
        {
            return Refuse($"no order {command.Id} in this terminal's book; for another one write: cancel ID SYMBOL buy|sell");
        }

        string id = NextId();
        _body.Open().Add(11, id).Add(41, order?.ClOrdId ?? command.Id).Add(55, order?.Symbol ?? command.Symbol).Add(54, order?.Side ?? command.Side)
            .AddTime(60, _driver.NowNs, 3);
        if (order is not null)
        {
            _body.Add(38, order.Quantity);
        }

        return SendAbout(order, "F"u8, id);
    }

    private bool SendReplace(TerminalCommand command)
    {
        BlotterOrder? order = Blotter.Find(command.Id);
        if (order is null)
        {
            return Refuse($"no order {command.Id} in this terminal's book");
        }

        string id = NextId();
        HandlingInstruction(_body.Open().Add(11, id).Add(41, order.ClOrdId)).Add(55, order.Symbol).Add(54, order.Side).AddTime(60, _driver.NowNs, 3)
            .Add(38, command.Quantity).Add(40, order.OrdType).Add(44, command.Price ?? 0).Add(59, order.TimeInForce);
        return SendAbout(order, "G"u8, id);
    }

    private bool SendStatus(TerminalCommand command)
    {
        BlotterOrder? order = Blotter.Find(command.Id);
        if (order is null)
        {
            return Refuse($"no order {command.Id} in this terminal's book");
        }

        return Send("H"u8, _body.Open().Add(11, order.ClOrdId).Add(55, order.Symbol).Add(54, order.Side).Body, order.ClOrdId);
    }

    private bool SendAbout(BlotterOrder? order, ReadOnlySpan<byte> type, string id)
    {
        if (!Send(type, _body.Body, id))
        {
            return false;
        }

        if (order is not null)
        {
            Blotter.AddRequest(order, id);
        }

        return true;
    }

    private bool Send(ReadOnlySpan<byte> type, ReadOnlySpan<byte> body, string id)
    {
        if (Session.Send(type, body, _driver.NowNs) == 0)
        {
            return Refuse("not logged on; nothing was sent");
        }

        _awaited.Add(id);
        _driver.Flush();
        return true;
    }

    private bool SendRaw(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.Replace('|', '\u0001').Replace("^A", "\u0001", StringComparison.Ordinal));
        byte[] fields = bytes[^1] == FixFrames.Soh ? bytes : [.. bytes, FixFrames.Soh];
        FixMessageView typed = new(fields);
        if (typed.TryGet(8, out _))
        {
            return Done(Session.SendVerbatim(fields, _driver.NowNs));
        }

        if (typed.MsgType.IsEmpty)
        {
            return Refuse("a message needs its type, 35=…");
        }

        FixMessageBuilder rest = new();
        foreach (FixField field in typed)
        {
            if (field.Tag != 35)
            {
                rest.Add(field.Tag, field.Value);
            }
        }

        if (!typed.TryGet(34, out _))
        {
            return Done(Session.Send(typed.MsgType, rest.Body, _driver.NowNs) != 0);
        }

        FixMessageBuilder message = new FixMessageBuilder().Add(35, typed.MsgType);
        _ = typed.TryGet(49, out _) ? message : message.Add(49, _options.Session.SenderCompId);
        _ = typed.TryGet(56, out _) ? message : message.Add(56, _options.Session.TargetCompId);
        _ = typed.TryGet(52, out _) ? message : message.AddTime(52, _driver.NowNs, 3);
        return Done(Session.SendVerbatim(message.AddFields(rest.Body).Close(_options.Session.BeginString), _driver.NowNs));
    }

    private bool SendTestRequest(string text)
    {
        string id = text.Length > 0 ? text : NextId();
        if (!Done(Session.TestRequest(id, _driver.NowNs)))
        {
            return false;
        }

        _awaited.Add(id);
        return true;
    }

    private bool Reset()
    {
        if (Session.Status == FixClientStatus.Established)
        {
            return Done(Session.Reset(_driver.NowNs));
        }

        _wantsReset = true;
        _screen.Print("the next logon resets both numbers");
        return true;
    }

    private bool Done(bool isSent)
    {
        _driver.Flush();
        return isSent || Refuse("not logged on; nothing was sent");
    }

    private bool Refuse(string why)
    {
        _screen.Print(why, TextTone.Bad);
        return false;
    }

    private string NextId()
    {
        string id;
        do
        {
            id = $"{_idPrefix}-{++_idCount}";
        }
        while (Blotter.Find(id) is not null);
        return id;
    }

    private void ShowPrompt() =>
        _screen.SetPrompt(Session.Status == FixClientStatus.Established ? $"{_options.Session.SenderCompId}> " : $"{_options.Session.SenderCompId} (off)> ");

    private void ShowOrders(bool all)
    {
        List<BlotterOrder> shown = [.. Blotter.Orders.Where(o => all || o.IsOpen)];
        _screen.Print(shown.Count > 0 ? BlotterTables.Orders(shown, _screen) : all ? "no orders" : "no open orders");
    }

    private void ShowSession()
    {
        FixClientCounters counters = Session.Counters;
        _screen.Print(
            $"{Session.Status}, next in {Session.NextIn}, next out {Session.NextOut}; delivered {counters.Delivered}, sent {counters.Sent}, "
            + $"gaps {counters.Gaps}, duplicates ignored {counters.DuplicatesIgnored}, resent {counters.Resent}, violations {counters.Violations}, "
            + $"garbled {counters.Garbled}\nstate in {_options.StateDirectory}");
    }

    private void ShowHelp()
    {
        StringBuilder text = new();
        foreach ((string form, string meaning) in TerminalCommandParser.Help)
        {
            text.Append(form.PadRight(58)).Append(' ').Append(meaning).Append('\n');
        }

        Invariant.Require(text.Length > 0);
        _screen.Print(text.ToString(0, text.Length - 1));
    }
}
