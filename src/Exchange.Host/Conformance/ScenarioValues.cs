using System.Globalization;
using System.Text.RegularExpressions;

namespace Exchange.Host.Conformance;

/// <summary>
/// What the names in angle brackets stand for while a scenario is played. <c>&lt;now&gt;</c> and <c>&lt;now-130s&gt;</c> are times,
/// <c>&lt;symbol&gt;</c>, <c>&lt;sender&gt;</c>, <c>&lt;target&gt;</c>, <c>&lt;username&gt;</c>, <c>&lt;password&gt;</c> and <c>&lt;begin&gt;</c> come from the
/// player's options. Any other name that is first sent becomes an id that was never used before; one that is first received takes the
/// value received. From then on it stands for that value, and <c>&lt;name+1&gt;</c> for the number behind it.
/// </summary>
internal sealed partial class ScenarioValues
{
    private static readonly string _run = Base36(DateTime.UtcNow.Ticks / 10_000);
    private static int _ids;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private DateTime _now = DateTime.UtcNow;

    /// <summary>Gives a name its value.</summary>
    public void Set(string name, string value) => _values[name] = value;

    /// <summary>An id that was not used before, not even by an earlier run against the same acceptor.</summary>
    public static string FreshId() => string.Create(CultureInfo.InvariantCulture, $"C{_run}-{Interlocked.Increment(ref _ids)}");

    /// <summary>Sets the present time, which then stands still: all times of one message are the same.</summary>
    public void Tick() => _now = DateTime.UtcNow;

    /// <summary>The present time as UTCTimestamp with milliseconds.</summary>
    public string Now(double offsetSeconds = 0) => _now.AddSeconds(offsetSeconds).ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>Replaces the names in what is to be sent, and | by SOH.</summary>
    public string Fill(string template) => Name().Replace(template, match => Value(match) ?? Make(match)).Replace('|', WireMessage.Soh);

    /// <summary>Compares a received value with what the scenario wants: a literal, perhaps with *, or a name.</summary>
    /// <returns>Null when it fits; otherwise what was wanted.</returns>
    public string? Mismatch(string pattern, string actual)
    {
        switch (pattern)
        {
            case "<any>":
                return null;
            case "<time>":
                return Time().IsMatch(actual) ? null : "a UTCTimestamp";
            case "<number>":
                return TryNumber(actual, out _) ? null : "a number";
        }

        Match whole = Name().Match(pattern);
        if (whole.Success && whole.Length == pattern.Length && Value(whole) is null)
        {
            _values[whole.Groups[1].Value] = actual;
            return null;
        }

        string wanted = Name().Replace(pattern, match => Value(match) ?? match.Value).Replace('|', WireMessage.Soh);
        bool fits = wanted.Contains('*', StringComparison.Ordinal)
            ? Regex.IsMatch(actual, "^" + Regex.Escape(wanted).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.Singleline)
            : wanted == actual || (TryNumber(wanted, out decimal first) && TryNumber(actual, out decimal second) && first == second);
        return fits ? null : wanted;
    }

    private string? Value(Match match)
    {
        string name = match.Groups[1].Value;
        double offset = match.Groups[2].Success ? double.Parse(match.Groups[2].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        if (name == "now")
        {
            return Now(offset);
        }

        return !_values.TryGetValue(name, out string? value) || offset == 0 ? value
            : TryNumber(value, out decimal number) ? (number + (decimal)offset).ToString(CultureInfo.InvariantCulture) : value;
    }

    private string Make(Match match) => _values[match.Groups[1].Value] = FreshId();

    private static bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);

    private static string Base36(long number)
    {
        Span<char> digits = stackalloc char[13];
        int at = digits.Length;
        do
        {
            digits[--at] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(int)(number % 36)];
            number /= 36;
        }
        while (number > 0);
        return digits[at..].ToString();
    }

    [GeneratedRegex("<([a-z][A-Za-z0-9]*)([+-][0-9]+)?s?>", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^\d{8}-([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{3,9})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Time();
}
