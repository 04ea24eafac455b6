using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;
using Exchange.Protocol;

namespace Exchange.Fix.Tests.Parsing;

public sealed class FixParserTests
{
    private readonly FixParser _parser = new(FixDictionaries.Fix44);

    [Fact]
    public void Every_field_is_found_where_it_stands()
    {
        byte[] frame = FixText.Frame(FixText.NewOrderBody);
        FixMessage message = _parser.Parse(frame);
        string[] expected = FixText.Show(frame).Split('|', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(message.IsWellFormed);
        Assert.Equal(expected.Length, message.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], $"{message[i].Tag}={FixText.Show(message.Value(message[i]))}");
        }
    }

    [Fact]
    public void Values_are_read_by_tag()
    {
        FixMessage message = _parser.Parse(FixText.Frame(FixText.NewOrderBody + "9001=own|43=Y|"));
        Assert.Equal(FixMessageKind.NewOrderSingle, message.Kind);
        Assert.Equal(1234, message.Int64(FixTag.MsgSeqNum));
        Assert.Equal(10_125_000_000, message.E8(FixTag.Price));
        Assert.Equal((byte)'1', message.Char(FixTag.Side));
        Assert.Equal(1_795_178_096_789_000_000, message.TimestampNs(FixTag.TransactTime));
        Assert.Equal("own", FixText.Show(message.Text(9001)));
        Assert.True(message.IsYes(FixTag.PossDupFlag));
        Assert.False(message.Contains(FixTag.Text));
        Assert.False(message.Contains(9002));
        Assert.Equal(-1, message.Int64(FixTag.Symbol));
        Assert.Equal(FixedPoint.Absent, message.E8(FixTag.StopPx));
        Assert.Equal(FixedPoint.Absent, message.TimestampNs(FixTag.Symbol));
        Assert.Equal(0, message.Char(FixTag.Text));
    }

    [Fact]
    public void Data_is_taken_by_its_length_wherever_it_crosses_a_block()
    {
        for (int before = 0; before < 140; before++)
        {
            for (int length = 1; length < 140; length += 23)
            {
                string data = string.Concat(Enumerable.Repeat("|8=F", length))[..length];
                string body = $"35=D|34=1|58={new string('x', before + 1)}|354={length}|355={data}|1=after|";
                FixMessage message = _parser.Parse(FixText.Frame(body));
                Assert.True(message.IsWellFormed);
                Assert.Equal(data, FixText.Show(message.Text(FixTag.EncodedText)));
                Assert.Equal("after", FixText.Show(message.Text(FixTag.Account)));
                Assert.Equal(9, message.Count);
            }
        }
    }

    [Fact]
    public void A_parser_forgets_the_message_before()
    {
        _parser.Parse(FixText.Frame(FixText.NewOrderBody));
        FixMessage message = _parser.Parse(FixText.Frame("35=0|34=2|49=A|"));
        Assert.False(message.Contains(FixTag.Price));
        Assert.Equal(6, message.Count);
    }

    [Fact]
    public void Forgetting_survives_the_wrap_of_its_counter()
    {
        byte[] order = FixText.Frame("35=D|34=2|44=1|");
        byte[] heartbeat = FixText.Frame("35=0|34=2|");
        for (int i = 0; i < 70_000; i++)
        {
            _parser.Parse(i % 65_536 == 3 ? order : heartbeat);
            if (i % 65_536 > 3 && _parser.IndexOf(FixTag.Price) >= 0)
            {
                Assert.Fail($"message {i} has the price of another");
            }
        }
    }

    [Fact]
    public void What_is_no_frame_is_an_error_of_the_caller()
    {
        foreach (string bytes in new[] { "", "8=FIX.4.4|9=5|", "8=FIX.4.4|9=9|35=0|34=2x10=000|", "8=FIX.4.4|9=9|35=0|34=2|10=000x" })
        {
            Assert.Throws<ArgumentException>(() => _parser.Parse(FixText.Bytes(bytes)));
        }

        Assert.Throws<ArgumentException>(() => _parser.Parse(new byte[70_000]));
    }

    [Fact]
    public unsafe void All_vector_widths_find_the_same()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int i = 0; i < 2000; i++)
        {
            byte[] frame = FixText.Frame("35=D|" + Fuzz.Fields(random));
            string vector = Describe(frame);
            foreach (int width in new[] { 256, 512, 0 })
            {
                _parser.Parse(frame);
                fixed (byte* start = frame)
                {
                    switch (width)
                    {
                        case 256: _parser.Index<SohSearch256>(start, frame.Length); break;
                        case 512: _parser.Index<SohSearch512>(start, frame.Length); break;
                        default: _parser.Index<SohSearchScalar>(start, frame.Length); break;
                    }
                }

                Assert.True(vector == Describe(_parser), $"seed {seed}, width {width}: {FixText.Show(frame)}");
            }
        }
    }

    private string Describe(byte[] frame)
    {
        _parser.Parse(frame);
        return Describe(_parser);
    }

    private static string Describe(FixParser parser) =>
        string.Join(' ', parser.Fields.Take(parser.Count).Select(field => $"{field.Tag}:{field.Offset}+{field.Length}"));
}
