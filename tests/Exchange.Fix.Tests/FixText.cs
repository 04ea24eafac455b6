using System.Globalization;
using System.Text;

namespace Exchange.Fix.Tests;

/// <summary>Builds frames for tests from readable text, with | for SOH.</summary>
internal static class FixText
{
    /// <summary>The 178-byte NewOrderSingle of the speed targets.</summary>
    public const string NewOrderBody =
        "35=D|34=1234|49=CLIENT1|52=20261120-12:34:56.789|56=EXECUTOR|1=ACC1|11=ORD0000012345|21=1|38=100|40=2|44=101.25|54=1|55=AAPL|59=0|60=20261120-12:34:56.789|";

    /// <summary>Adds 8, 9 and 10 to a body.</summary>
    public static byte[] Frame(string body, string beginString = "FIX.4.4")
    {
        string head = $"8={beginString}|9={Encoding.Latin1.GetByteCount(body)}|{body}".Replace('|', '\u0001');
        return Encoding.Latin1.GetBytes(head + Trailer(head));
    }

    /// <summary>The trailer for what stands before it.</summary>
    public static string Trailer(string head)
    {
        int sum = Encoding.Latin1.GetBytes(head).Sum(b => b) & 255;
        return "10=" + sum.ToString("000", CultureInfo.InvariantCulture) + "\u0001";
    }

    /// <summary>Text as bytes, with | for SOH.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace('|', '\u0001'));

    /// <summary>Bytes as text, with | for SOH.</summary>
    public static string Show(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes).Replace('\u0001', '|');
}
