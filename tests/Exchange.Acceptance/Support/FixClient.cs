// A FIX client written from the specification and from nothing of this repository, so that a misunderstanding cannot be on both
// sides. It keeps its numbers over connections, answers what a client must answer, and judges what it receives: numbers without
// holes, resends with the content of the original, nothing unexpected. What must hold: an application message reaches the caller
// once, in the order of its number, however often connections or processes die.
using System.Globalization;

namespace Exchange.Acceptance.Support;

/// <summary>One side of a FIX 4.4 session, used by one thread.</summary>
internal sealed class FixClient(string compId, params int[] ports) : IDisposable
{
    private const string BeginString = "FIX.4.4";
    private static readonly TimeSpan ResendPatience = TimeSpan.FromSeconds(20);

    private readonly List<(string Type, string SendingTime, (int Tag, string Value)[] Body)> _sent = [];
    private readonly Dictionary<int, string> _contentByNumber = [];
    private readonly SortedDictionary<int, FixMessage> _ahead = [];
    private readonly Queue<FixMessage> _application = new();
    private FixConnection? _connection;
    private int _port;
    private long _awaitingSince;
    private int _resendUntil;
    private long _resendAskedAt;
    private long _lastSentAt;

    /// <summary>SenderCompID, which is the user name too.</summary>
    public string CompId { get; } = compId;

    /// <summary>The exchange's name.</summary>
    public string Target { get; init; } = "EXCH";

    /// <summary>Password; the name unless said otherwise.</summary>
    public string Password { get; set; } = compId;

    /// <summary>Number of the next message sent.</summary>
    public int NextOut => _sent.Count + 1;

    /// <summary>Number of the next message expected.</summary>
    public int NextIn { get; private set; } = 1;

    /// <summary>Whether the exchange has answered our Logon on the present connection.</summary>
    public bool IsLoggedOn { get; private set; }

    /// <summary>Whether something received earlier is still missing.</summary>
    public bool IsInGap => _resendUntil >= NextIn;

    /// <summary>Whether the exchange said Logout on the present connection.</summary>
    public FixMessage? LogoutReceived { get; private set; }

    /// <summary>What the exchange did that it must not do; empty in a good run.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Messages received with PossDupFlag that were new to us.</summary>
    public int Recovered { get; private set; }

    /// <summary>Messages that the exchange asked for and got again.</summary>
    public int Resent { get; private set; }

    /// <summary>An exchange that sends nothing for so long after we sent something is left for the next port; 0 for never.</summary>
    public int SilenceMs { get; init; }

    /// <summary>HeartBtInt in seconds.</summary>
    public int HeartBtIntSec { get; init; } = 30;

    /// <summary>Connects and logs on with the continuing numbers, and waits until everything missed has arrived.</summary>
    public FixClient LogOn(TimeSpan? limit = null)
    {
        Poll.Until(() => TryConnect() && Pump(TimeSpan.FromMilliseconds(20)) && IsLoggedOn && !IsInGap, $"{CompId} logged on", Describe, limit);
        return this;
    }

    /// <summary>Opens a connection and sends the Logon, unless both were done; false when nobody listens.</summary>
    public bool TryConnect()
    {
        if (_connection is { IsClosed: false })
        {
            return true;
        }

        bool wasLost = _connection is not null;
        Drop();
        _port = wasLost ? (_port + 1) % ports.Length : _port;
        _connection = FixConnection.TryOpen(ports[_port]);
        if (_connection is null)
        {
            _port = (_port + 1) % ports.Length;
            return false;
        }

        Send("A", (98, "0"), (108, HeartBtIntSec.ToString(CultureInfo.InvariantCulture)), (553, CompId), (554, Password));
        return true;
    }

    /// <summary>Sends a message under the next number; a dead connection swallows it, and the exchange will ask for it.</summary>
    public void Send(string type, params (int Tag, string Value)[] body) => SendTogether((type, body));

    /// <summary>Sends several messages in one segment.</summary>
    public void SendTogether(params (string Type, (int Tag, string Value)[] Body)[] messages)
    {
        List<byte> bytes = [];
        foreach ((string type, (int Tag, string Value)[] body) in messages)
        {
            string time = Now();
            bytes.AddRange(Compose(type, NextOut, [(52, time)], body));
            _sent.Add((type, time, body));
            if (_awaitingSince == 0 && type != "0")
            {
                _awaitingSince = Environment.TickCount64;
            }
        }

        Transmit([.. bytes]);
    }

    /// <summary>Something that was sent is not answered yet, whatever else has come since: the silence from now on counts.</summary>
    public void AwaitAnswer()
    {
        if (_awaitingSince == 0)
        {
            _awaitingSince = Environment.TickCount64;
        }
    }

    /// <summary>Sends bytes as they are, past the session.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes) => Transmit(bytes);

    /// <summary>The header fields and the body as bytes, under any number.</summary>
    public byte[] Compose(string type, int number, (int Tag, string Value)[] header, params (int Tag, string Value)[] body) =>
        FixMessage.Compose(BeginString, [(35, type), (49, CompId), (56, Target), (34, $"{number}"), .. header, .. body]);

    /// <summary>The next application message (Reject and BusinessMessageReject among them), within the patience of these tests.</summary>
    public FixMessage Receive(TimeSpan? limit = null)
    {
        Poll.Until(() => _application.Count > 0 || (Pump(TimeSpan.FromMilliseconds(20)) && _application.Count > 0), $"a message for {CompId}", Describe, limit);
        return _application.Dequeue();
    }

    /// <summary>The next application message if there is one already.</summary>
    public bool TryReceive(out FixMessage message) => _application.TryDequeue(out message!);

    /// <summary>Reads and answers for up to the given time; true always, so that it fits in a condition.</summary>
    public bool Pump(TimeSpan limit)
    {
        while (_connection?.Receive(limit) is { } message)
        {
            _awaitingSince = 0;
            Handle(message);
            limit = TimeSpan.Zero;
        }

        if (IsInGap && IsLoggedOn && Environment.TickCount64 - _resendAskedAt > ResendPatience.TotalMilliseconds)
        {
            Violations.Add($"{CompId}: a ResendRequest from {NextIn} was not answered");
            AskForResend(_resendUntil);
        }

        if (IsLoggedOn && Environment.TickCount64 - _lastSentAt > HeartBtIntSec * 800)
        {
            Send("0");
        }

        if (SilenceMs > 0 && _awaitingSince > 0 && Environment.TickCount64 - _awaitingSince > SilenceMs)
        {
            _connection?.Abort();
        }

        if (_connection is { IsClosed: true })
        {
            IsLoggedOn = false;
        }

        return true;
    }

    /// <summary>Says Logout and waits for the answer and the end of the connection.</summary>
    public void LogOut()
    {
        Send("5");
        Poll.Until(() => Pump(TimeSpan.FromMilliseconds(20)) && LogoutReceived is not null, $"Logout for {CompId}", Describe);
        Drop();
    }

    /// <summary>Ends the connection without a word.</summary>
    public void Drop()
    {
        _connection?.Abort();
        _connection = null;
        IsLoggedOn = false;
        LogoutReceived = null;
        _awaitingSince = 0;
        _resendUntil = 0;
        _ahead.Clear();
    }

    /// <summary>Whether the exchange has ended the connection.</summary>
    public bool IsDisconnected => _connection is null or { IsClosed: true };

    /// <summary>Where the session stands, for the message of a failure.</summary>
    public string Describe() =>
        $"{CompId}: next out {NextOut}, next in {NextIn}, logged on {IsLoggedOn}, missing up to {_resendUntil}, closed {IsDisconnected}, "
        + $"logout {LogoutReceived?[58]}, violations: {string.Join("; ", Violations)}";

    /// <inheritdoc/>
    public void Dispose() => _connection?.Dispose();

    /// <summary>A timestamp as FIX writes it, with milliseconds.</summary>
    public static string Now() => DateTime.UtcNow.ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private void Handle(FixMessage message)
    {
        if (message[49] != Target || message[56] != CompId)
        {
            Violations.Add($"{CompId}: CompIDs of {message.Raw}");
        }

        if (message.PossDup && message[122] is null)
        {
            Violations.Add($"{CompId}: PossDupFlag without OrigSendingTime: {message.Raw}");
        }

        if (message.Type == "4" && message[123] != "Y")
        {
            MoveTo(message.Int(36));
        }
        else if (message.SeqNum > NextIn)
        {
            HandleAhead(message);
        }
        else if (message.SeqNum < NextIn)
        {
            HandleAgain(message);
        }
        else
        {
            HandleNext(message);
        }
    }

    /// <summary>Something before this one is missing: it waits until that has come. A ResendRequest is answered first, lest both sides wait.</summary>
    private void HandleAhead(FixMessage message)
    {
        if (!_ahead.TryAdd(message.SeqNum, message))
        {
            return;
        }

        if (message.Type == "A")
        {
            IsLoggedOn = true;
        }
        else if (message.Type == "2")
        {
            Resend(message);
        }
        else if (message.Type == "5")
        {
            LogoutReceived = message;
        }

        if (!IsInGap)
        {
            AskForResend(message.SeqNum - 1);
        }
    }

    private void HandleAgain(FixMessage message)
    {
        if (!message.PossDup)
        {
            Violations.Add($"{CompId}: expected {NextIn}, received {message.Raw}");
        }
        else if (message.Type != "4" && _contentByNumber.TryGetValue(message.SeqNum, out string? original) && original != message.Content)
        {
            Violations.Add($"{CompId}: resent {message.SeqNum} as {message.Content}, was {original}");
        }
    }

    private void HandleNext(FixMessage message)
    {
        Process(message);
        while (_ahead.Remove(NextIn, out FixMessage? waiting))
        {
            if (waiting.Type == "2")
            {
                // Answered when it came.
                NextIn++;
            }
            else
            {
                Process(waiting);
            }
        }
    }

    private void Process(FixMessage message)
    {
        _contentByNumber[message.SeqNum] = message.Content;
        NextIn = message.SeqNum + 1;
        switch (message.Type)
        {
            case "A":
                IsLoggedOn = true;
                break;
            case "0":
                break;
            case "1":
                Send("0", (112, message[112]!));
                break;
            case "2":
                Resend(message);
                break;
            case "4":
                MoveTo(message.Int(36));
                break;
            case "5":
                LogoutReceived = message;
                break;
            default:
                Recovered += message.PossDup ? 1 : 0;
                _application.Enqueue(message);
                break;
        }
    }

    private void MoveTo(int next)
    {
        NextIn = next;
        foreach (int passed in _ahead.Keys.Where(number => number < next).ToList())
        {
            _ahead.Remove(passed);
        }
    }

    private void AskForResend(int until)
    {
        _resendUntil = until;
        _resendAskedAt = Environment.TickCount64;
        Send("2", (7, $"{NextIn}"), (16, "0"));
    }

    /// <summary>Answers a ResendRequest: orders as they were, everything between them as gap fills.</summary>
    private void Resend(FixMessage request)
    {
        int last = request.Int(16) is 0 or 999_999 ? _sent.Count : Math.Min(request.Int(16), _sent.Count);
        int gapFrom = 0;
        List<byte> bytes = [];
        for (int number = request.Int(7); number <= last; number++)
        {
            (string type, string time, (int Tag, string Value)[] body) = _sent[number - 1];
            bool admin = type is "A" or "0" or "1" or "2" or "4" or "5";
            if (admin)
            {
                gapFrom = gapFrom == 0 ? number : gapFrom;
                continue;
            }

            AddGapFill(bytes, gapFrom, number);
            gapFrom = 0;
            Resent++;
            bytes.AddRange(Compose(type, number, [(43, "Y"), (52, Now()), (122, time)], body));
        }

        AddGapFill(bytes, gapFrom, last + 1);
        Transmit([.. bytes]);
    }

    private void AddGapFill(List<byte> bytes, int from, int newNumber)
    {
        if (from > 0)
        {
            string now = Now();
            bytes.AddRange(Compose("4", from, [(43, "Y"), (52, now), (122, now)], (123, "Y"), (36, $"{newNumber}")));
        }
    }

    private void Transmit(ReadOnlySpan<byte> bytes)
    {
        _lastSentAt = Environment.TickCount64;
        _connection?.Send(bytes);
    }
}
