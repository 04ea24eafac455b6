// Our side of the codec's comparison: the work of one turn, timed, with the sum that shows what was read.
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Framing;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using Exchange.Protocol;

namespace Exchange.LatencyHarness;

/// <summary>Framer, parser and validation of one version at work.</summary>
internal sealed class OurCodec(FixDictionary dictionary, byte[][] messages)
{
    private const long HundredthE8 = FixedPoint.Scale / 100;

    private readonly FixParser _parser = new(dictionary);

    /// <summary>Index of all fields, nothing else.</summary>
    /// <param name="passes">How often each message is read.</param>
    /// <returns>Nanoseconds of all.</returns>
    public double Parse(int passes)
    {
        int sum = 0;
        long start = Stopwatch.GetTimestamp();
        for (int pass = 0; pass < passes; pass++)
        {
            foreach (byte[] message in messages)
            {
                sum += _parser.Parse(message).Count;
            }
        }

        double ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        return sum == 0 ? throw new InvalidOperationException("nothing was parsed") : ns;
    }

    /// <summary>Index and full validation, all values converted: the figure that the first step stated.</summary>
    /// <param name="passes">How often each message is read.</param>
    /// <returns>Nanoseconds of all.</returns>
    public double ParseAndValidate(int passes)
    {
        int faults = 0;
        long start = Stopwatch.GetTimestamp();
        for (int pass = 0; pass < passes; pass++)
        {
            foreach (byte[] message in messages)
            {
                faults += FixValidator.Validate(_parser.Parse(message)).IsValid ? 0 : 1;
            }
        }

        double ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        return faults == 0 ? ns : throw new InvalidOperationException("a message of the comparison is not valid");
    }

    /// <summary>All that the other engine does too: boundaries, length and checksum, index, validation, and seven fields as numbers or texts.</summary>
    /// <param name="passes">How often each message is read.</param>
    /// <param name="sum">What was read.</param>
    /// <returns>Nanoseconds of all.</returns>
    public double Whole(int passes, out long sum)
    {
        sum = 0;
        long start = Stopwatch.GetTimestamp();
        for (int pass = 0; pass < passes; pass++)
        {
            foreach (byte[] message in messages)
            {
                sum += Whole(message);
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long ThrowInvalid() => throw new InvalidOperationException("a message of the comparison is not valid");

    private long Whole(ReadOnlySpan<byte> message)
    {
        FixMessage parsed = _parser.Parse(message[..FixFramer.Read(message).Consumed]);
        if (!FixValidator.Validate(parsed).IsValid)
        {
            return ThrowInvalid();
        }

        ReadOnlySpan<byte> id = parsed.Text(FixTag.ClOrdID);
        ReadOnlySpan<byte> symbol = parsed.Text(FixTag.Symbol);
        long milliseconds = parsed.Number(FixTag.TransactTime, 0) / 1_000_000 % 1000;
        return id.Length + id[^1] + symbol.Length + symbol[0] + parsed.Number(FixTag.Side, 0) + parsed.Number(FixTag.OrdType, 0)
            + (parsed.Number(FixTag.OrderQty, 0) / FixedPoint.Scale) + (parsed.Number(FixTag.Price, 0) / HundredthE8) + milliseconds;
    }
}
