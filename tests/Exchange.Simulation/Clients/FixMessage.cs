using System.Globalization;
using System.Text;

namespace Exchange.Simulation.Clients;

/// <summary>A received message, taken apart.</summary>
internal sealed class FixMessage
{
    public FixMessage(byte[] raw)
    {
        Text = Encoding.Latin1.GetString(raw);
        foreach (string field in Text.Split(FixText.Soh, StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            Fields.Add((int.Parse(field.AsSpan(0, equals), NumberStyles.None, CultureInfo.InvariantCulture), field[(equals + 1)..]));
        }

        Type = this[35] ?? "";
        SeqNum = Number(34);
        IsPossDup = this[43] == "Y";
        IsPossResend = this[97] == "Y";
    }

    public string Text { get; }

    public List<(int Tag, string Value)> Fields { get; } = [];

    public string Type { get; }

    public long SeqNum { get; }

    public bool IsPossDup { get; }

    public bool IsPossResend { get; }

    public bool IsAdmin => Type is "A" or "0" or "1" or "2" or "4" or "5";

    public string? this[int tag]
    {
        get
        {
            foreach ((int Tag, string Value) field in Fields)
            {
                if (field.Tag == tag)
                {
                    return field.Value;
                }
            }

            return null;
        }
    }

    public long Number(int tag) => long.Parse(this[tag] ?? "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public decimal Decimal(int tag) => decimal.Parse(this[tag] ?? "0", NumberStyles.Number, CultureInfo.InvariantCulture);

    public override string ToString() => FixText.Show(Text);
}
