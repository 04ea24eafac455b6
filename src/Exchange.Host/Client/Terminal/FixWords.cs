using System.Globalization;

namespace Exchange.Host.Client.Terminal;

/// <summary>FIX codes in words for people.</summary>
internal static class FixWords
{
    /// <summary>Side (54).</summary>
    public static string Side(char side) => side switch { '1' => "buy", '2' => "sell", _ => "?" };

    /// <summary>TimeInForce (59).</summary>
    public static string TimeInForce(char value) => value switch
    {
        '0' => "day",
        '1' => "gtc",
        '2' => "open",
        '3' => "ioc",
        '4' => "fok",
        '6' => "gtd",
        '7' => "close",
        _ => "?",
    };

    /// <summary>OrdStatus (39).</summary>
    public static string Status(char status) => status switch
    {
        'A' => "sent",
        '0' or '5' => "open",
        '1' => "part filled",
        '2' => "filled",
        '4' => "cancelled",
        '8' => "rejected",
        'C' => "expired",
        _ => status.ToString(),
    };

    /// <summary>ExecType (150).</summary>
    public static string Execution(char type) => type switch
    {
        '0' => "accepted",
        '4' => "cancelled",
        '5' => "replaced",
        '8' => "REJECTED",
        'C' => "expired",
        'D' => "restated",
        'F' => "FILL",
        'I' => "status",
        'L' => "triggered",
        _ => $"report {type}",
    };

    /// <summary>A number without trailing zeros.</summary>
    public static string Number(decimal value) => value.ToString("0.########", CultureInfo.InvariantCulture);

    /// <summary>The time of day of a FIX timestamp.</summary>
    public static string TimeOfDay(string timestamp)
    {
        int dash = timestamp.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? timestamp : timestamp[(dash + 1)..];
    }
}
