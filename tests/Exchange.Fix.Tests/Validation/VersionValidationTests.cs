using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;

namespace Exchange.Fix.Tests.Validation;

/// <summary>What is right in one version of FIX and wrong in another.</summary>
public sealed class VersionValidationTests
{
    private const string Header = "34=2|49=C|52=20261120-12:34:56.789|56=E|";
    private const string Order = "35=D|" + Header + "11=1|21=1|55=INTC|54=1|60=20261120-12:34:56|38=100|40=1|";

    [Theory]
    [InlineData("", "+++")]
    [InlineData("109=client|76=broker|47=A|204=0|439=F|440=A|205=15|223=1.5|", "+--")]
    [InlineData("453=1|448=A|447=D|452=1|", "-++")]
    [InlineData("12=1|13=1|", "+++")]
    [InlineData("1028=Y|1091=N|1300=EQ|768=1|769=20261120-12:34:56|770=1|", "--+")]
    [InlineData("528=A|", "-++")]
    [InlineData("386=2|336=A|336=B|", "+++")]
    [InlineData("386=2|336=A|625=1|336=B|", "-++")]
    [InlineData("167=FUT|", "+++")]
    [InlineData("167=BOO|", "---")]
    [InlineData("59=7|", "-++")]
    [InlineData("205=32|", "---")]
    [InlineData("152=100|", "---")]
    [InlineData("210=5|", "---")]
    [InlineData("18=G|", "+++")]
    [InlineData("18=6 G|", "+++")]
    [InlineData("18=6 |", "---")]
    [InlineData("18=a|", "-++")]
    [InlineData("99=1|110=5|111=5|432=20261120|126=20261120-12:34:56|", "+++")]
    [InlineData("1138=5|", "--+")]
    [InlineData("2362=DESK1|2964=4|", "+++")]
    [InlineData("2964=5|", "---")]
    [InlineData("432=20261131|", "---")]
    public void A_new_order_may_carry_what_its_version_knows_and_the_exchange_heeds(string fields, string validIn) =>
        Assert.Equal(validIn, ValidIn(Order + fields));

    [Theory]
    [InlineData("35=0|34=2|49=C|52=20261120-12:34:56|", 56, 56, 56)]
    [InlineData("35=D|" + Header + "40=1|60=20261120-12:34:56|54=1|21=3|11=id|", 55, 55, 0)]
    [InlineData("35=D|" + Header + "40=1|60=20261120-12:34:56|54=1|21=3|", 11, 11, 11)]
    [InlineData("35=D|" + Header + "40=1|60=20261120-12:34:56|11=id|21=3|55=A|", 54, 54, 54)]
    [InlineData("35=D|" + Header + "40=1|60=20261120-12:34:56|11=id|54=1|55=A|", 21, 0, 0)]
    [InlineData("35=D|" + Header + "40=1|54=1|11=id|21=3|55=A|", 60, 60, 60)]
    [InlineData("35=A|" + Header + "98=0|108=2|", 0, 0, 1137)]
    [InlineData("35=e|" + Header + "324=1|263=0|", 55, 55, 0)]
    [InlineData("35=c|" + Header + "320=1|321=0|", 0, 0, 0)]
    public void What_a_version_requires_is_missed(string body, int fix42, int fix44, int fix50) => Assert.Equal(
        new[] { fix42, fix44, fix50 }.Select(tag => tag == 0 ? FixFault.None : new FixFault(SessionRejectReason.RequiredTagMissing, tag)),
        FixDictionaries.All.Select(dictionary => Validate(dictionary, body)));

    [Theory]
    [InlineData("35=q|" + Header + "11=1|530=7|60=20261120-12:34:56|", "-++")]
    [InlineData("35=AF|" + Header + "584=1|585=7|", "-++")]
    [InlineData("35=x|" + Header + "320=1|559=4|", "-++")]
    [InlineData("35=BE|" + Header + "923=1|924=3|553=u|554=old|925=new|", "-++")]
    [InlineData("35=c|" + Header + "320=1|321=3|", "+++")]
    [InlineData("35=e|" + Header + "324=1|55=A|263=1|", "+++")]
    [InlineData("35=g|" + Header + "335=1|263=0|", "+++")]
    [InlineData("35=n|" + Header + "212=7|213=<a>|</a|", "+++")]
    [InlineData("35=H|" + Header + "11=1|55=A|54=1|", "+++")]
    [InlineData("35=H|" + Header + "11=1|790=q|55=A|54=1|", "-++")]
    [InlineData("35=A|" + Header + "98=0|108=30|553=u|554=p|", "++-")]
    [InlineData("35=A|" + Header + "98=0|108=30|1137=9|", "--+")]
    [InlineData("35=A|" + Header + "98=0|108=30|1137=8|", "---")]
    [InlineData("35=A|" + Header + "98=0|108=30|789=1|", "-+-")]
    public void Each_version_has_its_messages(string body, string validIn) => Assert.Equal(validIn, ValidIn(body));

    [Theory]
    [InlineData("1128=9|", "--+")]
    [InlineData("370=20261120-12:34:56|", "+--")]
    [InlineData("627=1|628=HUB|", "-++")]
    public void The_header_differs(string fields, string validIn) => Assert.Equal(validIn, ValidIn("35=0|" + Header + fields));

    [Theory]
    [InlineData("q", false, true, true)]
    [InlineData("AF", false, true, true)]
    [InlineData("CA", false, false, true)]
    [InlineData("n", true, true, true)]
    [InlineData("V", true, true, true)]
    [InlineData("*", false, false, false)]
    public void A_type_of_another_version_is_no_type(string type, bool fix42, bool fix44, bool fix50) => Assert.Equal(
        [fix42, fix44, fix50], FixDictionaries.All.Select(dictionary => dictionary.IsKnownMsgType(System.Text.Encoding.ASCII.GetBytes(type))));

    private static string ValidIn(string body) =>
        string.Concat(FixDictionaries.All.Select(dictionary => Validate(dictionary, body).IsValid ? '+' : '-'));

    private static FixFault Validate(FixDictionary dictionary, string body) =>
        FixValidator.Validate(new FixParser(dictionary).Parse(FixText.Frame(body, dictionary.BeginString)));
}
