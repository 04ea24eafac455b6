using System.Globalization;
using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Scenarios;

/// <summary>The words of one line of a scenario: what stands after a keyword, and numbers, sides, durations and times.</summary>
internal readonly struct ScenarioWords(string[] words, long nowNs)
{
    /// <summary>Words without a time; for lines that name none.</summary>
    public static implicit operator ScenarioWords(string[] words) => new(words, 0);

    public string this[int index] => words[index];

    public int Count => words.Length;

    public long NowNs => nowNs;

    /// <summary>Whether the word occurs behind the first.</summary>
    public bool Has(string word) => Array.IndexOf(words, word) > 0;

    /// <summary>The word behind a keyword; null when the keyword does not occur or is the last word.</summary>
    public string? After(string keyword)
    {
        int at = Array.IndexOf(words, keyword);
        return at > 0 && at + 1 < words.Length ? words[at + 1] : null;
    }

    /// <summary>The decimal behind a keyword in 10^-8; <paramref name="otherwise"/> when it does not occur.</summary>
    public long E8(string keyword, long otherwise = 0) => After(keyword) is { } text ? ToE8(text) : otherwise;

    /// <summary>As <see cref="E8"/> for fields in which 0 stands for absent and a zero that was sent for something unusable.</summary>
    public long SentE8(string keyword) => After(keyword) is not { } text ? 0 : ToE8(text) is var value && value == 0 ? FixedPoint.Unrepresentable : value;

    public int Int(string keyword, int otherwise = 0) => After(keyword) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public long Long(string keyword) => After(keyword) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    public long Ns(string keyword) => After(keyword) is { } text ? ToNs(text) : 0;

    public Text16 Text16(string keyword) => After(keyword) is { } text ? Protocol.Text.Text16.From(text) : default;

    public Text24 Text24(string keyword) => After(keyword) is { } text ? Protocol.Text.Text24.From(text) : default;

    public Side Side(string otherwise = "") => Has("buy") ? Protocol.Side.Buy : Has("sell") ? Protocol.Side.Sell : otherwise.Length > 0 ? SideOf(otherwise) : Protocol.Side.None;

    /// <summary>A decimal in 10^-8; "?" for what does not fit, "-" for absent.</summary>
    public static long ToE8(string text) => text switch
    {
        "?" => FixedPoint.Unrepresentable,
        "-" => FixedPoint.Absent,
        _ => (long)(decimal.Parse(text, CultureInfo.InvariantCulture) * FixedPoint.Scale),
    };

    public static Side SideOf(string word) => word switch
    {
        "buy" => Protocol.Side.Buy,
        "sell" => Protocol.Side.Sell,
        _ => (Side)word[^1],
    };

    /// <summary>A duration: 10ns, 10us, 10ms, 10s, 5m, 2h, 3d.</summary>
    public static long ToNs(string text)
    {
        string unit = text.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '-');
        decimal number = decimal.Parse(text[..^unit.Length], CultureInfo.InvariantCulture);
        long scale = unit switch
        {
            "ns" => 1,
            "us" => 1_000,
            "ms" => 1_000_000,
            "s" => ScenarioVenue.SecondNs,
            "m" => 60 * ScenarioVenue.SecondNs,
            "h" => 3_600 * ScenarioVenue.SecondNs,
            "d" => ScenarioVenue.DayNs,
            _ => throw new FormatException($"'{text}' is no duration"),
        };
        return (long)(number * scale);
    }

    /// <summary>A log time: +1h from now (on the full millisecond), 16:30:00 of the first day, or a date, which is its midnight.</summary>
    public long ToTimeNs(string text)
    {
        const long Midnight = ScenarioVenue.StartNs / ScenarioVenue.DayNs * ScenarioVenue.DayNs;
        return text[0] is '+' or '-'
            ? ((nowNs + ToNs(text.TrimStart('+'))) / 1_000_000 * 1_000_000)
            : text.Contains(':', StringComparison.Ordinal)
                ? Midnight + (TimeSpan.Parse(text, CultureInfo.InvariantCulture).Ticks * 100)
                : (DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal) - DateTime.UnixEpoch).Ticks * 100;
    }
}
