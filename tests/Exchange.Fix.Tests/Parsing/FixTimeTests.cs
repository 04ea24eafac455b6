using System.Globalization;
using System.Text;
using Exchange.Fix.Parsing;
using Exchange.Fix.Writing;

namespace Exchange.Fix.Tests.Parsing;

/// <summary>Timestamps read and written, against the calendar of the runtime.</summary>
public sealed class FixTimeTests
{
    [Theory]
    [InlineData("19700101-00:00:00", 0)]
    [InlineData("20261120-12:34:56", 1_795_178_096_000_000_000)]
    [InlineData("20261120-12:34:56.789", 1_795_178_096_789_000_000)]
    [InlineData("20261120-12:34:56.789012", 1_795_178_096_789_012_000)]
    [InlineData("20261120-12:34:56.789012345", 1_795_178_096_789_012_345)]
    [InlineData("20161231-23:59:60", 1_483_228_800_000_000_000)]
    [InlineData("20000229-23:59:59.999999999", 951_868_799_999_999_999)]
    public void Timestamps_are_read_to_the_nanosecond(string text, long expectedNs)
    {
        Assert.True(FixTime.TryTimestamp(Encoding.ASCII.GetBytes(text), out long ns));
        Assert.Equal(expectedNs, ns);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20261120")]
    [InlineData("20261120-12:34")]
    [InlineData("20261120-12:34:5")]
    [InlineData("2026112012:34:56")]
    [InlineData("20261120T12:34:56")]
    [InlineData("20261120-12.34.56")]
    [InlineData("20261120-12:34:56Z")]
    [InlineData("20261120-12:34:56.")]
    [InlineData("20261120-12:34:56.1")]
    [InlineData("20261120-12:34:56.1234")]
    [InlineData("20261120-12:34:56.123456789012")]
    [InlineData("20261120-12:34:56,789")]
    [InlineData("20261120-24:00:00")]
    [InlineData("20261120-12:60:00")]
    [InlineData("20261120-12:34:60")]
    [InlineData("20261120-12:34:61")]
    [InlineData("20261320-12:34:56")]
    [InlineData("20260020-12:34:56")]
    [InlineData("20261100-12:34:56")]
    [InlineData("20261131-12:34:56")]
    [InlineData("20260229-12:34:56")]
    [InlineData("21000229-12:34:56")]
    [InlineData("00010101-12:34:56")]
    [InlineData("99991231-12:34:56")]
    [InlineData("2026-1-20-12:34:56")]
    [InlineData("20261120--1:34:56")]
    public void What_is_no_moment_of_the_calendar_is_refused(string text) =>
        Assert.False(FixTime.TryTimestamp(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Random_moments_survive_writing_and_reading()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        TimestampText texts = new();
        byte[] target = new byte[TimestampText.LengthMax];
        for (int i = 0; i < 20_000; i++)
        {
            long ns = random.NextInt64(0, 9_000_000_000_000_000_000);
            int decimals = random.Next(4) * 3;
            int length = texts.Write(target, ns, decimals);
            long unit = (long)Math.Pow(10, 9 - decimals);
            Assert.True(FixTime.TryTimestamp(target.AsSpan(0, length), out long read), $"seed {seed}");
            Assert.True(ns / unit * unit == read, $"seed {seed}: {ns} {Encoding.ASCII.GetString(target, 0, length)}");
            string expected = DateTime.UnixEpoch.AddTicks(ns / 100).ToString("yyyyMMdd-HH:mm:ss", CultureInfo.InvariantCulture);
            Assert.Equal(expected, Encoding.ASCII.GetString(target, 0, 17));
        }
    }

    [Fact]
    public void Moments_before_1970_are_written_too()
    {
        byte[] target = new byte[TimestampText.LengthMax];
        int length = new TimestampText().Write(target, -1, 9);
        Assert.Equal("19691231-23:59:59.999999999", Encoding.ASCII.GetString(target, 0, length));
    }
}
