using System.Globalization;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Scenarios;

/// <summary>Lines of a scenario as commands.</summary>
internal static class ScenarioCommands
{
    public static NewOrderCommand New(string[] words)
    {
        NewOrderCommand command = new()
        {
            ClOrdId = Text40.From(words[2]),
            Side = SideOf(words[3]),
            QuantityE8 = E8(words[4]),
            Symbol = Text24.From(words[5]),
            PriceE8 = PriceOf(words),
            OrdType = Contains(words, "market") ? OrdType.Market : Contains(words, "stop") ? (OrdType)'3' : OrdType.Limit,
            TimeInForce = TimeInForceOf(words, TimeInForce.Day),
            Account = AccountOf(words),
        };
        command.Header.Flags = FlagsOf(words);
        return command;
    }

    public static CancelOrderCommand Cancel(string[] words)
    {
        CancelOrderCommand command = new()
        {
            ClOrdId = Text40.From(words[2]),
            OrigClOrdId = Text40.From(words[4]),
            Side = SideOf(words[5]),
            Symbol = Text24.From(words[6]),
            OrderId = OrderIdOf(words),
        };
        command.Header.Flags = FlagsOf(words);
        return command;
    }

    public static ReplaceOrderCommand Replace(string[] words)
    {
        ReplaceOrderCommand command = new()
        {
            ClOrdId = Text40.From(words[2]),
            OrigClOrdId = Text40.From(words[4]),
            Side = SideOf(words[5]),
            QuantityE8 = E8(words[6]),
            Symbol = Text24.From(words[7]),
            PriceE8 = PriceOf(words),
            OrdType = Contains(words, "market") ? OrdType.Market : OrdType.Limit,
            TimeInForce = TimeInForceOf(words, 0),
            Account = AccountOf(words),
            OrderId = OrderIdOf(words),
        };
        command.Header.Flags = FlagsOf(words);
        return command;
    }

    public static OrderStatusCommand Status(string[] words) => new()
    {
        ClOrdId = Text40.From(words[2]),
        Side = SideOf(words[3]),
        Symbol = Text24.From(words[4]),
        OrderId = OrderIdOf(words),
        OrdStatusReqId = After(words, "as") is { } requestId ? Text40.From(requestId) : default,
    };

    public static MassOrderCommand Mass(string[] words)
    {
        MassOrderCommand command = new()
        {
            RequestId = Text40.From(words[2]),
            Scope = words[3] == "all" ? MassScope.All : words[3].StartsWith("scope=", StringComparison.Ordinal) ? (MassScope)words[3][^1] : MassScope.Security,
            Symbol = words[3] is "all" or "-" || words[3].Contains('=', StringComparison.Ordinal) ? default : Text24.From(words[3]),
            Side = Contains(words, "buy") ? Side.Buy : Contains(words, "sell") ? Side.Sell : Side.None,
        };
        command.Header.Flags = FlagsOf(words);
        return command;
    }

    /// <summary>A decimal in 10^-8; "?" for what does not fit, "-" for absent.</summary>
    public static long E8(string text) => text switch
    {
        "?" => FixedPoint.Unrepresentable,
        "-" => FixedPoint.Absent,
        _ => (long)(decimal.Parse(text, CultureInfo.InvariantCulture) * FixedPoint.Scale),
    };

    private static long PriceOf(string[] words) => After(words, "@") is { } price ? E8(price) : FixedPoint.Absent;

    private static long OrderIdOf(string[] words) => After(words, "order") is { } orderId ? long.Parse(orderId, CultureInfo.InvariantCulture) : 0;

    private static Text16 AccountOf(string[] words) => After(words, "account") is { } account ? Text16.From(account) : default;

    private static FixMessageFlags FlagsOf(string[] words) => Contains(words, "possresend") ? FixMessageFlags.PossResend : FixMessageFlags.None;

    private static Side SideOf(string word) => word switch
    {
        "buy" => Side.Buy,
        "sell" => Side.Sell,
        _ => (Side)word[^1],
    };

    private static TimeInForce TimeInForceOf(string[] words, TimeInForce otherwise)
    {
        foreach (string word in words)
        {
            switch (word)
            {
                case "day":
                    return TimeInForce.Day;
                case "gtc":
                    return TimeInForce.GoodTillCancel;
                case "ioc":
                    return TimeInForce.ImmediateOrCancel;
                case "fok":
                    return TimeInForce.FillOrKill;
                default:
                    if (word.StartsWith("tif=", StringComparison.Ordinal))
                    {
                        return (TimeInForce)word[^1];
                    }

                    break;
            }
        }

        return otherwise;
    }

    private static bool Contains(string[] words, string word) => Array.IndexOf(words, word) > 0;

    private static string? After(string[] words, string word)
    {
        int at = Array.IndexOf(words, word);
        return at > 0 && at + 1 < words.Length ? words[at + 1] : null;
    }
}
