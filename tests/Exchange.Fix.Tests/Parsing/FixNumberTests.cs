using System.Globalization;
using System.Text;
using Exchange.Fix.Parsing;
using Exchange.Protocol;

namespace Exchange.Fix.Tests.Parsing;

public sealed class FixNumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("-7", -7)]
    [InlineData("00000000000000000000000000012", 12)]
    [InlineData("12345678", 12345678)]
    [InlineData("123456789", 123456789)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Integers_are_read(string text, long expected) => AssertInt64(text, true, expected);

    [Theory]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("12a4")]
    [InlineData("/")]
    [InlineData(":")]
    [InlineData("--1")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999999999")]
    public void What_is_no_integer_is_refused(string text) => AssertInt64(text, false, 0);

    [Fact]
    public void An_empty_text_is_no_number()
    {
        Assert.False(FixNumber.TryInt64([], out _));
        Assert.False(FixNumber.TryE8([], out _));
    }

    [Theory]
    [InlineData("1", 100_000_000)]
    [InlineData("1.", 100_000_000)]
    [InlineData(".1", 10_000_000)]
    [InlineData("-0", 0)]
    [InlineData("-0.5", -50_000_000)]
    [InlineData("101.25", 10_125_000_000)]
    [InlineData("1234567.", 123_456_700_000_000)]
    [InlineData(".1234567", 12_345_670)]
    [InlineData("12345678", 1_234_567_800_000_000)]
    [InlineData("65000.1234", 6_500_012_340_000)]
    [InlineData("0.12345678", 12_345_678)]
    [InlineData("0.1234567800000000000000000000000", 12_345_678)]
    [InlineData("0.123456789", FixedPoint.Unrepresentable)]
    [InlineData("92233720368.54775807", long.MaxValue)]
    [InlineData("-92233720368.54775807", -long.MaxValue)]
    [InlineData("92233720368.54775808", FixedPoint.Unrepresentable)]
    [InlineData("92233720369", FixedPoint.Unrepresentable)]
    [InlineData("18446744073709551616", FixedPoint.Unrepresentable)]
    [InlineData("00000000000000000000000000000000000000001", 100_000_000)]
    public void Decimals_are_read(string text, long expectedE8) => AssertE8(text, true, expectedE8);

    [Theory]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("-.")]
    [InlineData("..")]
    [InlineData("1.2.3")]
    [InlineData("1,2")]
    [InlineData("1e3")]
    [InlineData("+1")]
    [InlineData("1-")]
    [InlineData(" 1")]
    [InlineData("0x1")]
    [InlineData("NaN")]
    [InlineData("1.-2")]
    [InlineData("123456789.x")]
    public void What_is_no_decimal_is_refused(string text) => AssertE8(text, false, 0);

    [Fact]
    public void Random_decimals_agree_with_the_decimal_type()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int i = 0; i < 20_000; i++)
        {
            decimal value = random.NextInt64(1L << random.Next(1, 62)) * (random.Next(3) == 0 ? -1 : 1) / (decimal)Math.Pow(10, random.Next(0, 9));
            string text = value.ToString(CultureInfo.InvariantCulture);
            decimal scaled = value * FixedPoint.Scale;
            AssertE8(text, true, Math.Abs(scaled) <= long.MaxValue ? (long)scaled : FixedPoint.Unrepresentable, $"seed {seed}");
        }
    }

    private static unsafe void AssertInt64(string text, bool isNumber, long expected)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text + "\u000110=000\u0001");
        Assert.Equal(isNumber, FixNumber.TryInt64(bytes.AsSpan(0, text.Length), out long number));
        fixed (byte* start = bytes)
        {
            Assert.Equal(isNumber, FixNumber.TryInt64(start, text.Length, out long fast));
            Assert.True(!isNumber || (number == expected && fast == expected), text);
        }
    }

    private static unsafe void AssertE8(string text, bool isNumber, long expectedE8, string hint = "")
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text + "\u000110=000\u0001");
        Assert.Equal(isNumber, FixNumber.TryE8(bytes.AsSpan(0, text.Length), out long value));
        fixed (byte* start = bytes)
        {
            Assert.Equal(isNumber, FixNumber.TryE8(start, text.Length, out long fast));
            Assert.True(!isNumber || (value == expectedE8 && fast == expectedE8), $"{hint} {text}: {value}, {fast}");
        }
    }
}
