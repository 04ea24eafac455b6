using System.Runtime.InteropServices;
using System.Text;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Scenarios;

/// <summary>Lines of a scenario that are a client's messages, as commands.</summary>
internal static class ScenarioCommands
{
    public static NewOrderCommand New(ScenarioWords words)
    {
        NewOrderCommand command = new()
        {
            ClOrdId = Text40.From(words[2]),
            Side = ScenarioWords.SideOf(words[3]),
            QuantityE8 = ScenarioWords.ToE8(words[4]),
            Symbol = Text24.From(words[5]),
            PriceE8 = words.E8("@", FixedPoint.Absent),
            OrdType = TypeOf(words),
            TimeInForce = TimeInForceOf(words, TimeInForce.Day),
            Account = words.Text16("account"),
            Flags = OrderFlagsOf(words),
            StopPriceE8 = words.SentE8("stop"),
            DisplayQuantityE8 = words.SentE8("display"),
            MinQuantityE8 = words.SentE8("min"),
            ExpireNs = ExpireOf(words),
            SelfTradeId = SelfTradeIdOf(words),
            SelfTradeMode = words.After("stp") is { } mode ? ModeOf(mode) : SelfTradeMode.None,
        };
        command.Header.Flags = FlagsOf(words);
        return command;
    }

    public static CancelOrderCommand Cancel(ScenarioWords words)
    {
        CancelOrderCommand command = new()
        {
            ClOrdId = Text40.From(words[2]),
            OrigClOrdId = Text40.From(words[4]),
            Side = ScenarioWords.SideOf(words[5]),
            Symbol = Text24.From(words[6]),
            OrderId = words.Long("order"),
        };
        command.Header.Flags = FlagsOf(words);
        return command;
    }

    public static ReplaceOrderCommand Replace(ScenarioWords words)
    {
        ReplaceOrderCommand command = new()
        {
            ClOrdId = Text40.From(words[2]),
            OrigClOrdId = Text40.From(words[4]),
            Side = ScenarioWords.SideOf(words[5]),
            QuantityE8 = ScenarioWords.ToE8(words[6]),
            Symbol = Text24.From(words[7]),
            PriceE8 = words.E8("@", FixedPoint.Absent),
            OrdType = TypeOf(words),
            TimeInForce = TimeInForceOf(words, 0),
            Account = words.Text16("account"),
            OrderId = words.Long("order"),
            Flags = OrderFlagsOf(words),
            StopPriceE8 = words.SentE8("stop"),
            DisplayQuantityE8 = words.SentE8("display"),
            MinQuantityE8 = words.SentE8("min"),
            ExpireNs = ExpireOf(words),
        };
        command.Header.Flags = FlagsOf(words);
        return command;
    }

    public static SecurityRequestCommand Watch(ScenarioWords words) => new()
    {
        RequestId = Text40.From($"w-{words[^1]}"),
        Subject = Text24.From(words[^1]),
        Subscription = words[1] == "watches" ? (byte)'1' : (byte)'2',
    };

    public static OrderStatusCommand Status(ScenarioWords words) => new()
    {
        ClOrdId = Text40.From(words[2]),
        Side = ScenarioWords.SideOf(words[3]),
        Symbol = Text24.From(words[4]),
        OrderId = words.Long("order"),
        OrdStatusReqId = words.After("as") is { } requestId ? Text40.From(requestId) : default,
    };

    public static MassOrderCommand Mass(ScenarioWords words)
    {
        MassOrderCommand command = new()
        {
            RequestId = Text40.From(words[2]),
            Scope = words[3] == "all" ? MassScope.All : words[3].StartsWith("scope=", StringComparison.Ordinal) ? (MassScope)words[3][^1] : MassScope.Security,
            Symbol = words[3] is "all" or "-" || words[3].Contains('=', StringComparison.Ordinal) ? default : Text24.From(words[3]),
            Side = words.Side(),
        };
        command.Header.Flags = FlagsOf(words);
        return command;
    }

    public static MassActionCommand MassAction(ScenarioWords words)
    {
        MassActionCommand command = new()
        {
            ClOrdId = Text40.From(words[2]),
            Symbol = words[3] is "all" or "group" || words[3].Contains('=', StringComparison.Ordinal) ? default : Text24.From(words[3]),
            GroupName = words.Text16("group"),
            Account = words.Text16("account"),
            ActionType = words.Int("type", 3),
            ActionScope = words[3] == "all" ? 7 : words[3] == "group" ? 6 : words[3].StartsWith("scope=", StringComparison.Ordinal) ? words[3][^1] - '0' : 1,
            Side = words.Side(),
        };
        command.Header.Flags = FlagsOf(words);
        return command;
    }

    public static QuoteCancelCommand QuoteCancel(ScenarioWords words) => new()
    {
        QuoteId = Text40.From(words[2]),
        Symbol = words[3] is "all" or "group" || words[3].Contains('=', StringComparison.Ordinal) ? default : Text24.From(words[3]),
        GroupName = words.Text16("group"),
        CancelType = words[3] is "all" or "group" ? 4 : words[3].StartsWith("type=", StringComparison.Ordinal) ? words[3][^1] - '0' : 1,
    };

    /// <summary>The bytes of "MM1 quotes q1 [account A] [resets] [level 1]: XAU 10@9.99 x 10@10.01, XAG 5@1 x -".</summary>
    public static byte[] MassQuote(string line, ScenarioWords words)
    {
        string[] entries = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        byte[] bytes = new byte[MassQuoteCommand.SizeBytes + (entries.Length * QuoteEntry.SizeBytes)];
        ref MassQuoteCommand command = ref MemoryMarshal.AsRef<MassQuoteCommand>(bytes.AsSpan());
        command.QuoteId = Text40.From(words[2].TrimEnd(':'));
        command.Account = words.After("account") is { } account ? Text16.From(account.TrimEnd(':')) : default;
        command.EntryCount = entries.Length;
        command.ResponseLevel = words.After("level") is { } level ? (byte)level[0] : (byte)'2';
        command.ResetsProtection = words.Has("resets") || words.Has("resets:") ? (byte)1 : (byte)0;
        Span<QuoteEntry> targets = MemoryMarshal.Cast<byte, QuoteEntry>(bytes.AsSpan(MassQuoteCommand.SizeBytes));
        for (int i = 0; i < entries.Length; i++)
        {
            string[] parts = entries[i].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            QuoteEntry entry = new() { QuoteEntryId = Text16.From($"{i + 1}"), QuoteSetId = Text16.From("1"), Symbol = Text24.From(parts[0]) };
            (entry.BidQuantityE8, entry.BidPriceE8) = SideOf(parts[1]);
            (entry.OfferQuantityE8, entry.OfferPriceE8) = SideOf(parts[3]);
            targets[i] = entry;
        }

        return bytes;
    }

    // Size at price; "-" leaves the side as it is, "0" withdraws it.
    private static (long SizeE8, long PriceE8) SideOf(string text)
    {
        if (text == "-")
        {
            return (FixedPoint.Absent, FixedPoint.Absent);
        }

        string[] parts = text.Split('@');
        return parts.Length == 1 ? (0, 0) : (ScenarioWords.ToE8(parts[0]), ScenarioWords.ToE8(parts[1]));
    }

    private static OrdType TypeOf(ScenarioWords words)
    {
        if (words.After("type") is { } type)
        {
            return (OrdType)type[0];
        }

        bool isStop = words.Has("stop");
        return words.Has("market") ? OrdType.Market
            : words.Has("mtl") ? OrdType.MarketToLimit
            : isStop ? words.Has("@") ? OrdType.StopLimit : OrdType.Stop
            : OrdType.Limit;
    }

    private static FixMessageFlags FlagsOf(ScenarioWords words) => words.Has("possresend") ? FixMessageFlags.PossResend : FixMessageFlags.None;

    private static OrderFlags OrderFlagsOf(ScenarioWords words) =>
        (words.Has("postonly") ? OrderFlags.PostOnly : 0) | (words.Has("gtd-date") ? OrderFlags.ExpiresOnDate : 0) | (words.Has("held") ? OrderFlags.UnsupportedInstruction : 0);

    private static long ExpireOf(ScenarioWords words) =>
        (words.After("gtd") ?? words.After("gtd-date") ?? words.After("expires")) is { } time && time != "-" ? words.ToTimeNs(time) : 0;

    private static ulong SelfTradeIdOf(ScenarioWords words)
    {
        ulong id = 0;
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        if (words.After("stpid") is { } text)
        {
            Encoding.ASCII.GetBytes(text, bytes);
            id = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);
        }

        return id;
    }

    /// <summary>none, newest, oldest, both or decrement.</summary>
    public static SelfTradeMode ModeOf(string word) => word switch
    {
        "none" => SelfTradeMode.None,
        "newest" => SelfTradeMode.CancelNewest,
        "oldest" => SelfTradeMode.CancelOldest,
        "both" => SelfTradeMode.CancelBoth,
        "decrement" => SelfTradeMode.Decrement,
        _ => (SelfTradeMode)(word[^1] - '0'),
    };

    private static TimeInForce TimeInForceOf(ScenarioWords words, TimeInForce otherwise)
    {
        for (int i = 1; i < words.Count; i++)
        {
            TimeInForce? found = words[i] switch
            {
                "day" => TimeInForce.Day,
                "gtc" => TimeInForce.GoodTillCancel,
                "ioc" => TimeInForce.ImmediateOrCancel,
                "fok" => TimeInForce.FillOrKill,
                "gtd" or "gtd-date" => TimeInForce.GoodTillDate,
                "opg" => TimeInForce.AtTheOpening,
                "atc" => TimeInForce.AtTheClose,
                _ => words[i].StartsWith("tif=", StringComparison.Ordinal) ? (TimeInForce)words[i][^1] : null,
            };
            if (found is { } timeInForce)
            {
                return timeInForce;
            }
        }

        return otherwise;
    }
}
