// The messages of the codec's comparison: as many NewOrderSingle as asked for, each 178 bytes in each version, with other ids, sides,
// quantities, prices and symbols, so that neither side can learn one message by heart.
using System.Globalization;
using System.Text;
using Exchange.Fix.Dictionary;

namespace Exchange.LatencyHarness;

/// <summary>Makes what both codecs read.</summary>
internal static class CodecMessages
{
    /// <summary>Bytes of each message.</summary>
    public const int LengthBytes = 178;

    private static readonly string[] s_symbols = ["AAPL", "MSFT", "NVDA", "INTC", "ORCL", "CSCO", "AMZN"];

    /// <summary>The same messages each time for a version.</summary>
    public static byte[][] Create(int count, FixDictionary version)
    {
        Random random = new(7);
        return [.. Enumerable.Range(0, count).Select(_ => Frame(random, version))];
    }

    private static byte[] Frame(Random random, FixDictionary version)
    {
        string rest = string.Create(
            CultureInfo.InvariantCulture,
            $"|21=1|38={random.Next(100, 1000)}|40=2|44={random.Next(10000, 100_000) / 100m:F2}|54={random.Next(1, 3)}|55={s_symbols[random.Next(s_symbols.Length)]}|59=0|60=20261120-12:34:56.{random.Next(1000):000}|");
        string head = "35=D|34=1234|49=CLIENT1|52=20261120-12:34:56.789|56=EXECUTOR|1=ACC1|11=ORD";
        string envelope = $"8={version.BeginString}|9=000|";
        int digits = LengthBytes - envelope.Length - head.Length - rest.Length - "10=000|".Length;
        string id = random.NextInt64((long)Math.Pow(10, digits)).ToString("D" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        string body = head + id + rest;
        string framed = string.Create(CultureInfo.InvariantCulture, $"8={version.BeginString}|9={body.Length}|{body}").Replace('|', '\u0001');
        int sum = Encoding.Latin1.GetBytes(framed).Sum(static b => b) & 255;
        byte[] message = Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{framed}10={sum:000}\u0001"));
        return message.Length == LengthBytes ? message : throw new InvalidOperationException($"a message of {message.Length} bytes");
    }
}
