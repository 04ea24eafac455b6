// Problem: whether an exchange keeps its promises is seen from outside only, by a client that keeps the rules of FIX and forgets nothing.
// Idea:    an initiator written from the specification, with two addresses: it keeps both numbers over connections, asks for what it has
//          missed, answers ResendRequests with the original messages and gap fills, and moves to the other address when it hears nothing.
// Must hold: it never breaks a rule by itself, so any Logout or Reject that it did not earn is the exchange's fault.
using System.Globalization;
using System.Text;
using Exchange.Simulation.Engine;
using Exchange.Simulation.Network;

namespace Exchange.Simulation.Clients;

/// <summary>The FIX session of one client.</summary>
internal sealed partial class FixClient
{
    private const string OurTarget = "EXCH";
    private const long ConnectTimeoutNs = 250_000_000;
    private const long LogonTimeoutNs = 600_000_000;
    private const long ResendPatienceNs = 700_000_000;
    private readonly SimulatedWorld _world;
    private readonly IClientNetwork _network;
    private readonly IClientObserver _observer;
    private readonly Trader _trader;
    private readonly List<byte> _inbound = [];
    private readonly SortedDictionary<long, FixMessage> _ahead = [];
    private List<SentMessage> _sent = [];
    private SimulatedSocket? _socket;
    private int _attempt;
    private int _address;
    private long _deadlineNs;
    private long _lastReceivedNs;
    private long _lastSentNs;
    private long _resendAskedNs;
    private long _gapEnd;
    private bool _isResendAsked;
    private bool _isTestRequestSent;
    private bool _resetsNext;
    private bool _resetSent;
    private long _testRequests;

    public FixClient(SimulatedWorld world, ClientProfile profile, IClientNetwork network, IClientObserver observer)
    {
        _world = world;
        Profile = profile;
        Chance = world.Chance.Fork();
        _network = network;
        _observer = observer;
        _trader = new Trader(this, Chance.Fork());
        _address = Chance.Below(network.AddressCount);
        _world.After(Chance.Between(0, 5_000_000), Tick);
        _world.After(Chance.Between(0, 5_000_000), Trade);
    }

    public ClientProfile Profile { get; }

    public Chance Chance { get; }

    public Trader Trader => _trader;

    public ClientState State { get; private set; }

    /// <summary>MsgSeqNum of the next message to be sent.</summary>
    public long NextOut { get; private set; } = 1;

    /// <summary>MsgSeqNum expected next.</summary>
    public long NextIn { get; private set; } = 1;

    /// <summary>Which connection, counted over the client's life; 0 before the first.</summary>
    public SimulatedSocket? Socket => _socket;

    public long NowNs => _world.NowNs;

    /// <summary>Set when the run ends: no new orders.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Nothing is outstanding in either direction.</summary>
    public bool IsSettled => State == ClientState.LoggedOn && !_isResendAsked && _ahead.Count == 0 && _trader.IsSettled;

    public long Logons { get; private set; }

    public long Resets { get; private set; }

    /// <summary>Sends an application message; returns its number.</summary>
    public SentMessage Send(string type, string clOrdId, string body, bool isPossResend = false)
    {
        SentMessage message = new(NextOut++, type, clOrdId, body, Timestamp(), _world.NowNs, isPossResend);
        _sent.Add(message);
        _observer.OnSent(this, message);
        Transmit(message, "");
        return message;
    }

    /// <summary>Ends the session in good order; it logs on again later.</summary>
    public void LogOut()
    {
        if (State == ClientState.LoggedOn)
        {
            Send("5", "", "");
            State = ClientState.LoggingOut;
            _deadlineNs = _world.NowNs + LogonTimeoutNs;
        }
    }

    /// <summary>Resets both numbers while logged on.</summary>
    public void ResetInSession()
    {
        _resetsNext = true;
        SendLogon();
        State = ClientState.AwaitingLogon;
        _deadlineNs = _world.NowNs + LogonTimeoutNs;
    }

    /// <summary>Asks for a sign of life.</summary>
    public void SendTestRequest() => Send("1", "", string.Create(CultureInfo.InvariantCulture, $"112=PING-{++_testRequests}{FixText.Soh}"));

    /// <summary>Reports what an exchange must not do.</summary>
    public void Offence(string check, string what) => _observer.OnOffence(this, check, what);

    private void Trade()
    {
        _trader.Act();
        _world.After(Chance.Between(1, 2 * Profile.ThinkNs), Trade);
    }

    private void Tick()
    {
        switch (State)
        {
            case ClientState.Disconnected when _world.NowNs >= _deadlineNs:
                Connect();
                break;
            case ClientState.Connecting or ClientState.AwaitingLogon or ClientState.LoggingOut when _world.NowNs >= _deadlineNs:
                Drop("no answer in time");
                break;
            case ClientState.LoggedOn:
                TickLoggedOn();
                break;
            default:
                break;
        }

        _world.After(Chance.Between(4_000_000, 6_000_000), Tick);
    }

    private void TickLoggedOn()
    {
        long intervalNs = Profile.HeartBtIntSec * 1_000_000_000L;
        long silenceNs = _world.NowNs - _lastReceivedNs;
        if (_trader.OldestUnansweredNs is long since && _world.NowNs - Math.Max(since, _lastReceivedNs) > Profile.PatienceNs)
        {
            Drop("no answer to an order");
        }
        else if (silenceNs > 2 * intervalNs)
        {
            Drop("the exchange is silent");
        }
        else if (silenceNs > intervalNs + (intervalNs / 5) && !_isTestRequestSent)
        {
            _isTestRequestSent = true;
            SendTestRequest();
        }
        else if (_world.NowNs - _lastSentNs > intervalNs)
        {
            Send("0", "", "");
        }

        if (_isResendAsked && _world.NowNs - _resendAskedNs > ResendPatienceNs && State == ClientState.LoggedOn)
        {
            AskForResend();
        }
    }

    private void Connect()
    {
        State = ClientState.Connecting;
        _deadlineNs = _world.NowNs + ConnectTimeoutNs;
        int attempt = ++_attempt;
        _network.Connect(this, _address, socket =>
        {
            if (attempt != _attempt || State != ClientState.Connecting)
            {
                socket?.Close();
                return;
            }

            if (socket is null)
            {
                Drop("refused");
                return;
            }

            _socket = socket;
            socket.Wake = () => _world.After(0, () => OnSocket(socket));
            _inbound.Clear();
            _ahead.Clear();
            _isResendAsked = false;
            _isTestRequestSent = false;
            _resetsNext |= Logons > 0 && Chance.PerMille(Profile.ResetPerMille);
            SendLogon();
            State = ClientState.AwaitingLogon;
            _deadlineNs = _world.NowNs + LogonTimeoutNs;
        });
    }

    private void Drop(string reason)
    {
        _world.Trace.Add(_world.NowNs);
        _socket?.Close();
        _socket = null;
        _attempt++;
        bool wasRefused = State is ClientState.Connecting or ClientState.AwaitingLogon;
        State = ClientState.Disconnected;
        _address = (_address + 1) % _network.AddressCount;
        _deadlineNs = _world.NowNs + Chance.Between(1_000_000, wasRefused ? 30_000_000 : 5_000_000);
        if (!wasRefused)
        {
            _world.Tell($"{Profile.CompId} leaves its connection: {reason}");
        }
    }

    private void SendLogon()
    {
        StringBuilder body = new();
        body.Append(CultureInfo.InvariantCulture, $"98=0{FixText.Soh}108={Profile.HeartBtIntSec}{FixText.Soh}");
        _resetSent = _resetsNext;
        if (_resetSent)
        {
            body.Append(CultureInfo.InvariantCulture, $"141=Y{FixText.Soh}");
            _sent = [];
            NextOut = 1;
            _ahead.Clear();
            _isResendAsked = false;
        }

        if (Profile.UsesNextExpected)
        {
            body.Append(CultureInfo.InvariantCulture, $"789={(_resetSent ? 1 : NextIn)}{FixText.Soh}");
        }

        body.Append(CultureInfo.InvariantCulture, $"553={Profile.CompId}{FixText.Soh}554=secret{FixText.Soh}");
        Send("A", "", body.ToString());
    }

    private void Transmit(SentMessage message, string flags)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"35={message.Type}{FixText.Soh}49={Profile.CompId}{FixText.Soh}56={OurTarget}{FixText.Soh}34={message.SeqNum}{FixText.Soh}52={(flags.Length == 0 ? message.SendingTime : Timestamp())}{FixText.Soh}{flags}{(message.IsPossResend ? "97=Y" + FixText.Soh : "")}{message.Body}");
        _socket?.Send(FixText.Frame(text));
        _lastSentNs = _world.NowNs;
    }

    private string Timestamp() => FixText.Timestamp(SimulatedTime.TrueUnixNs(_world.NowNs), 6);
}
