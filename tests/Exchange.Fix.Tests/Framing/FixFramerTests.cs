using Exchange.Fix.Framing;

namespace Exchange.Fix.Tests.Framing;

public sealed class FixFramerTests
{
    private static readonly byte[] Order = FixText.Frame(FixText.NewOrderBody);

    [Fact]
    public void A_complete_message_is_found_with_its_length()
    {
        Assert.Equal(178, Order.Length);
        Assert.Equal(new FixFrame(FrameStatus.Message, 178, 0, GarbledReason.None), FixFramer.Read(Order));
    }

    [Fact]
    public void Only_the_first_of_two_messages_is_taken()
    {
        byte[] two = [.. Order, .. FixText.Frame("35=0|34=2|")];
        Assert.Equal(178, FixFramer.Read(two).Consumed);
        Assert.Equal(FrameStatus.Message, FixFramer.Read(two.AsSpan(178)).Status);
    }

    [Fact]
    public void Every_prefix_of_a_message_needs_more_and_tells_no_more_than_the_truth()
    {
        for (int length = 0; length < Order.Length; length++)
        {
            FixFrame frame = FixFramer.Read(Order.AsSpan(0, length));
            Assert.Equal(FrameStatus.NeedMore, frame.Status);
            Assert.Equal(0, frame.Consumed);
            Assert.InRange(frame.BytesNeeded, length + 1, Order.Length);
        }
    }

    [Fact]
    public void A_zero_padded_body_length_is_accepted()
    {
        string head = "8=FIX.4.4|9=0000010|35=0|34=2|".Replace('|', '\u0001');
        byte[] message = FixText.Bytes(head + FixText.Trailer(head));
        Assert.Equal(FrameStatus.Message, FixFramer.Read(message).Status);
        Assert.Equal(message.Length, FixFramer.Read(message).Consumed);
    }

    [Fact]
    public void Data_may_hold_soh_and_the_start_and_end_of_a_message()
    {
        byte[] message = FixText.Frame("35=A|34=1|95=27|96=x|10=000|8=FIX.4.4|9=5|35=0|98=0|");
        Assert.Equal(new FixFrame(FrameStatus.Message, message.Length, 0, GarbledReason.None), FixFramer.Read(message));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 18, GarbledReason.NoBeginString)]
    [InlineData("xx8=FIX.4.4|", 2, GarbledReason.NoBeginString)]
    [InlineData("xx8=F", 2, GarbledReason.NoBeginString)]
    [InlineData("8=FOX.4.4|9=5|", 14, GarbledReason.NoBeginString)]
    [InlineData("8=FIX.4.4.4.4.4.4.4.4|9=5|", 26, GarbledReason.BeginStringTooLong)]
    [InlineData("8=FIX.4.4|35=D|9=5|", 19, GarbledReason.BodyLengthInvalid)]
    [InlineData("8=FIX.4.4|9=|35=0|", 18, GarbledReason.BodyLengthInvalid)]
    [InlineData("8=FIX.4.4|9=1x|35=0|", 20, GarbledReason.BodyLengthInvalid)]
    [InlineData("8=FIX.4.4|9=-5|35=0|", 20, GarbledReason.BodyLengthInvalid)]
    [InlineData("8=FIX.4.4|9=00000000000000005|35=0|", 35, GarbledReason.BodyLengthInvalid)]
    [InlineData("8=FIX.4.4|9=8193|35=0|", 22, GarbledReason.BodyLengthOverLimit)]
    [InlineData("8=FIX.4.4|9=9999999999999999|35=0|8=FIX", 34, GarbledReason.BodyLengthOverLimit)]
    [InlineData("8=FIX.4.4|9=4|35=0|", 19, GarbledReason.MsgTypeMissing)]
    [InlineData("8=FIX.4.4|9=12|34=1|", 20, GarbledReason.MsgTypeMissing)]
    [InlineData("8=FIX.4.4|9=12|35=|34=1|49=A|10=000|", 36, GarbledReason.MsgTypeMissing)]
    [InlineData("8=FIX.4.4|9=9|35=0|34=2|10=000|8=FIX.4.4|", 31, GarbledReason.CheckSumMisplaced)]
    [InlineData("8=FIX.4.4|9=10|35=0|34=2|10=0x0|8=FIX.4.4|", 32, GarbledReason.CheckSumMisplaced)]
    [InlineData("8=FIX.4.4|9=10|35=0|34=2|10=999|8=FIX.4.4|", 32, GarbledReason.CheckSumMisplaced)]
    [InlineData("8=FIX.4.4|9=10|35=0|34=2|10=000|8=FIX.4.4|", 32, GarbledReason.CheckSumWrong)]
    public void Garbled_input_is_consumed_up_to_the_next_start(string text, int consumed, GarbledReason reason)
    {
        Assert.Equal(new FixFrame(FrameStatus.Garbled, consumed, 0, reason), FixFramer.Read(FixText.Bytes(text)));
    }

    [Fact]
    public void A_message_quoted_in_one_with_a_wrong_checksum_is_not_executed()
    {
        byte[] message = FixText.Frame("35=A|34=1|95=178|96=" + FixText.Show(Order) + "|98=0|");
        message[24]++;
        Assert.Equal(message.Length, FixFramer.Read(message).Consumed);
    }

    [Fact]
    public void The_limit_of_the_body_length_is_inclusive()
    {
        byte[] message = FixText.Frame("35=0|112=" + new string('x', 100) + "|");
        Assert.Equal(FrameStatus.Message, FixFramer.Read(message, 110).Status);
        Assert.Equal(GarbledReason.BodyLengthOverLimit, FixFramer.Read(message, 109).Reason);
        Assert.Throws<ArgumentOutOfRangeException>(() => FixFramer.Read(message, FixFramer.BodyLengthLimit + 1));
    }

    [Fact]
    public void The_sum_is_that_of_a_plain_loop_for_all_lengths()
    {
        byte[] bytes = new byte[400];
        new Random(1).NextBytes(bytes);
        for (int length = 0; length < 300; length++)
        {
            ReadOnlySpan<byte> part = bytes.AsSpan(length % 7, length);
            int sum = 0;
            foreach (byte b in part)
            {
                sum += b;
            }

            Assert.Equal((byte)sum, CheckSum.Of(part));
        }
    }
}
