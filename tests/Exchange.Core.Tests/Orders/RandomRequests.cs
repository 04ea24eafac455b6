using System.Globalization;
using Exchange.Core.Requests;
using Exchange.Core.Tests.Scenarios;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Tests.Orders;

/// <summary>
/// Requests from a seed: two instruments (one of few prices, one of a thousand million), several sessions, sensible and senseless
/// requests, ids old and new. The same request goes to each of the desks given, so that copies can be compared.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="isRich">Whether orders of every kind are asked for, not plain limit and market orders only.</param>
internal sealed class RandomRequests(int seed, bool isRich = false)
{
    public const string Near = "NEAR";
    public const string Far = "FAR";
    public const int SessionCount = 4;

    private readonly Random _random = new(seed);
    private readonly int[] _lastId = new int[SessionCount];

    /// <summary>Defines instruments and sessions.</summary>
    public static void Prepare(OrderDesk desk, int openOrdersMax)
    {
        Assert.Equal(0, desk.Define(Near, 1_000_000, 100_000_000, 100_000_000_000, 100_000_000, 200_000_000));
        Assert.Equal(1, desk.Define(Far, 1_000_000, 10_000, 100_000_000_000, 1_000_000, 1_000_000_000_000_000));
        for (int i = 0; i < SessionCount; i++)
        {
            desk.AddSession(openOrdersMax);
        }
    }

    /// <summary>Makes the next request, hands it to each desk and returns its words.</summary>
    public string Apply(params ReadOnlySpan<OrderDesk> desks)
    {
        int session = _random.Next(SessionCount);
        string[] words = Words(session).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (OrderDesk desk in desks)
        {
            Apply(desk, session, words);
        }

        return string.Join(' ', words);
    }

    /// <summary>Hands one request to a desk.</summary>
    public static void Apply(OrderDesk desk, int session, string[] words)
    {
        CommandContext context = desk.Next();
        switch (words[1])
        {
            case "new":
                NewOrderCommand order = ScenarioCommands.New(words);
                desk.Orders.NewOrder(session, in order, in context);
                break;
            case "cancel":
                CancelOrderCommand cancel = ScenarioCommands.Cancel(words);
                desk.Orders.Cancel(session, in cancel, in context);
                break;
            case "replace":
                ReplaceOrderCommand replace = ScenarioCommands.Replace(words);
                desk.Orders.Replace(session, in replace, in context);
                break;
            case "status":
                OrderStatusCommand status = ScenarioCommands.Status(words);
                desk.Orders.Status(session, in status, in context);
                break;
            case "massstatus":
                MassOrderCommand massStatus = ScenarioCommands.Mass(words);
                desk.Orders.Mass.Status(session, in massStatus, in context);
                break;
            case "masscancel":
                MassOrderCommand massCancel = ScenarioCommands.Mass(words);
                desk.Orders.Mass.Cancel(session, in massCancel, in context);
                break;
            case "slice":
                CommandContext later = desk.Next(LongRequests.SliceIntervalNs);
                desk.Orders.LongRequests.RunSlice(in later);
                desk.Orders.Sweeps.RunSlice(in later);
                break;
            case "disconnects":
                desk.Orders.Sweeps.Disconnect(session, in context);
                desk.Orders.Sweeps.RunFirst(in context);
                break;
            case "resets":
                desk.Orders.RestateOpenOrders(session, in context);
                break;
            default:
                desk.Orders.Sweeps.EndDay(in context);
                desk.Orders.Sweeps.RunFirst(in context);
                break;
        }
    }

    private string Words(int session)
    {
        string symbol = _random.Next(3) == 0 ? Far : Near;
        string side = _random.Next(2) == 0 ? "buy" : "sell";
        string resend = _random.Next(12) == 0 ? "possresend" : "";
        int kind = _random.Next(1000);
        if (kind < 450)
        {
            string price = isRich && _random.Next(15) == 0 ? Pick("mtl", "market stop 1.50", "") : _random.Next(20) == 0 ? "market" : $"@ {Price(symbol, side)}";
            return $"S new {Id(session)} {side} {Quantity(symbol)} {symbol} {price} {Pick("day", "day", "gtc", "gtc", "ioc", "fok", "tif=5")} {Extras(symbol, side)} {resend}";
        }

        if (kind < 700)
        {
            string order = _random.Next(30) == 0 ? $"order {_random.Next(-1, 400)}" : "";
            return $"S cancel {Id(session)} of {OldId(session)} {side} {symbol} {order} {resend}";
        }

        if (kind < 930)
        {
            return $"S replace {Id(session)} of {OldId(session)} {side} {Quantity(symbol)} {symbol} @ {Price(symbol, side)} {Pick("", "", "gtc", "day", "ioc")} {ReplaceExtras(symbol, side)} {resend}";
        }

        return kind switch
        {
            < 940 => $"S massstatus {Id(session)} {Pick("all", "all", Near, Far, "scope=2")} {Pick("", "", "buy", "sell")}",
            < 945 => $"S masscancel {Id(session)} {Pick("all", Near, Far, "-")} {Pick("", "", "buy", "sell")} {resend}",
            < 965 => "S slice",
            < 980 => $"S status {OldId(session)} {side} {symbol} {Pick("", "as q")}",
            < 990 => "S resets",
            < 997 => "S disconnects",
            _ => "S expire",
        };
    }

    // Kinds and instructions, sensible and not.
    private string Extras(string symbol, string side)
    {
        if (!isRich)
        {
            return "";
        }

        return _random.Next(12) switch
        {
            0 or 1 => $"stop {Price(symbol, side)}",
            2 => $"display {_random.Next(1, 4)}",
            3 => $"display {_random.Next(1, 4)} stpid G{_random.Next(2)} stp {Pick("newest", "oldest", "both", "decrement")}",
            4 => $"min {_random.Next(1, 6)}",
            5 => "postonly",
            6 or 7 => $"stpid G{_random.Next(2)} stp {Pick("newest", "oldest", "both", "decrement")}",
            8 => $"expires {Pick("+1s", "+1h", "+4000d")}",
            _ => "",
        };
    }

    private string ReplaceExtras(string symbol, string side) => !isRich ? "" : _random.Next(8) switch
    {
        0 or 1 => $"stop {Price(symbol, side)}",
        2 => $"display {_random.Next(1, 4)}",
        3 => $"min {_random.Next(1, 6)}",
        4 => "postonly",
        _ => "",
    };

    private string Id(int session)
    {
        int id = _random.Next(25) == 0 ? _random.Next(1, _lastId[session] + 2) : ++_lastId[session];
        return id.ToString(CultureInfo.InvariantCulture);
    }

    private string OldId(int session) =>
        Math.Max(1, _lastId[session] - _random.Next(_random.Next(8) == 0 ? 200 : 12)).ToString(CultureInfo.InvariantCulture);

    private string Quantity(string symbol)
    {
        if (_random.Next(40) == 0)
        {
            return Pick("0", "-1", "0.5", "1000.00001", "1001", "?", "-");
        }

        decimal quantity = symbol == Near ? _random.Next(1, 20) : _random.Next(1, 200_000) / 10_000m;
        return quantity.ToString(CultureInfo.InvariantCulture);
    }

    private string Price(string symbol, string side)
    {
        if (_random.Next(40) == 0)
        {
            return Pick("0", "-1", "1.001", "10000000.01", "?", "-");
        }

        if (symbol == Near)
        {
            return (1.50m + ((_random.Next(12) - (side == "buy" ? 8 : 3)) / 100m)).ToString(CultureInfo.InvariantCulture);
        }

        // Near a price, at the ends of the range, or anywhere.
        decimal far = _random.Next(6) switch
        {
            0 => _random.Next(1, 1_000_000_001) / 100m,
            1 => 0.01m,
            2 => 10_000_000m,
            _ => 64_000m + (_random.Next(-300, 300) / 100m),
        };
        return far.ToString(CultureInfo.InvariantCulture);
    }

    private string Pick(params ReadOnlySpan<string> choices) => choices[_random.Next(choices.Length)];
}
