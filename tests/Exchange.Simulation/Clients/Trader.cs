// Problem: only whoever has sent an order and kept a record knows what became of it. Idea: each client keeps one, of every request until it is
// answered and of every execution by its ExecID, and trades enough to make all kinds of answers. What must hold: after a reset of the
// numbers it sends whatever has no answer again with PossResend and the same id, so that nothing it asked for stays unknown.
using System.Globalization;
using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Clients;

/// <summary>What a client trades, and what it knows of it.</summary>
internal sealed partial class Trader
{
    private const int OpenMax = 24;
    private const long MiddleTicks = 10_000;
    private static readonly string[] s_symbols = ["AAA", "BBB", "CCC"];
    private readonly FixClient _client;
    private readonly Chance _chance;
    private readonly Dictionary<string, TraderRequest> _unanswered = [];
    private readonly List<TraderRequest> _inOrder = [];
    private readonly Dictionary<string, TraderOrder> _open = [];
    private readonly List<string> _openIds = [];
    private readonly List<string> _used = [];
    private readonly HashSet<string> _executions = [];
    private readonly SortedDictionary<string, decimal> _positions = [];
    private long _lastId;

    public Trader(FixClient client, Chance chance)
    {
        _client = client;
        _chance = chance;
    }

    public bool IsSettled => _inOrder.Count == 0;

    /// <summary>The requests without an answer, in words.</summary>
    public string Unanswered => string.Join(", ", _inOrder.Select(static request => $"{request.Type} {FixText.Show(request.Body)}{(request.IsPossResent ? " sent again" : "")}"));

    /// <summary>Since when the oldest request waits; null when none does.</summary>
    public long? OldestUnansweredNs => _inOrder.Count == 0 ? null : _inOrder[0].SentNs;

    /// <summary>ExecIDs of all trades it knows of.</summary>
    public IReadOnlySet<string> Executions => _executions;

    /// <summary>Bought less sold, by symbol.</summary>
    public IReadOnlyDictionary<string, decimal> Positions => _positions;

    /// <summary>OrderIDs that it takes to be open.</summary>
    public IReadOnlyCollection<string> OpenOrderIds => _open.Keys;

    /// <summary>Does one thing, if there is room for it.</summary>
    public void Act()
    {
        if (_client.State != ClientState.LoggedOn || _client.IsQuiet || _inOrder.Count >= _client.Profile.WindowMax)
        {
            return;
        }

        int dice = _chance.Below(1000);
        if (_open.Count > OpenMax || dice < 170)
        {
            Cancel(dice);
        }
        else if (dice < 260)
        {
            Replace(dice);
        }
        else if (dice < 280)
        {
            AskStatus();
        }
        else if (dice < 950)
        {
            Order(dice);
        }
        else if (dice < 984)
        {
            OrderWrong(dice);
        }
        else if (dice < 990)
        {
            AskAboutMany(dice);
        }
        else if (dice < 996)
        {
            _client.SendTestRequest();
        }
        else if (dice < 998)
        {
            _client.LogOut();
        }
        else if (dice < 999 && _client.Profile.ResetPerMille > 0)
        {
            _client.ResetInSession();
        }
    }

    public void OnLoggedOn(bool isReset)
    {
        if (!isReset)
        {
            return;
        }

        // Every order that is open is restated now; what is not was closed, even if word of that is lost with the old numbers.
        _open.Clear();
        _openIds.Clear();
        foreach (TraderRequest request in _inOrder.ToArray())
        {
            if (request.IsBad)
            {
                Answered(request.Id);
                continue;
            }

            request.SentNs = _client.NowNs;
            request.IsPossResent = true;
            request.SeqNum = _client.Send(request.Type, request.Id, request.Body, isPossResend: true).SeqNum;
        }
    }

    /// <summary>The client has told the exchange that this message is not to be executed any more.</summary>
    public void OnGivenUp(SentMessage message)
    {
        if (_inOrder.Find(request => request.SeqNum == message.SeqNum) is { } request)
        {
            Answered(request.Id);
        }
    }

    public void OnReport(FixMessage message)
    {
        switch (message.Type)
        {
            case "8":
                OnExecution(message);
                break;
            case "9" or "r":
                Answered(message[11]!);
                break;
            case "3" or "j":
                OnReject(message);
                break;
            default:
                break;
        }
    }

    private void OnReject(FixMessage message)
    {
        TraderRequest? request = _inOrder.Find(one => one.SeqNum == message.Number(45));
        if (request is { IsBad: true })
        {
            Answered(request.Id);
        }
        else if (message[58] != "The same range was asked for too often")
        {
            _client.Offence("reject", $"a sound message was rejected: {message}");
        }
    }

    private void OnExecution(FixMessage message)
    {
        string orderId = message[37]!;
        string kind = message[150]!;
        if (kind == "F")
        {
            if (_executions.Add(message[17]!))
            {
                decimal quantity = message.Decimal(32);
                _positions[message[55]!] = _positions.GetValueOrDefault(message[55]!) + (message[54] == "1" ? quantity : -quantity);
            }
            else if (!message.IsPossResend)
            {
                _client.Offence("executions", $"ExecID {message[17]} was told twice: {message}");
            }

            if (message.IsPossResend)
            {
                // The state of the order as it was then; the restatement behind it tells how it stands.
                return;
            }
        }

        if (message[584] is { } massStatus)
        {
            if (message[912] == "Y")
            {
                Answered(massStatus);
            }

            if (message[911] == "0")
            {
                return;
            }
        }
        else
        {
            Answered(kind == "I" ? AskedBy(message) : message[11]!);
        }

        Note(message, orderId);
    }

    // The state of an order answers a status request, or the oldest PossResend: its chain may have another id by now, but answers keep order.
    private string AskedBy(FixMessage message) => message[790] ?? _inOrder.Find(static request => request.IsPossResent)?.Id ?? message[11]!;

    private void Note(FixMessage message, string orderId)
    {
        bool isOpen = message[39] is "0" or "1" && message.Decimal(151) > 0;
        if (!isOpen)
        {
            if (_open.Remove(orderId))
            {
                _openIds.Remove(orderId);
            }

            return;
        }

        if (!_open.TryGetValue(orderId, out TraderOrder? order))
        {
            order = new TraderOrder { OrderId = orderId, ClOrdId = message[11]!, Symbol = message[55]!, Side = message[54]!, Kind = message[40]! };
            _open.Add(orderId, order);
            _openIds.Add(orderId);
        }

        order.ClOrdId = message[11]!;
        order.Kind = message[40]!;
        order.StopPrice = message[99] ?? "";
        order.Price = message[44] is null ? 0 : message.Decimal(44);
        order.Quantity = message.Decimal(38);
        order.Executed = message.Decimal(14);
    }

    private void Answered(string id)
    {
        if (_unanswered.Remove(id, out TraderRequest? request))
        {
            _inOrder.Remove(request);
        }
    }

    private void Order(int dice)
    {
        bool isBuy = _chance.Below(2) == 0;
        string kind = "2";
        string inForce = dice < 320 ? "3" : dice < 345 ? "4" : dice < 500 ? "1" : "0";
        long away = dice % 5 == 0 ? -_chance.Between(0, 6) : _chance.Between(0, 12);
        string price = Price(MiddleTicks + (isBuy ? -away : away));
        if (_client.Profile.UsesRules && dice % 3 != 0)
        {
            OrderByRules(isBuy, MiddleTicks + (isBuy ? -away : away));
            return;
        }

        if (dice is >= 345 and < 365)
        {
            (kind, inForce, price) = ("1", "0", "");
        }

        Request("D", OrderBody(_chance.Pick(s_symbols), isBuy ? "1" : "2", kind, inForce, price, _chance.Between(1, 50).ToString(CultureInfo.InvariantCulture)));
    }

    private void OrderWrong(int dice)
    {
        string price = Price(MiddleTicks);
        switch (dice % 5)
        {
            case 0:
                Request("D", OrderBody("NONE", "1", "2", "0", price, "5"));
                break;
            case 1:
                Request("D", OrderBody("AAA", "1", "2", "0", "100.005", "5"));
                break;
            case 2 when _used.Count > 0:
                // An id that was used before; it must be refused, and its answer is that of this request.
                string used = _chance.Pick(_used);
                if (!_unanswered.ContainsKey(used))
                {
                    Request("D", OrderBody("AAA", "2", "2", "0", price, "5"), used);
                }

                break;
            case 3:
                Request("F", string.Create(CultureInfo.InvariantCulture, $"41=NEVER{FixText.Soh}55=AAA{FixText.Soh}54=1{FixText.Soh}60={Now()}{FixText.Soh}"));
                break;
            default:
                // No Symbol: the dictionary requires one.
                Request("D", string.Create(CultureInfo.InvariantCulture, $"54=1{FixText.Soh}60={Now()}{FixText.Soh}38=5{FixText.Soh}40=1{FixText.Soh}"), isBad: true);
                break;
        }
    }

    private void Cancel(int dice)
    {
        if (_open.Count == 0)
        {
            return;
        }

        TraderOrder order = _open[_chance.Pick(_openIds)];
        string orderId = dice % 3 == 0 ? string.Create(CultureInfo.InvariantCulture, $"37={order.OrderId}{FixText.Soh}") : "";
        Request("F", string.Create(CultureInfo.InvariantCulture, $"41={order.ClOrdId}{FixText.Soh}{orderId}55={order.Symbol}{FixText.Soh}54={order.Side}{FixText.Soh}60={Now()}{FixText.Soh}"));
    }

    private void Replace(int dice)
    {
        if (_open.Count == 0)
        {
            return;
        }

        TraderOrder order = _open[_chance.Pick(_openIds)];
        if (_client.Profile.UsesRules && order.Kind != "2")
        {
            ReplaceByRules(order);
            return;
        }

        decimal price = dice % 2 == 0 ? order.Price : order.Price + (_chance.Between(-3, 3) * 0.01m);
        decimal quantity = Math.Max(1, order.Quantity + _chance.Between(-10, 5));
        string body = string.Create(
            CultureInfo.InvariantCulture,
            $"41={order.ClOrdId}{FixText.Soh}55={order.Symbol}{FixText.Soh}54={order.Side}{FixText.Soh}60={Now()}{FixText.Soh}38={quantity}{FixText.Soh}40=2{FixText.Soh}44={price}{FixText.Soh}");
        Request("G", body);
    }

    private void AskStatus()
    {
        if (_open.Count == 0)
        {
            return;
        }

        TraderOrder order = _open[_chance.Pick(_openIds)];
        string id = NextId("S");
        string body = string.Create(
            CultureInfo.InvariantCulture, $"11={order.ClOrdId}{FixText.Soh}790={id}{FixText.Soh}55={order.Symbol}{FixText.Soh}54={order.Side}{FixText.Soh}");
        Add(new TraderRequest { Id = id, Type = "H", Body = body, SentNs = _client.NowNs });
    }

    // About all open orders, or all of one symbol: their state, or their end.
    private void AskAboutMany(int dice)
    {
        string id = NextId("M");
        string symbol = dice % 2 == 0 ? $"55={_chance.Pick(s_symbols)}{FixText.Soh}" : "";
        string scope = symbol.Length == 0 ? "7" : "1";
        bool isCancel = dice % 3 == 0;
        string body = isCancel
            ? $"11={id}{FixText.Soh}530={scope}{FixText.Soh}{symbol}60={Now()}{FixText.Soh}"
            : $"584={id}{FixText.Soh}585={scope}{FixText.Soh}{symbol}";
        Add(new TraderRequest { Id = id, Type = isCancel ? "q" : "AF", Body = body, SentNs = _client.NowNs });
    }

    private void Request(string type, string body, string? id = null, bool isBad = false)
    {
        bool isNew = id is null;
        id ??= NextId("O");
        if (isNew && type == "D" && !isBad)
        {
            _used.Add(id);
        }

        Add(new TraderRequest { Id = id, Type = type, Body = string.Create(CultureInfo.InvariantCulture, $"11={id}{FixText.Soh}{body}"), SentNs = _client.NowNs, IsBad = isBad });
    }

    private void Add(TraderRequest request)
    {
        _unanswered.Add(request.Id, request);
        _inOrder.Add(request);
        request.SeqNum = _client.Send(request.Type, request.Id, request.Body).SeqNum;
    }

    private string OrderBody(string symbol, string side, string kind, string inForce, string price, string quantity)
    {
        string account = _chance.Below(3) == 0 ? $"1=ACC{FixText.Soh}" : "";
        string priceField = price.Length > 0 ? $"44={price}{FixText.Soh}" : "";
        return $"{account}55={symbol}{FixText.Soh}54={side}{FixText.Soh}60={Now()}{FixText.Soh}38={quantity}{FixText.Soh}40={kind}{FixText.Soh}{priceField}59={inForce}{FixText.Soh}";
    }

    private string NextId(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{_client.Profile.SessionId}-{++_lastId}");

    private static string Price(long ticks) => (ticks * 0.01m).ToString("0.00", CultureInfo.InvariantCulture);

    private string Now() => FixText.Timestamp(SimulatedTime.TrueUnixNs(_client.NowNs), 6);
}
