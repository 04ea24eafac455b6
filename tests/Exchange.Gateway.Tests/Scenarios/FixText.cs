using System.Globalization;
using System.Text;

namespace Exchange.Gateway.Tests.Scenarios;

/// <summary>FIX messages written as people write them, with | for SOH.</summary>
internal static class FixText
{
    /// <summary>A complete message from the fields of its body.</summary>
    public static byte[] Message(string body, string beginString = "FIX.4.4")
    {
        string fields = body.Replace('|', '\u0001');
        string head = string.Create(CultureInfo.InvariantCulture, $"8={beginString}\u00019={fields.Length}\u0001{fields}");
        int sum = Encoding.ASCII.GetBytes(head).Sum(b => b) & 0xFF;
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head}10={sum:000}\u0001"));
    }

    public static string Now => DateTime.UtcNow.ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static byte[] Logon(string who, string? password = null, int heartBtInt = 30, string? target = null, string? user = null, long seqNum = 1, string? time = null) =>
        Message($"35=A|49={who}|56={target ?? "EXCH"}|34={seqNum}|52={time ?? Now}|98=0|108={heartBtInt}|553={user ?? who}|554={password ?? who}|");

    public static byte[] Order(string who, long seqNum, string clOrdId, string? time = null) =>
        Message($"35=D|49={who}|56=EXCH|34={seqNum}|52={time ?? Now}|11={clOrdId}|55=AAPL|54=1|60={time ?? Now}|38=100|40=2|44=187.25|59=0|");

    public static byte[] Heartbeat(string who, long seqNum, string? time = null) => Message($"35=0|49={who}|56=EXCH|34={seqNum}|52={time ?? Now}|");

    /// <summary>The value of a tag in a message; null when it is absent.</summary>
    public static string? Tag(string message, int tag)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"\u0001{tag}=");
        int start = message.IndexOf(key, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        start += key.Length;
        return message[start..message.IndexOf('\u0001', start)];
    }
}
