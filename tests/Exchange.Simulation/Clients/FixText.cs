using System.Globalization;
using System.Text;

namespace Exchange.Simulation.Clients;

/// <summary>FIX messages as text, written against the specification and without the exchange's own codec.</summary>
internal static class FixText
{
    public const string BeginString = "FIX.4.4";
    public const char Soh = '\u0001';

    /// <summary>Frames a message: BeginString, BodyLength, the fields, CheckSum.</summary>
    public static byte[] Frame(string body)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"8={BeginString}{Soh}9={body.Length}{Soh}{body}");
        int sum = 0;
        foreach (char c in head)
        {
            sum += (byte)c;
        }

        return Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head}10={sum % 256:D3}{Soh}"));
    }

    /// <summary>A UTC timestamp with so many decimals of the second.</summary>
    public static string Timestamp(long unixNs, int decimals)
    {
        DateTime second = DateTime.UnixEpoch.AddTicks(unixNs / 1_000_000_000 * TimeSpan.TicksPerSecond);
        string text = second.ToString("yyyyMMdd-HH:mm:ss", CultureInfo.InvariantCulture);
        string fraction = (unixNs % 1_000_000_000).ToString("D9", CultureInfo.InvariantCulture);
        return decimals == 0 ? text : text + "." + fraction[..decimals];
    }

    /// <summary>Takes the first whole message out of the bytes; false when there is none yet.</summary>
    /// <exception cref="FormatException">The bytes are no FIX: length or checksum is wrong.</exception>
    public static bool TryTake(List<byte> bytes, out byte[] message)
    {
        message = [];
        if (bytes.Count < 20)
        {
            return false;
        }

        string head = Encoding.Latin1.GetString(bytes.GetRange(0, Math.Min(bytes.Count, 32)).ToArray());
        if (!head.StartsWith("8=" + BeginString + Soh + "9=", StringComparison.Ordinal))
        {
            throw new FormatException("a message does not begin with BeginString and BodyLength: " + Show(head));
        }

        int lengthEnd = head.IndexOf(Soh, 12);
        if (lengthEnd < 0)
        {
            throw new FormatException("BodyLength does not end: " + Show(head));
        }

        int bodyLength = int.Parse(head[12..lengthEnd], NumberStyles.None, CultureInfo.InvariantCulture);
        int total = lengthEnd + 1 + bodyLength + 7;
        if (bytes.Count < total)
        {
            return false;
        }

        message = bytes.GetRange(0, total).ToArray();
        bytes.RemoveRange(0, total);
        int sum = 0;
        for (int i = 0; i < total - 7; i++)
        {
            sum += message[i];
        }

        string tail = Encoding.Latin1.GetString(message, total - 7, 7);
        return tail == string.Create(CultureInfo.InvariantCulture, $"10={sum % 256:D3}{Soh}")
            ? true
            : throw new FormatException("wrong CheckSum: " + Show(Encoding.Latin1.GetString(message)));
    }

    /// <summary>Readable for a person.</summary>
    public static string Show(string text) => text.Replace(Soh, '|');
}
