using Exchange.Host.Conformance;

namespace Exchange.Host.Tests.Conformance;

/// <summary>The player's own codec, which must be right without the gateway's help.</summary>
public sealed class WireMessageTests
{
    [Fact]
    public void A_message_known_from_the_specification_is_framed_and_read()
    {
        // The example of the FIX session layer for BodyLength and CheckSum, worked out by hand: 5 bytes, sum 161.
        string text = WireMessage.Frame("FIX.4.4", Soh("35=0|"));
        Assert.Equal(Soh("8=FIX.4.4|9=5|35=0|10=163|"), text);
        WireMessage message = WireMessage.Parse(text);
        Assert.Equal("0", message.MsgType);
        Assert.Equal([8, 9, 35, 10], message.Fields.Select(field => field.Tag));
        Assert.Equal("8=FIX.4.4|9=5|35=0|10=163|", message.Readable);
    }

    [Theory]
    [InlineData("+2", null, "9=7|", "10=165|")]
    [InlineData("-1", null, "9=4|", "10=162|")]
    [InlineData(null, "+1", "9=5|", "10=164|")]
    [InlineData(null, "7", "9=5|", "10=7|")]
    [InlineData("abc", null, "9=abc|", "")]
    public void Faults_are_made_on_purpose(string? length, string? sum, string expectedLength, string expectedSum)
    {
        string text = WireMessage.Frame("FIX.4.4", Soh("35=0|"), length, sum).Replace(WireMessage.Soh, '|');
        Assert.Contains(expectedLength, text, StringComparison.Ordinal);
        Assert.EndsWith(expectedSum, text, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => WireMessage.Parse(Soh(text)));
    }

    [Fact]
    public void Data_is_as_long_as_its_length_says()
    {
        WireMessage message = WireMessage.Parse(WireMessage.Frame("FIX.4.4", Soh("35=D|354=8|355=a|10=0|b|58=x|")));
        Assert.Equal(Soh("a|10=0|b"), message[355]);
        Assert.Equal("x", message[58]);
        Assert.Throws<FormatException>(() => WireMessage.Parse(WireMessage.Frame("FIX.4.4", Soh("35=D|354=9|355=a|10=0|b|58=x|"))));
    }

    [Fact]
    public void Values_of_a_repeated_tag_are_told_apart()
    {
        WireMessage message = WireMessage.Parse(WireMessage.Frame("FIX.4.4", Soh("35=y|146=2|55=A|55=B|")));
        Assert.Equal("A", message.Occurrence(55, 0));
        Assert.Equal("B", message.Occurrence(55, 1));
        Assert.Null(message.Occurrence(55, 2));
        Assert.Equal(2, message.Number(146));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request")]
    [InlineData("8=FIX.4.4|35=0|9=5|10=000|")]
    [InlineData("8=FIX.4.4|9=5|35=0|10=164|")]
    [InlineData("8=FIX.4.4|9=6|35=0|10=163||")]
    public void What_is_no_message_is_said(string text)
    {
        WireMessage.Read(Soh(text), out WireMessage? message, out string? error);
        Assert.Null(message);
        Assert.NotNull(error);
    }

    [Fact]
    public void A_part_of_a_message_waits_for_the_rest()
    {
        string text = Soh("8=FIX.4.4|9=5|35=0|10=163|");
        for (int length = 0; length < text.Length; length++)
        {
            WireMessage.Read(text[..length], out WireMessage? message, out string? error);
            Assert.Null(message);
            Assert.Null(error);
        }
    }

    private static string Soh(string text) => text.Replace('|', WireMessage.Soh);
}
