// The player's own reading and writing of tag=value text. It shares nothing with the gateway's codec, so that a mistake in one does not
// hide the same mistake in the other. Text is Latin-1: one character is one byte.
using System.Globalization;
using System.Text;

namespace Exchange.Host.Conformance;

/// <summary>A message as it was on the wire.</summary>
internal sealed class WireMessage
{
    /// <summary>What separates fields.</summary>
    public const char Soh = '\u0001';

    private static readonly Dictionary<int, int> _dataOfLength = new (int Length, int Data)[]
    {
        (90, 91), (93, 89), (95, 96), (212, 213), (348, 349), (350, 351), (352, 353), (354, 355), (356, 357), (358, 359), (360, 361),
        (362, 363), (364, 365), (445, 446), (618, 619), (621, 622), (1401, 1402), (1403, 1404),
    }.ToDictionary(static pair => pair.Length, static pair => pair.Data);

    private WireMessage(string text, List<(int Tag, string Value)> fields)
    {
        Text = text;
        Fields = fields;
    }

    /// <summary>All of it.</summary>
    public string Text { get; }

    /// <summary>The same for people, with | for SOH.</summary>
    public string Readable => Text.Replace(Soh, '|');

    /// <summary>The fields in their order.</summary>
    public IReadOnlyList<(int Tag, string Value)> Fields { get; }

    /// <summary>MsgType (35).</summary>
    public string MsgType => this[35] ?? "";

    /// <summary>The first value of a tag; null when there is none.</summary>
    public string? this[int tag] => Occurrence(tag, 0);

    /// <summary>A value of a tag that may be there several times, from 0.</summary>
    public string? Occurrence(int tag, int number)
    {
        foreach ((int Tag, string Value) field in Fields)
        {
            if (field.Tag == tag && number-- == 0)
            {
                return field.Value;
            }
        }

        return null;
    }

    /// <summary>The number in a field; 0 when there is none.</summary>
    public long Number(int tag) => long.TryParse(this[tag], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    /// <summary>Puts 8 and 9 before and 10 behind a body of fields that each end in SOH.</summary>
    /// <param name="beginString">BeginString (8).</param>
    /// <param name="body">All fields from 35 on.</param>
    /// <param name="bodyLength">BodyLength (9) as it shall be sent; null for the right one; <c>+n</c> and <c>-n</c> for one that is wrong by n.</param>
    /// <param name="checkSum">CheckSum (10) in the same way.</param>
    public static string Frame(string beginString, string body, string? bodyLength = null, string? checkSum = null)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"8={beginString}{Soh}9={Altered(bodyLength, body.Length, "D1")}{Soh}{body}");
        return string.Create(CultureInfo.InvariantCulture, $"{head}10={Altered(checkSum, Sum(head), "D3")}{Soh}");
    }

    /// <summary>Reads one message from the start of what was received.</summary>
    /// <param name="received">Bytes received and not yet taken.</param>
    /// <param name="message">The message; null when more bytes are needed or <paramref name="error"/> is set.</param>
    /// <param name="error">What is wrong with the bytes; null when nothing is.</param>
    public static void Read(string received, out WireMessage? message, out string? error)
    {
        message = null;
        error = null;
        int first = received.IndexOf(Soh, StringComparison.Ordinal);
        int second = first < 0 ? -1 : received.IndexOf(Soh, first + 1);
        if (second < 0)
        {
            error = received.Length > 64 || !"8=FIX".StartsWith(received[..Math.Min(received.Length, 5)], StringComparison.Ordinal) ? "the bytes do not begin with 8=FIX and 9=" : null;
            return;
        }

        bool isLength = int.TryParse(received.AsSpan(Math.Min(first + 3, second)..second), NumberStyles.None, CultureInfo.InvariantCulture, out int bodyLength);
        if (!received.StartsWith("8=FIX", StringComparison.Ordinal) || received.AsSpan(first + 1, 2) is not "9=" || !isLength || bodyLength > 1 << 20)
        {
            error = "a message begins with 8=FIX and 9=length";
            return;
        }

        int trailer = second + 1 + bodyLength;
        if (received.Length < trailer + 7)
        {
            return;
        }

        string text = received[..(trailer + 7)];
        string expected = string.Create(CultureInfo.InvariantCulture, $"10={Sum(text[..trailer]):D3}{Soh}");
        if (text[trailer - 1] != Soh || text[trailer..] != expected)
        {
            error = $"BodyLength (9) or CheckSum (10) is wrong: behind the body stands {text[trailer..].Replace(Soh, '|')} instead of {expected.Replace(Soh, '|')}";
            return;
        }

        List<(int Tag, string Value)> fields = [];
        error = Split(text, fields);
        message = error is null ? new WireMessage(text, fields) : null;
    }

    /// <summary>Reads a whole message.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static WireMessage Parse(string text)
    {
        Read(text, out WireMessage? message, out string? error);
        return message is not null && message.Text.Length == text.Length ? message : throw new FormatException(error ?? "not one whole message");
    }

    /// <summary>The sum of all bytes, modulo 256.</summary>
    public static int Sum(string text)
    {
        int sum = 0;
        foreach (byte value in Encoding.Latin1.GetBytes(text))
        {
            sum += value;
        }

        return sum & 255;
    }

    private static string? Split(string text, List<(int Tag, string Value)> fields)
    {
        int dataLength = 0;
        int dataTag = 0;
        for (int start = 0; start < text.Length;)
        {
            int equals = text.IndexOf('=', start);
            int end = text.IndexOf(Soh, start);
            if (equals < 0 || equals > end || !int.TryParse(text.AsSpan(start..equals), NumberStyles.None, CultureInfo.InvariantCulture, out int tag) || tag == 0)
            {
                return $"'{text[start..end]}' is no field";
            }

            if (tag == dataTag)
            {
                end = equals + 1 + dataLength;
                if (end >= text.Length || text[end] != Soh)
                {
                    return $"the data of field {tag} is not as long as its length says";
                }
            }

            string value = text[(equals + 1)..end];
            if (value.Length == 0)
            {
                return $"field {tag} has no value";
            }

            fields.Add((tag, value));
            dataTag = _dataOfLength.GetValueOrDefault(tag);
            _ = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out dataLength);
            start = end + 1;
        }

        return null;
    }

    private static string Altered(string? wish, int right, string format)
    {
        if (wish is null)
        {
            return right.ToString(format, CultureInfo.InvariantCulture);
        }

        bool isRelative = wish.Length > 1 && wish[0] is '+' or '-';
        return isRelative && int.TryParse(wish, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int by)
            ? ((right + by) & (format == "D3" ? 255 : int.MaxValue)).ToString(format, CultureInfo.InvariantCulture)
            : wish;
    }
}
