using System.Globalization;
using System.Net;
using System.Text;
using Exchange.Host.Client;

namespace Exchange.Host.Processes;

/// <summary>A FIX client of a rehearsal.</summary>
internal sealed class RehearsalClient : IFixClientHandler, IDisposable
{
    private const char Soh = '\u0001';
    private static readonly TimeSpan _connectLimit = TimeSpan.FromSeconds(1);
    private readonly IReadOnlyList<IPEndPoint> _addresses;
    private readonly FixClientSession _session;
    private readonly FixClientDriver _driver;
    private int _address;
    private long _orders;
    private bool _reset;

    /// <summary>Creates a client that has no connection.</summary>
    /// <param name="name">CompID, user name and password.</param>
    /// <param name="addresses">Where gateways listen.</param>
    public RehearsalClient(string name, IReadOnlyList<IPEndPoint> addresses)
    {
        _addresses = addresses;
        FixClientOptions options = new() { SenderCompId = name, TargetCompId = "EXCH", Username = name, Password = name };
        _session = new FixClientSession(options, new MemoryFixClientStore(1000), this);
        _driver = new FixClientDriver(_session);
    }

    /// <summary>Whether orders can be sent.</summary>
    public bool IsLoggedOn => _session.Status == FixClientStatus.Established;

    /// <summary>Whether it should be logged on.</summary>
    public bool IsWanted { get; set; }

    /// <summary>Messages received.</summary>
    public long Received { get; private set; }

    /// <summary>Orders, replaces and cancels sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Logons accepted.</summary>
    public int Logons { get; private set; }

    /// <summary>The next logon sets both numbers back (141=Y).</summary>
    public void ResetNext() => _reset = true;

    /// <summary>Connects, reads, writes.</summary>
    public int Turn()
    {
        if (_driver.IsConnected)
        {
            return _driver.Poll(TimeSpan.Zero) ? 1 : 0;
        }

        if (!IsWanted)
        {
            return 0;
        }

        if (!_driver.TryConnect(_addresses[_address++ % _addresses.Count], _connectLimit, _reset, out string error))
        {
            throw new InvalidOperationException($"no connection: {error}");
        }

        return 1;
    }

    /// <summary>Sends one request of a mix: rests, matches, replaces, cancels and what is refused.</summary>
    public void SendNext()
    {
        long i = _orders++;
        string side = (i & 1) == 0 ? "1" : "2";
        string previous = string.Create(CultureInfo.InvariantCulture, $"{_session.Options.SenderCompId}{i - 1}");
        switch (i % 8)
        {
            case 0 or 1:
                SendOrder(i, "AAPL", side, side == "1" ? "99.5" : "100.5", "0");
                break;
            case 2 or 3:
                SendOrder(i, "AAPL", side, "100", "0");
                break;
            case 4:
                SendOrder(i, "AAPL", "1", "99", "0");
                break;
            case 5:
                Send("G", i, $"41={previous}|55=AAPL|54=1|60={{0}}|38=3|40=2|44=99.01|");
                break;
            case 6:
                Send("F", i, $"41={previous}|55=AAPL|54=1|60={{0}}|38=3|");
                break;
            default:
                SendRefused(i);
                break;
        }
    }

    /// <summary>Asks for what was received last once more.</summary>
    public void AskAgain() => _session.RequestResend(Math.Max(1, _session.NextIn - 200), 0, _driver.NowNs);

    /// <summary>Asks for a sign of life.</summary>
    public void Test() => _session.TestRequest("rehearsal", _driver.NowNs);

    /// <summary>Ends the session in order.</summary>
    public void LogOut() => _session.Logout(_driver.NowNs);

    /// <summary>Loses the connection.</summary>
    public void Drop() => _driver.Drop();

    /// <inheritdoc/>
    public void Dispose() => _driver.Dispose();

    void IFixClientHandler.OnMessage(FixMessageView message, long nowNs) => Received++;

    void IFixClientHandler.OnEvent(FixClientEvent what, string text)
    {
        if (what == FixClientEvent.LoggedOn)
        {
            Logons++;
            _reset = false;
            _address--;
        }
    }

    void IFixClientHandler.OnWire(bool outbound, ReadOnlySpan<byte> frame)
    {
    }

    private void SendRefused(long i)
    {
        switch (i / 8 % 4)
        {
            case 0:
                SendOrder(i, "NOWHERE", "1", "100", "0");
                break;
            case 1:
                SendOrder(i, "AAPL", "1", "100.001", "0");
                break;
            case 2:
                Send("F", i, "41=UNKNOWN|55=AAPL|54=1|60={0}|38=1|");
                break;
            default:
                SendOrder(i, "AAPL", "1", "99", "3");
                break;
        }
    }

    private void SendOrder(long i, string symbol, string side, string price, string timeInForce) =>
        Send("D", i, $"55={symbol}|54={side}|60={{0}}|38=2|40=2|44={price}|59={timeInForce}|");

    private void Send(string type, long i, string fields)
    {
        long now = _driver.NowNs;
        Span<byte> time = stackalloc byte[FixTime.BytesMax];
        int length = FixTime.Write(now, 3, time);
        string body = string.Create(CultureInfo.InvariantCulture, $"11={_session.Options.SenderCompId}{i}|") + fields.Replace("{0}", Encoding.ASCII.GetString(time[..length]), StringComparison.Ordinal);
        if (_session.Send(Encoding.ASCII.GetBytes(type), Encoding.ASCII.GetBytes(body.Replace('|', Soh)), now) > 0)
        {
            Sent++;
        }
    }
}
