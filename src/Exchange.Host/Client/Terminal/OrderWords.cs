// What may stand behind quantity, symbol and price of an order, in any order: kinds of orders that few need, in the words that traders use.
using System.Globalization;

namespace Exchange.Host.Client.Terminal;

/// <summary>Reads orders and quotes.</summary>
internal static class OrderWords
{
    /// <summary>Understands what stands behind buy or sell; null when it is not understood.</summary>
    public static TerminalCommand? Order(char side, string[] words)
    {
        if (words.Length < 3 || !TryQuantity(words[0], out decimal quantity))
        {
            return null;
        }

        TerminalCommand? command = new() { Verb = TerminalVerb.Order, Side = side, Quantity = quantity, Symbol = words[1] };
        int next = 3;
        switch (words[2].ToUpperInvariant())
        {
            case "@" when words.Length > 3 && TryPrice(words[3], out decimal limit):
                command = command with { Price = limit };
                next = 4;
                break;
            case "MARKET":
                command = command with { OrdType = '1' };
                break;
            case "MTL":
                command = command with { OrdType = 'K' };
                break;
            default:
                return null;
        }

        while (command is not null && next < words.Length)
        {
            command = Modify(command, words, ref next);
        }

        return command is { OrdType: '2', StopPrice: not null } ? command with { OrdType = '4' }
            : command is { OrdType: '1', StopPrice: not null } ? command with { OrdType = '3' }
            : command;
    }

    /// <summary>Understands what stands behind quote: "SYMBOL 10 @ 99 x 10 @ 101", where a side may be - (as it is) or none (withdrawn).</summary>
    public static TerminalCommand? Quote(string[] words)
    {
        int next = 1;
        if (words.Length < 4 || !TrySide(words, ref next, out QuotedSide bid)
            || next >= words.Length || !words[next++].Equals("x", StringComparison.OrdinalIgnoreCase)
            || !TrySide(words, ref next, out QuotedSide offer))
        {
            return null;
        }

        bool resets = next < words.Length && words[next].Equals("reset", StringComparison.OrdinalIgnoreCase);
        return next + (resets ? 1 : 0) == words.Length
            ? new TerminalCommand { Verb = TerminalVerb.Quote, Symbol = words[0], Bid = bid, Offer = offer, Text = resets ? "RESET" : string.Empty }
            : null;
    }

    /// <summary>Understands what stands behind unquote: nothing, a symbol, or "group NAME".</summary>
    public static TerminalCommand? Unquote(string[] words) => words.Length switch
    {
        0 => new TerminalCommand { Verb = TerminalVerb.Unquote },
        1 => new TerminalCommand { Verb = TerminalVerb.Unquote, Symbol = words[0] },
        2 when words[0].Equals("group", StringComparison.OrdinalIgnoreCase) => new TerminalCommand { Verb = TerminalVerb.Unquote, Text = words[1] },
        _ => null,
    };

    private static TerminalCommand? Modify(TerminalCommand command, string[] words, ref int next)
    {
        string word = words[next++].ToUpperInvariant();
        string argument = next < words.Length ? words[next] : string.Empty;
        if (word == "POST")
        {
            return command with { IsPostOnly = true };
        }

        char timeInForce = word switch
        {
            "DAY" => '0',
            "GTC" => '1',
            "OPEN" => '2',
            "IOC" => '3',
            "FOK" => '4',
            "CLOSE" => '7',
            _ => '\0',
        };
        if (timeInForce != '\0')
        {
            return command with { TimeInForce = timeInForce };
        }

        next++;
        return word switch
        {
            "ID" when argument.Length > 0 => command with { Id = argument },
            "STOP" when TryPrice(argument, out decimal stop) => command with { StopPrice = stop },
            "SHOW" when TryQuantity(argument, out decimal shown) => command with { DisplayQuantity = shown },
            "MIN" when TryQuantity(argument, out decimal minimum) => command with { MinQuantity = minimum },
            "UNTIL" when argument.Length > 0 => command with { TimeInForce = '6', Expiry = argument },
            "SMP" when argument.Length > 0 => command with { SelfTradeId = argument },
            "PREVENT" when Instruction(argument) is char instruction and not '\0' => command with { SelfTradeInstruction = instruction },
            _ => null,
        };
    }

    private static char Instruction(string word) => word.ToUpperInvariant() switch { "NEWEST" => '1', "OLDEST" => '2', "BOTH" => '3', "DECREMENT" => '4', _ => '\0' };

    private static bool TrySide(string[] words, ref int next, out QuotedSide side)
    {
        side = default;
        if (next >= words.Length)
        {
            return false;
        }

        if (words[next] == "-")
        {
            next++;
            return true;
        }

        if (words[next].Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            next++;
            side = new QuotedSide(true, 0, 0);
            return true;
        }

        if (next + 2 >= words.Length || words[next + 1] != "@" || !TryQuantity(words[next], out decimal quantity) || !TryPrice(words[next + 2], out decimal price))
        {
            return false;
        }

        next += 3;
        side = new QuotedSide(true, quantity, price);
        return true;
    }

    private static bool TryQuantity(string word, out decimal value) =>
        decimal.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value > 0;

    private static bool TryPrice(string word, out decimal value) =>
        decimal.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
