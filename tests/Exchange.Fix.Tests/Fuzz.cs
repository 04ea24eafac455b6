using System.Globalization;
using System.Text;

namespace Exchange.Fix.Tests;

/// <summary>Random messages and random damage, from a seed that the tests print.</summary>
internal static class Fuzz
{
    private static readonly string[] Parts =
    [
        "34=7|", "49=C|", "56=E|", "52=20261120-12:34:56.789|", "11=ORD1|", "55=AAPL|", "54=1|", "60=20261120-12:34:56|", "38=100|", "40=2|",
        "44=101.25|", "59=0|", "21=1|", "1=ACC|", "58=some text|", "453=1|448=A|447=D|452=1|", "453=2|448=A|802=1|523=x|448=B|", "354=5|355=a|b|c|",
        "43=Y|", "97=N|", "122=20261120-12:34:56|", "9001=own|", "123456=far|", "38=|", "=|", "|", "x=1|", "44=1.2.3|", "60=20261399-12:34:56|", "453=999|",
        "354=999|355=x|", "354=-1|355=x|", "354=3|", "355=x|", "93=1|89=x|", "8=FIX.4.4|", "10=123|", "34=99999999999999999999|", "2147483648=x|", "0=x|",
    ];

    /// <summary>Fields in any order, right and wrong ones.</summary>
    public static string Fields(Random random)
    {
        StringBuilder fields = new();
        for (int count = random.Next(0, 25); count > 0; count--)
        {
            fields.Append(Parts[random.Next(Parts.Length)]);
        }

        return fields.ToString();
    }

    /// <summary>A valid new order with random contents.</summary>
    public static string ValidOrder(Random random)
    {
        StringBuilder body = new("35=D|");
        body.Append(CultureInfo.InvariantCulture, $"34={random.NextInt64(1, long.MaxValue)}|49=CLIENT{random.Next(9)}|52=20261120-12:34:{random.Next(60):00}.{random.Next(1000):000}|56=EXCH|");
        body.Append(CultureInfo.InvariantCulture, $"11=O{random.NextInt64(1L << random.Next(1, 62))}|38={random.Next(1, 1 << random.Next(1, 30))}|40=2|44={random.Next(1, 5_000_000) / 100m}|54={random.Next(1, 3)}|55=AAPL|");
        if (random.Next(2) == 0)
        {
            int length = random.Next(1, 200);
            body.Append(CultureInfo.InvariantCulture, $"354={length}|355=");
            string data = string.Concat(Enumerable.Repeat("8=FIX.4.4|9=5|35=0|10=000|", 10))[..length];
            body.Append(data).Append('|');
        }

        return body.Append(random.Next(2) == 0 ? "59=1|60=20261120-12:34:56|" : "60=20261120-12:34:56.123456|").ToString();
    }

    /// <summary>Flips, removes, doubles and inserts bytes.</summary>
    public static byte[] Damage(Random random, ReadOnlySpan<byte> bytes)
    {
        List<byte> damaged = [.. bytes];
        for (int count = random.Next(1, 6); count > 0 && damaged.Count > 0; count--)
        {
            int at = random.Next(damaged.Count);
            switch (random.Next(5))
            {
                case 0: damaged[at] = (byte)random.Next(256); break;
                case 1: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: damaged.RemoveRange(at, Math.Min(random.Next(1, 20), damaged.Count - at)); break;
                case 3: damaged.InsertRange(at, damaged.GetRange(at, Math.Min(random.Next(1, 20), damaged.Count - at))); break;
                default: damaged.Insert(at, random.Next(2) == 0 ? (byte)1 : (byte)'='); break;
            }
        }

        return [.. damaged];
    }
}
