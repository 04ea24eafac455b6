// Reads what a person types. Words are separated by blanks, upper or lower case; '@' may stand alone or against the price. What is
// not understood is answered with the form of that command, never guessed.
using System.Globalization;

namespace Exchange.Host.Client.Terminal;

/// <summary>Parser of the terminal's command lines.</summary>
internal static class TerminalCommandParser
{
    /// <summary>The commands with their explanation, for <c>help</c>.</summary>
    public static IReadOnlyList<(string Form, string Meaning)> Help { get; } =
    [
        ("buy|sell QTY SYMBOL @ PRICE|market|mtl [MORE …]", "limit order, market order, market to limit; MORE is any of the following"),
        ("  day|gtc|ioc|fok|open|close, until DATE[-TIME]", "how long it lasts: the day when not said"),
        ("  stop PRICE, show QTY, min QTY, post", "stop (with a limit: stop limit), iceberg, minimum quantity, post-only"),
        ("  smp ID, prevent newest|oldest|both|decrement, id X", "self-trade prevention; a ClOrdID of your own"),
        ("quote SYMBOL QTY @ BID x QTY @ OFFER [reset]", "quote; a side may be - (as it is) or none (withdrawn); reset a tripped protection"),
        ("unquote [SYMBOL | group NAME]", "withdraw quotes: all, of one symbol, of a market group"),
        ("cancel ID [SYMBOL buy|sell]", "cancel; ID is a ClOrdID or the number in the table of orders; the rest only for orders of elsewhere"),
        ("replace ID QTY @ PRICE", "change quantity and price"),
        ("status ID", "ask the exchange for an order's state"),
        ("orders [all]", "table of own open orders, or of all"),
        ("fills", "table of own executions"),
        ("session", "sequence numbers and counters"),
        ("raw 35=D|11=X|…", "send a message; header, length and checksum are added; with 34= or 8= it goes out as typed, outside the numbering"),
        ("resend BEGIN [END]", "ask for messages again"),
        ("testrequest [TEXT]", "ask for a heartbeat"),
        ("reset", "both sequence numbers back to 1 (141=Y)"),
        ("connect | disconnect | logout", "log on with continuing numbers; cut the line; log out"),
        ("trace on|off", "show every message"),
        ("sleep SECONDS", "wait, in scripts"),
        ("quit", "log out and leave"),
    ];

    /// <summary>Understands one line.</summary>
    /// <param name="line">What was typed.</param>
    /// <param name="command">What it means.</param>
    /// <param name="error">What is wrong with it, when it is not understood.</param>
    public static bool TryParse(string line, out TerminalCommand command, out string error)
    {
        string trimmed = line.Trim();
        command = new TerminalCommand { Verb = TerminalVerb.Nothing };
        error = string.Empty;
        if (trimmed.Length == 0 || trimmed[0] == '#')
        {
            return true;
        }

        int blank = trimmed.AsSpan().IndexOfAny(' ', '\t');
        string verb = (blank < 0 ? trimmed : trimmed[..blank]).ToUpperInvariant();
        string rest = blank < 0 ? string.Empty : trimmed[blank..].Trim();
        string[] words = rest.Replace("@", " @ ", StringComparison.Ordinal).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        TerminalCommand? parsed = verb switch
        {
            "BUY" or "B" => OrderWords.Order('1', words),
            "SELL" or "S" => OrderWords.Order('2', words),
            "QUOTE" => OrderWords.Quote(words),
            "UNQUOTE" => OrderWords.Unquote(words),
            "CANCEL" or "C" => Cancel(words),
            "REPLACE" or "R" => Replace(words),
            "STATUS" => words.Length == 1 ? new TerminalCommand { Verb = TerminalVerb.Status, Id = words[0] } : null,
            "RESEND" => Resend(words),
            "SLEEP" or "WAIT" => words.Length == 1 && TryNumber(words[0], out decimal seconds) ? new TerminalCommand { Verb = TerminalVerb.Sleep, Quantity = seconds } : null,
            "RAW" => rest.Contains('=', StringComparison.Ordinal) ? new TerminalCommand { Verb = TerminalVerb.Raw, Text = rest } : null,
            "TRACE" => rest.ToUpperInvariant() is "ON" or "OFF" or "" ? new TerminalCommand { Verb = TerminalVerb.Trace, Text = rest.ToUpperInvariant() } : null,
            _ => Simple(verb, rest),
        };
        if (parsed is null)
        {
            (string Form, string Meaning) known = Help.FirstOrDefault(h => h.Form.ToUpperInvariant().Split(' ')[0].Split('|').Contains(verb));
            error = known.Form is null ? $"unknown command {verb.ToLowerInvariant()}; try help" : $"write: {known.Form}";
            return false;
        }

        command = parsed;
        return true;
    }

    private static TerminalCommand? Simple(string verb, string rest)
    {
        TerminalVerb? known = verb switch
        {
            "ORDERS" or "O" => rest.Length == 0 || rest.Equals("all", StringComparison.OrdinalIgnoreCase) ? TerminalVerb.Orders : null,
            "FILLS" or "F" => TerminalVerb.Fills,
            "SESSION" => TerminalVerb.Session,
            "TESTREQUEST" or "TEST" => TerminalVerb.TestRequest,
            "RESET" => TerminalVerb.Reset,
            "CONNECT" => TerminalVerb.Connect,
            "DISCONNECT" => TerminalVerb.Disconnect,
            "LOGOUT" => TerminalVerb.Logout,
            "HELP" or "?" => TerminalVerb.Help,
            "QUIT" or "EXIT" or "Q" => TerminalVerb.Quit,
            _ => null,
        };
        bool takesText = known is TerminalVerb.Orders or TerminalVerb.TestRequest or TerminalVerb.Help;
        return known is null || (rest.Length > 0 && !takesText) ? null : new TerminalCommand { Verb = known.Value, Text = rest };
    }

    private static TerminalCommand? Cancel(string[] words)
    {
        if (words.Length == 1)
        {
            return new TerminalCommand { Verb = TerminalVerb.Cancel, Id = words[0] };
        }

        char side = words.Length == 3 ? words[2].ToUpperInvariant() switch { "BUY" => '1', "SELL" => '2', _ => '\0' } : '\0';
        return side == '\0' ? null : new TerminalCommand { Verb = TerminalVerb.Cancel, Id = words[0], Symbol = words[1], Side = side };
    }

    private static TerminalCommand? Replace(string[] words) =>
        words.Length == 4 && words[2] == "@" && TryNumber(words[1], out decimal quantity) && TryPrice(words[3], out decimal price)
            ? new TerminalCommand { Verb = TerminalVerb.Replace, Id = words[0], Quantity = quantity, Price = price }
            : null;

    private static TerminalCommand? Resend(string[] words)
    {
        long end = 0;
        return words.Length is 1 or 2 && TryCount(words[0], out long begin) && begin > 0 && (words.Length == 1 || TryCount(words[1], out end))
            ? new TerminalCommand { Verb = TerminalVerb.Resend, Begin = begin, End = end }
            : null;
    }

    private static bool TryNumber(string word, out decimal value) =>
        decimal.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value > 0;

    private static bool TryPrice(string word, out decimal value) =>
        decimal.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryCount(string word, out long value) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
