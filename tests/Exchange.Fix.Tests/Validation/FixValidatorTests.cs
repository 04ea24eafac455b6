using Exchange.Fix.Dictionary;
using Exchange.Fix.Framing;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;

namespace Exchange.Fix.Tests.Validation;

/// <summary>Each row of the session-level rejections by name: SessionRejectReason (373) and RefTagID (371).</summary>
public sealed class FixValidatorTests
{
    private const string Header = "35=D|34=2|49=C|52=20261120-12:34:56.789|56=E|";
    private const string Body = "11=1|55=AAPL|54=1|60=20261120-12:34:56|38=100|40=2|44=1.5|";

    private readonly FixParser _parser = new(FixDictionaries.Fix44);

    [Theory]
    [InlineData(FixText.NewOrderBody)]
    [InlineData(Header + Body)]
    [InlineData("35=0|34=2|49=C|52=20261120-12:34:56|56=E|")]
    [InlineData("35=A|34=1|49=C|52=20261120-12:34:56|56=E|98=0|108=30|141=Y|553=u|554=p|789=1|464=N|925=x|383=4096|")]
    [InlineData("35=A|34=1|49=C|52=20261120-12:34:56|56=E|98=0|108=30|95=5|96=a|b|c|141=Y|")]
    [InlineData("35=2|34=2|49=C|52=20261120-12:34:56.123456|56=E|7=1|16=0|")]
    [InlineData("35=4|34=2|49=C|52=20261120-12:34:56.123456789|56=E|43=Y|122=20261120-12:34:56|123=Y|36=10|")]
    [InlineData("35=F|34=2|49=C|52=20261120-12:34:56|56=E|41=1|11=2|55=AAPL|54=1|60=20261120-12:34:56|")]
    [InlineData("35=H|34=2|49=C|52=20261120-12:34:56|56=E|11=2|790=q|55=AAPL|54=1|")]
    [InlineData(Header + Body + "453=2|448=A|447=D|452=1|802=1|523=S|803=1|448=B|452=3|58=x|")]
    [InlineData("35=D|34=2|49=C|52=20261120-12:34:56|56=E|627=1|628=HUB|630=7|" + Body)]
    [InlineData(Header + Body + "354=7|355=8=FIX|x|")]
    [InlineData(Header + Body + "93=3|89=a|c|")]
    public void A_valid_message_is_valid(string body) => Assert.Equal(FixFault.None, Validate(body));

    [Theory]
    [InlineData("x1=1|", 0)]
    [InlineData("=1|", 0)]
    [InlineData("01=1|", 0)]
    [InlineData("0=1|", int.MinValue)]
    [InlineData("-1=1|", -1)]
    [InlineData("-01=1|", 0)]
    [InlineData("-2147483648=1|", 0)]
    [InlineData("-|", 0)]
    [InlineData("-=1|", 0)]
    [InlineData("|", 0)]
    [InlineData("58|", 0)]
    [InlineData("9999999999=1|", 0)]
    [InlineData("1 =1|", 0)]
    public void Invalid_tag_number_is_0(string field, int refTag) => AssertFault(SessionRejectReason.InvalidTagNumber, refTag, Header + Body + field);

    [Theory]
    [InlineData("35=D|34=2|49=C|52=20261120-12:34:56|56=E|55=AAPL|54=1|60=20261120-12:34:56|38=100|40=2|", 11)]
    [InlineData("35=D|34=2|49=C|56=E|" + Body, 52)]
    [InlineData("35=D|34=2|52=20261120-12:34:56|56=E|" + Body, 49)]
    [InlineData("35=D|49=C|52=20261120-12:34:56|56=E|" + Body, 34)]
    [InlineData("35=1|34=2|49=C|52=20261120-12:34:56|56=E|", 112)]
    [InlineData(Header + Body + "95=3|58=abc|", 96)]
    [InlineData(Header + Body + "355=abc|", 354)]
    [InlineData(Header + Body + "58=x|355=abc|", 354)]
    [InlineData(Header + Body + "453=1|448=A|802=1|523=S|354=3|", 355)]
    public void Required_tag_missing_is_1(string body, int refTag) => AssertFault(SessionRejectReason.RequiredTagMissing, refTag, body);

    [Theory]
    [InlineData(Header + Body + "108=30|", 108)]
    [InlineData(Header + Body + "210=5|", 210)]
    [InlineData(Header + Body + "152=5|", 152)]
    [InlineData(Header + Body + "168=20261120-12:34:56|", 168)]
    [InlineData(Header + Body + "448=A|", 448)]
    [InlineData("35=0|34=2|49=C|52=20261120-12:34:56|56=E|58=x|", 58)]
    public void Tag_not_defined_for_this_message_type_is_2(string body, int refTag) =>
        AssertFault(SessionRejectReason.TagNotDefinedForMessage, refTag, body);

    [Theory]
    [InlineData("9001=x|", 9001)]
    [InlineData("1137=9|", 1137)]
    [InlineData("2=x|", 2)]
    [InlineData("123456=x|", 123456)]
    [InlineData("2147483647=x|", 2147483647)]
    public void Undefined_tag_is_0(string field, int refTag) => AssertFault(SessionRejectReason.InvalidTagNumber, refTag, Header + Body + field);

    [Theory]
    [InlineData("58=|", 58)]
    [InlineData("1=|", 1)]
    [InlineData("453=|", 453)]
    public void Tag_without_a_value_is_4(string field, int refTag) => AssertFault(SessionRejectReason.TagWithoutValue, refTag, Header + Body + field);

    [Theory]
    [InlineData("35=D|34=2|49=C|52=20261120-12:34:56|56=E|11=1|55=A|54=Z|60=20261120-12:34:56|38=100|40=2|", 54)]
    [InlineData("35=D|34=2|49=C|52=20261120-12:34:56|56=E|11=1|55=A|54=1|60=20261120-12:34:56|38=100|40=x|", 40)]
    [InlineData("35=A|34=1|49=C|52=20261120-12:34:56|56=E|98=1|108=30|", 98)]
    [InlineData("35=A|34=1|49=C|52=20261120-12:34:56|56=E|98=0|108=30|95=3|96=abcd|", 95)]
    [InlineData("35=A|34=1|49=C|52=20261120-12:34:56|56=E|98=0|108=30|95=9999|96=abcd|", 95)]
    [InlineData(Header + Body + "581=77|", 581)]
    [InlineData(Header + Body + "528=AA|", 528)]
    public void Value_out_of_range_is_5(string body, int refTag) => AssertFault(
        body.Contains("528=", StringComparison.Ordinal) ? SessionRejectReason.IncorrectDataFormat : SessionRejectReason.ValueOutOfRange, refTag, body);

    [Theory]
    [InlineData("44=1.2.3|", 44)]
    [InlineData("44=1,5|", 44)]
    [InlineData("44=1e5|", 44)]
    [InlineData("44=.|", 44)]
    [InlineData("44=-|", 44)]
    [InlineData("44=+1|", 44)]
    [InlineData("44= 1|", 44)]
    [InlineData("64=20261131|", 64)]
    [InlineData("64=2026112|", 64)]
    [InlineData("126=20260230-00:00:00|", 126)]
    [InlineData("126=20261120-24:00:00|", 126)]
    [InlineData("126=20261120-12:60:00|", 126)]
    [InlineData("126=20261120-12:00:60|", 126)]
    [InlineData("126=20261120-12:00:00.|", 126)]
    [InlineData("126=20261120-12:00:00.12|", 126)]
    [InlineData("126=20261120-12:00:00.1234567|", 126)]
    [InlineData("126=20261120-12:00:00.12345678a|", 126)]
    [InlineData("126=20261120 12:00:00|", 126)]
    [InlineData("114=X|", 114)]
    [InlineData("114=YY|", 114)]
    [InlineData("200=202613|", 200)]
    [InlineData("200=202612w6|", 200)]
    [InlineData("15=EU|", 15)]
    [InlineData("470=USA|", 470)]
    [InlineData("581=x|", 581)]
    public void Incorrect_data_format_is_6(string field, int refTag) =>
        AssertFault(SessionRejectReason.IncorrectDataFormat, refTag, Header + Body.Replace("44=1.5|", string.Empty, StringComparison.Ordinal) + field);

    [Theory]
    [InlineData("35=D|34=x|49=C|52=20261120-12:34:56|56=E|" + Body, 34)]
    [InlineData("35=D|34=-2|49=C|52=20261120-12:34:56|56=E|" + Body, 34)]
    [InlineData("35=D|34=99999999999999999999|49=C|52=20261120-12:34:56|56=E|" + Body, 34)]
    [InlineData("35=D|34=2|49=C|52=20261120|56=E|" + Body, 52)]
    public void A_header_field_with_a_wrong_form_is_6(string body, int refTag) => AssertFault(SessionRejectReason.IncorrectDataFormat, refTag, body);

    [Theory]
    [InlineData("126=20161231-23:59:60|")]
    [InlineData("126=20240229-00:00:00.999999999|")]
    [InlineData("64=20240229|")]
    [InlineData("200=202612w5|")]
    [InlineData("200=202612|")]
    [InlineData("200=20261231|")]
    [InlineData("423=1|")]
    public void Odd_but_right_values_are_accepted(string field) => Assert.Equal(FixFault.None, Validate(Header + Body + field));

    [Theory]
    [InlineData("35=@|")]
    [InlineData("35=ZZ|")]
    [InlineData("35=DD|")]
    [InlineData("35=U|")]
    public void Invalid_msg_type_is_11(string type) =>
        AssertFault(SessionRejectReason.InvalidMsgType, 0, type + "34=2|49=C|52=20261120-12:34:56|56=E|");

    [Theory]
    [InlineData("35=V|")]
    [InlineData("35=AE|")]
    [InlineData("35=8|")]
    [InlineData("35=9|")]
    [InlineData("35=U1|")]
    public void A_type_that_is_not_supported_is_no_session_fault(string type) =>
        Assert.True(Validate(type + "34=2|49=C|52=20261120-12:34:56|56=E|").IsUnsupportedMessage);

    [Theory]
    [InlineData(Header + Body + "44=1.6|", 44)]
    [InlineData(Header + Body + "35=D|", 35)]
    [InlineData(Header + Body + "34=3|", 34)]
    [InlineData(Header + Body + "10=123|", 10)]
    [InlineData(Header + Body + "8=FIX.4.4|", 8)]
    public void Tag_appears_more_than_once_is_13(string body, int refTag) => AssertFault(SessionRejectReason.TagAppearsMoreThanOnce, refTag, body);

    [Theory]
    [InlineData("35=D|34=2|49=C|52=20261120-12:34:56|11=1|56=E|55=AAPL|54=1|60=20261120-12:34:56|38=100|40=2|", 56)]
    [InlineData(Header + Body + "43=Y|", 43)]
    [InlineData(Header + "93=1|89=x|" + Body, 11)]
    public void Tag_out_of_required_order_is_14(string body, int refTag) => AssertFault(SessionRejectReason.TagOutOfOrder, refTag, body);

    [Theory]
    [InlineData("453=1|447=D|448=A|452=1|", 447)]
    [InlineData("453=1|448=A|452=1|447=D|", 447)]
    [InlineData("453=2|448=A|452=1|448=B|452=1|447=D|", 447)]
    public void Group_fields_out_of_order_is_15(string fields, int refTag) =>
        AssertFault(SessionRejectReason.GroupFieldsOutOfOrder, refTag, Header + Body + fields);

    [Theory]
    [InlineData("453=2|448=A|447=D|452=1|", 453)]
    [InlineData("453=1|448=A|448=B|", 453)]
    [InlineData("453=0|448=A|", 453)]
    [InlineData("453=1|58=x|", 453)]
    [InlineData("453=1|448=A|802=2|523=S|", 802)]
    [InlineData("453=9223372036854775807|448=A|", 453)]
    [InlineData("453=1|", 453)]
    public void Incorrect_num_in_group_is_16(string fields, int refTag) =>
        AssertFault(SessionRejectReason.IncorrectNumInGroup, refTag, Header + Body + fields);

    [Fact]
    public void Values_within_groups_are_checked() =>
        AssertFault(SessionRejectReason.IncorrectDataFormat, 452, Header + Body + "453=1|448=A|452=x|");

    [Fact]
    public void A_message_with_too_many_fields_is_99()
    {
        string body = Header + Body + string.Concat(Enumerable.Repeat("58=x|", FixParser.FieldCountMax));
        AssertFault(SessionRejectReason.Other, 0, body);
    }

    [Theory]
    [InlineData(ValidationSwitches.AllowUnknownTags, "9001=x|1137=9|123456=y|2=x|")]
    [InlineData(ValidationSwitches.AllowUserDefinedTags, "9001=x|20001=x|")]
    [InlineData(ValidationSwitches.AllowEmptyValues, "58=|1=|")]
    [InlineData(ValidationSwitches.AllowAnyGroupOrder, "453=1|448=A|452=1|447=D|")]
    public void Each_switch_allows_what_it_names(ValidationSwitches switches, string fields)
    {
        Assert.False(Validate(Header + Body + fields).IsValid);
        Assert.Equal(FixFault.None, Validate(Header + Body + fields, switches));
    }

    [Theory]
    [InlineData(ValidationSwitches.AllowUserDefinedTags, "1137=9|", SessionRejectReason.InvalidTagNumber, 1137)]
    [InlineData(ValidationSwitches.AllowUnknownTags, "210=5|", SessionRejectReason.TagNotDefinedForMessage, 210)]
    [InlineData(ValidationSwitches.AllowUnknownTags, "x=5|", SessionRejectReason.InvalidTagNumber, 0)]
    public void A_switch_allows_nothing_else(ValidationSwitches switches, string fields, SessionRejectReason reason, int refTag) =>
        Assert.Equal(new FixFault(reason, refTag), Validate(Header + Body + fields, switches));

    [Fact]
    public void An_empty_required_field_is_refused_whatever_the_switches() => Assert.Equal(
        new FixFault(SessionRejectReason.TagWithoutValue, 11),
        Validate(Header + Body.Replace("11=1|", "11=|", StringComparison.Ordinal), ValidationSwitches.AllowEmptyValues));

    [Fact]
    public void The_first_of_several_faults_is_named() =>
        AssertFault(SessionRejectReason.InvalidTagNumber, 9001, Header + "9001=x|" + Body + "44=2|110=1|");

    private FixFault Validate(string body, ValidationSwitches switches = ValidationSwitches.None)
    {
        byte[] frame = FixText.Frame(body);
        Assert.Equal(FrameStatus.Message, FixFramer.Read(frame).Status);
        return FixValidator.Validate(_parser.Parse(frame), switches);
    }

    private void AssertFault(SessionRejectReason reason, int refTag, string body) => Assert.Equal(new FixFault(reason, refTag), Validate(body));
}
