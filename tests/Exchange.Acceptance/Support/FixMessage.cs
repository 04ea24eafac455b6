using System.Globalization;
using System.Text;

namespace Exchange.Acceptance.Support;

/// <summary>A FIX message as a client reads it: fields in their order, text in ISO 8859-1.</summary>
internal sealed class FixMessage
{
    private const char Soh = '\u0001';

    private FixMessage(string raw, IReadOnlyList<(int Tag, string Value)> fields)
    {
        Raw = raw;
        Fields = fields;
    }

    /// <summary>The message with bars for separators, for people.</summary>
    public string Raw { get; }

    /// <summary>Every field, the checksum last.</summary>
    public IReadOnlyList<(int Tag, string Value)> Fields { get; }

    /// <summary>MsgType (35).</summary>
    public string Type => this[35]!;

    /// <summary>MsgSeqNum (34).</summary>
    public int SeqNum => Int(34);

    /// <summary>PossDupFlag (43).</summary>
    public bool PossDup => this[43] == "Y";

    /// <summary>First value of a tag, or null.</summary>
    public string? this[int tag]
    {
        get
        {
            foreach ((int fieldTag, string value) in Fields)
            {
                if (fieldTag == tag)
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>What a resent message must have in common with the original: all but 9, 10, 43, 52 and 122.</summary>
    public string Content => string.Join('|', Fields.Where(f => f.Tag is not (9 or 10 or 43 or 52 or 122)).Select(f => $"{f.Tag}={f.Value}"));

    /// <summary>A whole number.</summary>
    public int Int(int tag) => int.Parse(this[tag] ?? throw new InvalidDataException($"no {tag} in {Raw}"), CultureInfo.InvariantCulture);

    /// <summary>A decimal number.</summary>
    public decimal Number(int tag) => decimal.Parse(this[tag] ?? throw new InvalidDataException($"no {tag} in {Raw}"), CultureInfo.InvariantCulture);

    /// <summary>Writes a message with BodyLength and CheckSum.</summary>
    public static byte[] Compose(string beginString, IEnumerable<(int Tag, string Value)> fields)
    {
        string body = string.Concat(fields.Select(f => $"{f.Tag}={f.Value}{Soh}"));
        string message = $"8={beginString}{Soh}9={Encoding.Latin1.GetByteCount(body)}{Soh}{body}";
        byte[] bytes = Encoding.Latin1.GetBytes(message);
        return [.. bytes, .. Encoding.Latin1.GetBytes($"10={Sum(bytes):D3}{Soh}")];
    }

    /// <summary>
    /// Takes one message off the front of what was received, strictly: 8, 9, 35, 49/56 present, body length and checksum exact.
    /// </summary>
    /// <returns>Null when more bytes are needed.</returns>
    /// <exception cref="InvalidDataException">These bytes are no FIX.</exception>
    public static FixMessage? Take(ReadOnlySpan<byte> received, out int consumed)
    {
        consumed = 0;
        int afterBegin = received.IndexOf((byte)Soh) + 1;
        int afterLength = afterBegin > 0 ? afterBegin + received[afterBegin..].IndexOf((byte)Soh) + 1 : 0;
        if (afterLength <= afterBegin)
        {
            return null;
        }

        string head = Encoding.Latin1.GetString(received[..afterLength]);
        if (!head.StartsWith("8=FIX", StringComparison.Ordinal) || !head[afterBegin..].StartsWith("9=", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"no head of a FIX message: {Readable(received)}");
        }

        int length = int.Parse(head[(afterBegin + 2)..^1], NumberStyles.None, CultureInfo.InvariantCulture);
        int total = afterLength + length + "10=000|".Length;
        if (received.Length < total)
        {
            return null;
        }

        ReadOnlySpan<byte> frame = received[..total];
        string expected = $"10={Sum(frame[..(afterLength + length)]):D3}{Soh}";
        if (Encoding.Latin1.GetString(frame[(afterLength + length)..]) != expected)
        {
            throw new InvalidDataException($"BodyLength or CheckSum wrong: {Readable(frame)}");
        }

        consumed = total;
        return Parse(frame);
    }

    /// <summary>The message with bars for separators.</summary>
    public static string Readable(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes).Replace(Soh, '|');

    /// <inheritdoc/>
    public override string ToString() => Raw;

    private static FixMessage Parse(ReadOnlySpan<byte> frame)
    {
        List<(int Tag, string Value)> fields = [];
        foreach (string field in Encoding.Latin1.GetString(frame)[..^1].Split(Soh))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == field.Length - 1 || !int.TryParse(field.AsSpan(0, equals), NumberStyles.None, CultureInfo.InvariantCulture, out int tag))
            {
                throw new InvalidDataException($"a field without tag or value in {Readable(frame)}");
            }

            fields.Add((tag, field[(equals + 1)..]));
        }

        FixMessage message = new(Readable(frame), fields);
        if (fields[2].Tag != 35 || message[49] is null || message[56] is null || message[34] is null || message[52] is null)
        {
            throw new InvalidDataException($"header incomplete or out of order: {message.Raw}");
        }

        return message;
    }

    private static int Sum(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        foreach (byte b in bytes)
        {
            sum += b;
        }

        return sum & 0xFF;
    }
}
