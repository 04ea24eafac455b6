using System.Globalization;
using System.Text;
using Exchange.Fix.Framing;
using Exchange.Fix.Writing;

namespace Exchange.Fix.Tests.Writing;

public sealed class FixWriterTests
{
    [Fact]
    public void A_message_has_its_length_and_checksum()
    {
        byte[] target = new byte[512];
        FixWriter writer = new(target, "FIX.4.4"u8);
        writer.Raw("35=8\u0001"u8);
        writer.Text("55="u8, "AAPL"u8);
        writer.Char("54="u8, (byte)'1');
        writer.Int64("34="u8, -12);
        writer.E8("44="u8, 10_125_000_000);
        writer.Timestamp("52="u8, 1_795_178_096_789_000_000, 3, new TimestampText());
        writer.Data("354="u8, "355="u8, "a\u0001b"u8);
        writer.Raw("58=long enough that the body has three digits of length\u0001"u8);
        int length = writer.Finish();
        const string Body = "35=8|55=AAPL|54=1|34=-12|44=101.25|52=20261120-12:34:56.789|354=3|355=a|b|58=long enough that the body has three digits of length|";
        Assert.Equal(FixText.Show(FixText.Frame(Body)), FixText.Show(target.AsSpan(0, length)));
    }

    [Fact]
    public void The_body_length_has_exactly_its_digits_for_every_size()
    {
        byte[] target = new byte[12_000];
        byte[] text = new byte[11_000];
        text.AsSpan().Fill((byte)'x');
        foreach (int size in Enumerable.Range(1, 120).Concat(Enumerable.Range(980, 20)).Concat(Enumerable.Range(9970, 40)))
        {
            FixWriter writer = new(target, "FIX.4.4"u8);
            writer.Raw("35=0\u0001"u8);
            writer.Text("58="u8, text.AsSpan(0, size));
            int length = writer.Finish();
            Assert.Equal(FixText.Frame($"35=0|58={new string('x', size)}|"), target.AsSpan(0, length).ToArray());
            Assert.Equal(FrameStatus.Message, FixFramer.Read(target.AsSpan(0, length), 20_000).Status);
        }
    }

    [Fact]
    public void A_prefix_saves_the_beginning()
    {
        byte[] prefix = FixWriter.Prefix("FIX.4.4"u8, "35=?\u000149=A\u000134="u8, out int bodyStart);
        byte[] target = new byte[128];
        FixWriter writer = new(target, prefix, bodyStart);
        writer.Patch(bodyStart + 3, (byte)'0');
        writer.RawInt64(42);
        int length = writer.Finish();
        Assert.Equal(FixText.Frame("35=0|49=A|34=42|"), target.AsSpan(0, length).ToArray());
    }

    [Fact]
    public void A_target_that_is_too_small_is_refused_and_never_overrun()
    {
        using GuardedBuffer buffer = new();
        int smallest = int.MaxValue;
        for (int size = 0; size < 320; size++)
        {
            bool isWritten = TryWrite(buffer.AtEnd(size), out int length);
            smallest = isWritten ? Math.Min(smallest, size) : smallest;
            Assert.Equal(isWritten, size >= smallest);
            Assert.True(!isWritten || FixFramer.Read(buffer.AtEnd(size)[..length]).Status == FrameStatus.Message);
        }

        Assert.InRange(smallest, 160, 260);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.00000001")]
    [InlineData(-1, "-0.00000001")]
    [InlineData(100_000_000, "1")]
    [InlineData(10_000_000, "0.1")]
    [InlineData(10_125_000_000, "101.25")]
    [InlineData(-10_125_000_000, "-101.25")]
    [InlineData(12_345_678_000_000_000, "123456780")]
    [InlineData(long.MaxValue, "92233720368.54775807")]
    [InlineData(long.MinValue, "-92233720368.54775808")]
    public void Decimals_have_no_superfluous_zeros(long valueE8, string expected)
    {
        byte[] target = new byte[DecimalText.LengthMax];
        Assert.Equal(expected, Encoding.ASCII.GetString(target, 0, DecimalText.WriteE8(target, valueE8)));
    }

    [Fact]
    public void Random_numbers_are_those_of_the_runtime()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        byte[] target = new byte[64];
        for (int i = 0; i < 50_000; i++)
        {
            ulong value = (ulong)random.NextInt64() >> random.Next(63);
            int length = Digits.Write(ref target[0], value);
            Assert.True(value.ToString(CultureInfo.InvariantCulture) == Encoding.ASCII.GetString(target, 0, length), $"seed {seed}: {value}");
            long valueE8 = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(63);
            length = Digits.WriteE8(ref target[0], valueE8);
            string expected = (valueE8 / 100_000_000m).ToString("0.########", CultureInfo.InvariantCulture);
            Assert.True(expected == Encoding.ASCII.GetString(target, 0, length), $"seed {seed}: {valueE8}");
        }
    }

    private static bool TryWrite(Span<byte> target, out int length)
    {
        try
        {
            FixWriter writer = new(target, "FIX.4.4"u8);
            writer.Raw("35=0\u000158=0123456789012345678901234567890123456789012345678901234567890123456789\u0001"u8);
            writer.E8("44="u8, 12_345_678);
            writer.Int64("34="u8, 5);
            writer.Timestamp("52="u8, 1_795_178_096_789_000_000, 9, new TimestampText());
            length = writer.Finish();
            return true;
        }
        catch (ArgumentException)
        {
            length = 0;
            return false;
        }
    }
}
