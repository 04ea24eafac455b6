using System.Globalization;
using System.Text;
using Exchange.Fix.Dictionary;

namespace Exchange.Benchmarks.Fix;

/// <summary>The messages of the codec benchmarks: the 178-byte NewOrderSingle that the peers were measured with, and a thousand different ones.</summary>
internal static class FixMessages
{
    private static readonly string[] Symbols = ["AAPL", "MSFT", "F", "BRK.B", "NVDA", "GOOGL", "T"];

    /// <summary>The same bytes each time: what branch prediction makes best.</summary>
    public static byte[][] Same(int count, FixDictionary version) => [.. Enumerable.Repeat(Frame(Body(new Random(7), isFixed: true, version), version), count)];

    /// <summary>Different lengths, ids, numbers and optional fields.</summary>
    public static byte[][] Different(int count, FixDictionary version)
    {
        Random random = new(7);
        return [.. Enumerable.Range(0, count).Select(_ => Frame(Body(random, isFixed: false, version), version))];
    }

    private static string Body(Random random, bool isFixed, FixDictionary version)
    {
        StringBuilder body = new("35=D|");
        string id = isFixed ? "ORD0000012345" : "O" + random.NextInt64((long)Math.Pow(10, random.Next(3, 15))).ToString(CultureInfo.InvariantCulture);
        body.Append(CultureInfo.InvariantCulture, $"34={(isFixed ? 1234 : random.Next(1, 5_000_000))}|49=CLIENT1|52=20261120-12:34:56.789|56=EXECUTOR|");
        body.Append(isFixed || random.Next(2) == 0 ? "1=ACC1|" : string.Empty).Append(CultureInfo.InvariantCulture, $"11={id}|");
        body.Append(random.Next(3) > 0 || isFixed || version.Requires(FixMessageKind.NewOrderSingle, FixTag.HandlInst) ? "21=1|" : string.Empty);
        string price = isFixed ? "101.25" : (random.Next(1, 5_000_000) / 100m).ToString(CultureInfo.InvariantCulture);
        body.Append(CultureInfo.InvariantCulture, $"38={(isFixed ? 100 : random.Next(1, 20_000))}|40=2|44={price}|54={(isFixed ? 1 : random.Next(1, 3))}|");
        body.Append(CultureInfo.InvariantCulture, $"55={(isFixed ? "AAPL" : Symbols[random.Next(Symbols.Length)])}|");
        body.Append(isFixed || random.Next(2) == 0 ? "59=0|" : string.Empty).Append("60=20261120-12:34:56.789|");
        return body.Append(!isFixed && random.Next(3) == 0 ? "58=X|" : string.Empty).ToString();
    }

    private static byte[] Frame(string body, FixDictionary version)
    {
        string head = $"8={version.BeginString}|9={body.Length}|{body}".Replace('|', '\u0001');
        int sum = Encoding.Latin1.GetBytes(head).Sum(b => b) & 255;
        return Encoding.Latin1.GetBytes(head + "10=" + sum.ToString("000", CultureInfo.InvariantCulture) + "\u0001");
    }
}
