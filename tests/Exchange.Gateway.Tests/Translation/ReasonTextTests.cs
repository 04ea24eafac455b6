using System.Text;
using Exchange.Fix.Validation;
using Exchange.Gateway.Translation;
using Exchange.Protocol;

namespace Exchange.Gateway.Tests.Translation;

public sealed class ReasonTextTests
{
    public static TheoryData<ReasonCode> Codes => [.. Enum.GetValues<ReasonCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_reason_has_words_that_fit(ReasonCode code)
    {
        byte[] target = new byte[ReasonText.LengthMax];
        int length = ReasonText.Write(code, long.MinValue + 2, long.MinValue + 2, target);
        bool needsNoWords = code is ReasonCode.None or ReasonCode.UserRequested or ReasonCode.LogoutConfirmed;
        Assert.Equal(needsNoWords, length == 0);
        Assert.DoesNotContain((byte)'{', target);
        Assert.All(target[..length], b => Assert.InRange(b, (byte)' ', (byte)'~'));
        ReasonText.Write(code, FixedPoint.Unrepresentable, FixedPoint.Unrepresentable, target);
    }

    [Theory]
    [InlineData(0, "Invalid tag number")]
    [InlineData(1, "Required tag missing")]
    [InlineData(2, "Tag not defined for this message type")]
    [InlineData(4, "Tag specified without a value")]
    [InlineData(5, "Value is incorrect (out of range) for this tag")]
    [InlineData(6, "Incorrect data format for value")]
    [InlineData(9, "CompID problem")]
    [InlineData(10, "SendingTime accuracy problem")]
    [InlineData(11, "Invalid MsgType")]
    [InlineData(13, "Tag appears more than once")]
    [InlineData(14, "Tag specified out of required order")]
    [InlineData(15, "Repeating group fields out of order")]
    [InlineData(16, "Incorrect NumInGroup count for repeating group")]
    [InlineData(18, "Invalid or unsupported application version")]
    public void A_reject_says_the_name_that_the_session_specification_gives_its_reason(ushort reason, string name) =>
        Assert.Equal(name, Encoding.ASCII.GetString(ReasonText.RejectWords((SessionRejectReason)reason)));

    [Theory]
    [InlineData(ReasonCode.PriceNotOnTick, 10_125_500_000, 1_000_000, "Price 101.255 is not a multiple of the tick 0.01")]
    [InlineData(ReasonCode.QuantityOutOfRange, -100_000_000, 100_000_000_000_000, "Quantity -1 must be positive and at most 1000000")]
    [InlineData(ReasonCode.PriceNotOnTick, FixedPoint.Unrepresentable, 1_000_000, "Price (too large, or more than 8 decimals) is not a multiple of the tick 0.01")]
    [InlineData(ReasonCode.MsgSeqNumTooLow, 4, 9, "MsgSeqNum too low, expecting 9 but received 4")]
    [InlineData(ReasonCode.OrigSendingTimeMissing, 0, 0, "Required tag missing")]
    [InlineData(ReasonCode.SequenceResetLowers, 3, 9, "Value is incorrect (out of range) for this tag")]
    [InlineData(ReasonCode.TooManyOpenOrders, 0, 1000, "Too many open orders; the limit is 1000")]
    public void Value_and_limit_stand_in_the_words(ReasonCode code, long value, long limit, string expected)
    {
        byte[] target = new byte[ReasonText.LengthMax];
        Assert.Equal(expected, Encoding.ASCII.GetString(target, 0, ReasonText.Write(code, value, limit, target)));
    }
}
