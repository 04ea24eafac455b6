using Exchange.Fix.Dictionary;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Tests.Translation;

/// <summary>Requests about many orders and about instruments as commands, and data fields that hold a SOH.</summary>
public sealed class RequestTranslationTests
{
    private const string MassCancel = "35=q|" + Sample.Header + "11=MC1|530=1|55=AAPL|54=1|60=20261120-12:34:56|";
    private const string MassStatus = "35=AF|" + Sample.Header + "584=MS1|585=7|";

    [Fact]
    public void Mass_requests_carry_scope_security_and_side()
    {
        MassOrderCommand cancel = Sample.Translate<MassOrderCommand>(CommandType.MassCancel, MassCancel);
        Assert.Equal(("MC1", "AAPL", MassScope.Security, Side.Buy, 0), (cancel.RequestId.ToString(), cancel.Symbol.ToString(), cancel.Scope, cancel.Side, cancel.IsNarrowed));
        MassOrderCommand status = Sample.Translate<MassOrderCommand>(CommandType.MassStatus, MassStatus);
        Assert.Equal(("MS1", "", MassScope.All, Side.None, 0), (status.RequestId.ToString(), status.Symbol.ToString(), status.Scope, status.Side, status.IsNarrowed));
        Assert.Equal((MassScope)'8', Sample.Translate<MassOrderCommand>(CommandType.MassStatus, MassStatus.Replace("585=7", "585=8", StringComparison.Ordinal)).Scope);
    }

    [Theory]
    [InlineData("1=ACC|")]
    [InlineData("336=1|")]
    [InlineData("453=1|448=X|447=D|452=3|")]
    public void A_mass_status_limited_by_more_is_marked(string more) =>
        Assert.Equal(1, Sample.Translate<MassOrderCommand>(CommandType.MassStatus, MassStatus + more).IsNarrowed);

    [Fact]
    public void A_mass_cancel_limited_by_more_is_marked() =>
        Assert.Equal(1, Sample.Translate<MassOrderCommand>(CommandType.MassCancel, MassCancel + "336=1|").IsNarrowed);

    [Theory]
    [InlineData("11=MC1|530=7|48=US0378331005|22=4|", 1)]
    [InlineData("11=MC1|530=1|55=AAPL|48=US0378331005|22=4|", 0)]
    public void A_security_named_by_its_id_alone_is_no_request_for_everything(string fields, int isNarrowed) =>
        Assert.Equal(isNarrowed, Sample.Translate<MassOrderCommand>(CommandType.MassCancel, "35=q|" + Sample.Header + fields + "60=20261120-12:34:56|").IsNarrowed);

    [Fact]
    public void Requests_about_instruments_carry_type_and_subject()
    {
        SecurityRequestCommand list = Sample.Translate<SecurityRequestCommand>(CommandType.SecurityListRequest, "35=x|" + Sample.Header + "320=R1|559=4|");
        Assert.Equal(("R1", "", '4'), (list.RequestId.ToString(), list.Subject.ToString(), (char)list.RequestType));
        SecurityRequestCommand definition = Sample.Translate<SecurityRequestCommand>(CommandType.SecurityDefinitionRequest, "35=c|" + Sample.Header + "320=R2|321=0|55=MSFT|");
        Assert.Equal(("R2", "MSFT", '0'), (definition.RequestId.ToString(), definition.Subject.ToString(), (char)definition.RequestType));
        SecurityRequestCommand status = Sample.Translate<SecurityRequestCommand>(CommandType.SecurityStatusRequest, "35=e|" + Sample.Header + "324=R3|55=MSFT|263=1|");
        Assert.Equal(("R3", "MSFT", '1'), (status.RequestId.ToString(), status.Subject.ToString(), (char)status.Subscription));
        SecurityRequestCommand session = Sample.Translate<SecurityRequestCommand>(CommandType.TradingSessionStatusRequest, "35=g|" + Sample.Header + "335=R4|336=1|263=0|");
        Assert.Equal(("R4", "1", '0'), (session.RequestId.ToString(), session.Subject.ToString(), (char)session.Subscription));
    }

    [Theory]
    [InlineData("35=q|{0}11=1234567890123456789012345678901234567|530=7|60=20261120-12:34:56|", 11)]
    [InlineData("35=AF|{0}584=1234567890123456789012345678901234567|585=7|", 584)]
    [InlineData("35=x|{0}320=1234567890123456789012345678901234567890|559=4|", 320)]
    [InlineData("35=c|{0}320=R|321=0|55=123456789012345678901234|", 55)]
    [InlineData("35=g|{0}335=R|336=123456789012345678901234|263=0|", 336)]
    public void Texts_that_are_too_long_are_refused(string body, int tag)
    {
        FixCommandHeader refused = Sample.Refused(body.Replace("{0}", Sample.Header, StringComparison.Ordinal));
        Assert.Equal((GatewayVerdict.SessionReject, 5, tag), (refused.Verdict, refused.Reason, refused.RefTagId));
    }

    [Theory]
    [InlineData("35=q|{0}11=MC1|60=20261120-12:34:56|", 1, 530)]
    [InlineData("35=q|{0}11=MC1|530=X|60=20261120-12:34:56|", 5, 530)]
    [InlineData("35=AF|{0}584=MS1|", 1, 585)]
    [InlineData("35=AF|{0}584=MS1|585=99|", 5, 585)]
    [InlineData("35=x|{0}559=4|", 1, 320)]
    [InlineData("35=e|{0}324=R3|55=MSFT|", 1, 263)]
    public void Missing_fields_and_codes_that_do_not_exist_are_refused(string body, int reason, int tag)
    {
        FixCommandHeader refused = Sample.Refused(body.Replace("{0}", Sample.Header, StringComparison.Ordinal));
        Assert.Equal((GatewayVerdict.SessionReject, reason, tag), (refused.Verdict, refused.Reason, refused.RefTagId));
    }

    [Theory]
    [InlineData("35=n|{0}212=8|213=<a>\u0001</a>|")]
    [InlineData("35=B|{0}148=h|33=1|58=t|")]
    [InlineData("35=r|{0}37=1|530=7|531=7|")]
    public void What_the_exchange_does_not_process_is_answered_with_a_business_reject(string body)
    {
        FixCommandHeader refused = Sample.Refused(body.Replace("{0}", Sample.Header, StringComparison.Ordinal));
        Assert.Equal((GatewayVerdict.BusinessReject, 3), (refused.Verdict, refused.Reason));
    }

    [Fact]
    public void In_a_version_without_mass_requests_they_are_not_supported()
    {
        SessionProfile profile = Sample.Profile(dictionary: FixDictionaries.All.Single(each => each.Version == "FIX.4.2"));
        Assert.Equal(GatewayVerdict.SessionReject, Sample.Refused(MassStatus, profile, "FIX.4.2").Verdict);
    }

    [Theory]
    [InlineData("354=4|355=a\u0001=b|")]
    [InlineData("354=5|355=\u000110=0|")]
    public void Data_fields_are_read_by_their_length(string data)
    {
        MassOrderCommand cancel = Sample.Translate<MassOrderCommand>(CommandType.MassCancel, MassCancel + "58=x|" + data);
        Assert.Equal("MC1", cancel.RequestId.ToString());
    }

    [Fact]
    public void Xml_data_in_the_header_and_raw_data_of_a_logon_may_hold_a_soh()
    {
        MassOrderCommand cancel = Sample.Translate<MassOrderCommand>(CommandType.MassCancel, "35=q|" + Sample.Header + "212=8|213=<a>\u0001</a>|11=MC1|530=7|60=20261120-12:34:56|");
        Assert.Equal(MassScope.All, cancel.Scope);
        LogonCommand logon = Sample.Translate<LogonCommand>(CommandType.Logon, "35=A|" + Sample.Header + "98=0|108=30|95=6|96=\u0001108=5|");
        Assert.Equal(30, logon.HeartBtIntSec);
    }

    [Theory]
    [InlineData("354=3|355=a\u0001=b|")]
    [InlineData("354=9|355=a\u0001=b|")]
    public void A_length_that_does_not_fit_its_data_is_refused(string data) =>
        Assert.Equal(GatewayVerdict.SessionReject, Sample.Refused(MassCancel + "58=x|" + data).Verdict);
}
