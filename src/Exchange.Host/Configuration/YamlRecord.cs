using System.Globalization;
using System.Text;
using Exchange.Protocol;

namespace Exchange.Host.Configuration;

/// <summary>One record of a configuration file, with typed reading; each failure names file, line, field and what is allowed.</summary>
internal sealed class YamlRecord
{
    private readonly string _source;
    private readonly long _line;
    private readonly Dictionary<string, (string Value, long Line)> _values;

    /// <summary>Wraps the fields of a record.</summary>
    public YamlRecord(string source, long line, Dictionary<string, (string Value, long Line)> values)
    {
        _source = source;
        _line = line;
        _values = values;
    }

    /// <summary>Whether the field was given.</summary>
    public bool Has(string field) => _values.ContainsKey(field);

    /// <summary>A text of printable ASCII without spaces around it.</summary>
    public string Text(string field, int lengthMax, string? whenAbsent = null)
    {
        string value = Raw(field, whenAbsent);
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        bool printable = bytes.Length > 0 && Array.TrueForAll(bytes, static b => b is > 0x20 and < 0x7F);
        return printable && bytes.Length <= lengthMax
            ? value
            : throw Error(field, $"'{value}' must be 1 to {lengthMax} printable ASCII characters without blanks");
    }

    /// <summary>One of the given words.</summary>
    public string OneOf(string field, string whenAbsent, params ReadOnlySpan<string> allowed)
    {
        string value = Raw(field, whenAbsent);
        foreach (string word in allowed)
        {
            if (word == value)
            {
                return value;
            }
        }

        throw Error(field, $"'{value}' must be one of {string.Join(", ", allowed.ToArray())}");
    }

    /// <summary>A positive decimal in units of 10^-8.</summary>
    public long PositiveE8(string field, long? whenAbsentE8 = null)
    {
        if (whenAbsentE8 is { } fallback && !_values.ContainsKey(field))
        {
            return fallback;
        }

        string value = Raw(field, null);
        if (decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
        {
            decimal scaled = number > long.MaxValue / FixedPoint.Scale ? 0 : number * FixedPoint.Scale;
            if (scaled > 0 && decimal.Truncate(scaled) == scaled)
            {
                return (long)scaled;
            }
        }

        throw Error(field, $"'{value}' must be a positive decimal with at most 8 decimals and below 92233720368");
    }

    /// <summary>A decimal that is not negative, in units of 10^-8; 0 takes a limit away.</summary>
    public long OptionalE8(string field, long whenAbsentE8)
    {
        if (!_values.TryGetValue(field, out (string Value, long Line) entry))
        {
            return whenAbsentE8;
        }

        return TryE8(entry.Value, out long valueE8)
            ? valueE8
            : throw Error(field, $"'{entry.Value}' must be a decimal with at most 8 decimals, not negative and below 92233720368");
    }

    /// <summary>Reads a decimal that is not negative, in units of 10^-8.</summary>
    public static bool TryE8(string text, out long valueE8)
    {
        valueE8 = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
        {
            return false;
        }

        if (number > long.MaxValue / FixedPoint.Scale)
        {
            return false;
        }

        decimal scaled = number * FixedPoint.Scale;
        if (decimal.Truncate(scaled) != scaled)
        {
            return false;
        }

        valueE8 = (long)scaled;
        return true;
    }

    /// <summary>A text with blanks.</summary>
    public string Line(string field) => Raw(field, null);

    /// <summary>A whole number within limits.</summary>
    public int Integer(string field, int whenAbsent, int min, int max)
    {
        string value = Raw(field, whenAbsent.ToString(CultureInfo.InvariantCulture));
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : throw Error(field, $"'{value}' must be a whole number from {min} to {max}");
    }

    /// <summary>true or false.</summary>
    public bool Boolean(string field, bool whenAbsent = false) => OneOf(field, whenAbsent ? "true" : "false", "true", "false") == "true";

    /// <summary>Words with blanks or commas between them.</summary>
    public string[] Words(string field, string whenAbsent) => Raw(field, whenAbsent).Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>An error at this field.</summary>
    public HostException Error(string field, string what) =>
        YamlRecords.Error(_source, _values.TryGetValue(field, out (string Value, long Line) entry) ? entry.Line : _line, field, what);

    private string Raw(string field, string? whenAbsent)
    {
        if (_values.TryGetValue(field, out (string Value, long Line) entry))
        {
            return entry.Value;
        }

        return whenAbsent ?? throw Error(field, "is missing");
    }
}
