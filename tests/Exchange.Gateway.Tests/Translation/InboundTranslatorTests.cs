using System.Runtime.InteropServices;
using System.Text;
using Exchange.Fix.Dictionary;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Tests.Translation;

public sealed class InboundTranslatorTests
{
    private const string Order = "11=ORD1|55=AAPL|54=1|60=20261120-12:34:56.5|38=100|40=2|44=101.25|";
    private const string NewOrder = "35=D|" + Sample.Header + "11=ORD1|55=AAPL|54=1|60=20261120-12:34:56.500|38=100|40=2|44=101.25|";

    [Fact]
    public void A_new_order_becomes_a_record_with_every_field()
    {
        NewOrderCommand command = Sample.Translate<NewOrderCommand>(CommandType.NewOrder, NewOrder + "1=ACC|59=3|");
        Assert.Equal("ORD1", command.ClOrdId.ToString());
        Assert.Equal("AAPL", command.Symbol.ToString());
        Assert.Equal("ACC", command.Account.ToString());
        Assert.Equal(10_125_000_000, command.PriceE8);
        Assert.Equal(10_000_000_000, command.QuantityE8);
        Assert.Equal(Sample.NowNs - 289_000_000, command.TransactTimeNs);
        Assert.Equal(Side.Buy, command.Side);
        Assert.Equal(OrdType.Limit, command.OrdType);
        Assert.Equal(TimeInForce.ImmediateOrCancel, command.TimeInForce);
        Assert.Equal(7, command.Header.MsgSeqNum);
        Assert.Equal(Sample.NowNs, command.Header.SendingTimeNs);
        Assert.Equal(Sample.NowNs, command.Header.Command.ReceivedNs);
        Assert.Equal(FixedPoint.Absent, command.Header.OrigSendingTimeNs);
        Assert.Equal("D", command.Header.MsgType.ToString());
        Assert.Equal(FixMessageFlags.None, command.Header.Flags);
    }

    [Fact]
    public void An_encrypted_section_cannot_be_read()
    {
        FixCommandHeader refused = Sample.Refused("35=D|" + Sample.Header + "90=5|91=54=2\u0001|11=ORD1|55=AAPL|54=1|60=20261120-12:34:56.500|38=100|40=2|44=101.25|");
        Assert.Equal((GatewayVerdict.SessionReject, 7, 91), (refused.Verdict, refused.Reason, refused.RefTagId));
    }

    [Fact]
    public void Absent_fields_are_absent_or_their_default()
    {
        NewOrderCommand command = Sample.Translate<NewOrderCommand>(
            CommandType.NewOrder, NewOrder.Replace("44=101.25|", string.Empty, StringComparison.Ordinal));
        Assert.Equal(FixedPoint.Absent, command.PriceE8);
        Assert.Equal(TimeInForce.Day, command.TimeInForce);
        Assert.True(command.Account.IsEmpty);
    }

    [Theory]
    [InlineData("0.00000001", 1)]
    [InlineData("0.000000010000", 1)]
    [InlineData("-12.5", -1_250_000_000)]
    [InlineData("007", 700_000_000)]
    [InlineData("5.", 500_000_000)]
    [InlineData(".5", 50_000_000)]
    [InlineData("92233720368.54775807", long.MaxValue)]
    [InlineData("0.000000001", FixedPoint.Unrepresentable)]
    [InlineData("92233720368.54775808", FixedPoint.Unrepresentable)]
    [InlineData("99999999999999999999999999999999", FixedPoint.Unrepresentable)]
    public void Prices_are_exact_or_unrepresentable(string price, long expectedE8)
    {
        string body = NewOrder.Replace("101.25", price, StringComparison.Ordinal);
        Assert.Equal(expectedE8, Sample.Translate<NewOrderCommand>(CommandType.NewOrder, body).PriceE8);
    }

    [Fact]
    public void Side_type_and_time_in_force_of_the_dictionary_pass_even_when_not_supported()
    {
        string body = NewOrder.Replace("54=1", "54=5", StringComparison.Ordinal).Replace("40=2", "40=P", StringComparison.Ordinal) + "59=6|126=20261121-00:00:00|";
        NewOrderCommand command = Sample.Translate<NewOrderCommand>(CommandType.NewOrder, body);
        Assert.Equal(((Side)'5', (OrdType)'P', (TimeInForce)'6'), (command.Side, command.OrdType, command.TimeInForce));
    }

    [Fact]
    public void Cancel_replace_and_status_carry_both_ids_and_ours()
    {
        const string Ids = "41=ORD1|11=ORD2|55=MSFT|54=2|60=20261120-12:34:56|";
        CancelOrderCommand cancel = Sample.Translate<CancelOrderCommand>(CommandType.CancelOrder, "35=F|" + Sample.Header + Ids + "37=42|");
        Assert.Equal(("ORD1", "ORD2", "MSFT", 42L), (cancel.OrigClOrdId.ToString(), cancel.ClOrdId.ToString(), cancel.Symbol.ToString(), cancel.OrderId));
        Assert.Equal(Side.Sell, cancel.Side);

        ReplaceOrderCommand replace = Sample.Translate<ReplaceOrderCommand>(
            CommandType.ReplaceOrder, "35=G|" + Sample.Header + Ids + "38=5|40=2|44=2|1=A|37=x|");
        Assert.Equal(("ORD1", "ORD2", "A", -1L), (replace.OrigClOrdId.ToString(), replace.ClOrdId.ToString(), replace.Account.ToString(), replace.OrderId));
        Assert.Equal((500_000_000L, 200_000_000L, (TimeInForce)0), (replace.QuantityE8, replace.PriceE8, replace.TimeInForce));

        OrderStatusCommand status = Sample.Translate<OrderStatusCommand>(
            CommandType.OrderStatus, "35=H|" + Sample.Header + "11=ORD2|790=Q1|55=MSFT|54=2|");
        Assert.Equal(("ORD2", "Q1", 0L), (status.ClOrdId.ToString(), status.OrdStatusReqId.ToString(), status.OrderId));
    }

    [Fact]
    public void Session_messages_become_their_records()
    {
        TestReqCommand heartbeat = Sample.Translate<TestReqCommand>(CommandType.Heartbeat, "35=0|" + Sample.Header);
        Assert.True(heartbeat.TestReqId.IsEmpty);
        Assert.Equal("T1", Sample.Translate<TestReqCommand>(CommandType.TestRequest, "35=1|" + Sample.Header + "112=T1|").TestReqId.ToString());
        RangeCommand range = Sample.Translate<RangeCommand>(CommandType.ResendRequest, "35=2|" + Sample.Header + "7=3|16=0|");
        Assert.Equal((3L, 0L), (range.BeginSeqNo, range.EndSeqNo));
        Sample.Translate<FixCommandHeader>(CommandType.ClientReject, "35=3|" + Sample.Header + "45=9|58=no|");
        Sample.Translate<FixCommandHeader>(CommandType.ClientReject, "35=j|" + Sample.Header + "372=8|380=0|");
        Sample.Translate<FixCommandHeader>(CommandType.Logout, "35=5|" + Sample.Header);
        SequenceResetCommand reset = Sample.Translate<SequenceResetCommand>(CommandType.SequenceReset, "35=4|" + Sample.Header + "36=9|");
        Assert.Equal((9L, FixMessageFlags.None), (reset.NewSeqNo, reset.Header.Flags));
        reset = Sample.Translate<SequenceResetCommand>(CommandType.SequenceReset, "35=4|" + Sample.Header + "123=Y|36=9|");
        Assert.Equal(FixMessageFlags.GapFill, reset.Header.Flags);
    }

    [Fact]
    public void A_logon_carries_its_flags_also_within_a_session()
    {
        LogonCommand logon = Sample.Translate<LogonCommand>(CommandType.Logon, "35=A|" + Sample.Header + "98=0|108=30|141=Y|789=5|553=u|554=secret|");
        Assert.Equal((30, 5L), (logon.HeartBtIntSec, logon.NextExpectedMsgSeqNum));
        Assert.Equal(FixMessageFlags.ResetSeqNum | FixMessageFlags.HasNextExpected, logon.Header.Flags);
        byte[] command = Sample.Translate("35=A|" + Sample.Header + "98=0|108=30|553=u|554=secret|");
        Assert.DoesNotContain("secret", Encoding.Latin1.GetString(command), StringComparison.Ordinal);
    }

    [Fact]
    public void PossDup_and_PossResend_are_flags_with_the_original_time()
    {
        const string Resent = "35=0|34=7|49=HFT1|52=20261120-12:34:56.789|56=EXCH|43=Y|97=Y|122=20261120-12:34:55.789|";
        FixCommandHeader header = Sample.Translate<TestReqCommand>(CommandType.Heartbeat, Resent).Header;
        Assert.Equal(FixMessageFlags.PossDup | FixMessageFlags.PossResend, header.Flags);
        Assert.Equal(Sample.NowNs - 1_000_000_000, header.OrigSendingTimeNs);
    }

    [Theory]
    [InlineData("34=|", GatewayVerdict.MsgSeqNumMissing)]
    [InlineData("", GatewayVerdict.MsgSeqNumMissing)]
    [InlineData("34=x|", GatewayVerdict.MsgSeqNumMissing)]
    [InlineData("34=-5|", GatewayVerdict.MsgSeqNumMissing)]
    [InlineData("34=9223372036854775808|", GatewayVerdict.MsgSeqNumMissing)]
    public void Without_a_readable_number_nothing_can_be_answered(string number, GatewayVerdict verdict)
    {
        FixCommandHeader header = Sample.Refused("35=0|" + Sample.Header.Replace("34=7|", number, StringComparison.Ordinal));
        Assert.Equal((verdict, -1L), (header.Verdict, header.MsgSeqNum));
    }

    [Theory]
    [InlineData("49=HFT1", "49=HFT2")]
    [InlineData("49=HFT1", "49=HFT")]
    [InlineData("56=EXCH", "56=EXCHANGE")]
    public void A_changed_comp_id_is_a_verdict_of_its_own(string from, string to)
    {
        FixCommandHeader header = Sample.Refused("35=0|" + Sample.Header.Replace(from, to, StringComparison.Ordinal));
        Assert.Equal((GatewayVerdict.CompIdProblem, 9, 0, 7L), (header.Verdict, header.Reason, header.RefTagId, header.MsgSeqNum));
    }

    [Theory]
    [InlineData("FIX.4.2")]
    [InlineData("FIX.4.40")]
    [InlineData("FIXT.1.1")]
    public void A_changed_begin_string_is_a_verdict_of_its_own(string beginString) =>
        Assert.Equal(GatewayVerdict.IncorrectBeginString, Sample.Refused("35=0|" + Sample.Header, null, beginString).Verdict);

    [Theory]
    [InlineData("20261120-12:36:56.789", true)]
    [InlineData("20261120-12:32:56.789", true)]
    [InlineData("20261120-12:36:56.790", false)]
    [InlineData("20261120-12:32:56.788", false)]
    [InlineData("20251120-12:34:56.789", false)]
    [InlineData("19700101-00:00:00", false)]
    [InlineData("17340802-12:47:19.934224192", false)]
    [InlineData("22611231-23:59:59", false)]
    public void Sending_time_may_be_off_by_120_seconds_also_in_a_resent_message(string time, bool isAccepted)
    {
        string body = "35=0|" + Sample.Header.Replace("20261120-12:34:56.789", time, StringComparison.Ordinal);
        foreach (string resent in new[] { string.Empty, "43=Y|122=20200101-00:00:00|" })
        {
            if (isAccepted)
            {
                Sample.Translate<TestReqCommand>(CommandType.Heartbeat, body + resent);
                continue;
            }

            FixCommandHeader header = Sample.Refused(body + resent);
            Assert.Equal((GatewayVerdict.SendingTimeAccuracy, 10, 0), (header.Verdict, header.Reason, header.RefTagId));
        }
    }

    [Theory]
    [InlineData("35=V|")]
    [InlineData("35=8|")]
    [InlineData("35=AE|")]
    public void An_unsupported_message_is_a_business_reject_3(string type)
    {
        FixCommandHeader header = Sample.Refused(type + Sample.Header + "9999=x|");
        Assert.Equal((GatewayVerdict.BusinessReject, 3, 7L), (header.Verdict, header.Reason, header.MsgSeqNum));
        Assert.Equal(type[3..^1], header.MsgType.ToString());
    }

    [Theory]
    [InlineData("35=@@@@@@@@@@@@@@@@@@@|", "", 11, 0)]
    [InlineData("35=D|", "11=1234567890123456789012345678901234567|55=A|54=1|60=20261120-12:34:56|38=1|40=1|", 5, 11)]
    [InlineData("35=D|", "11=1|55=123456789012345678901234|54=1|60=20261120-12:34:56|38=1|40=1|", 5, 55)]
    [InlineData("35=D|", "11=1|1=1234567890123456|55=A|54=1|60=20261120-12:34:56|38=1|40=1|", 5, 1)]
    [InlineData("35=F|", "41=1234567890123456789012345678901234567|11=1|55=A|54=1|60=20261120-12:34:56|", 5, 41)]
    [InlineData("35=H|", "11=1|790=1234567890123456789012345678901234567890|55=A|54=1|", 5, 790)]
    [InlineData("35=1|", "112=1234567890123456789012345678901234567890123456789012345678901234|", 5, 112)]
    [InlineData("35=A|", "98=0|108=-1|", 5, 108)]
    [InlineData("35=A|", "98=0|108=2147483648|", 5, 108)]
    [InlineData("35=D|", "55=A|54=1|60=20261120-12:34:56|38=1|40=1|", 1, 11)]
    public void A_session_reject_names_reason_and_tag_and_keeps_nothing_else(string type, string fields, int reason, int refTag)
    {
        FixCommandHeader header = Sample.Refused(type + Sample.Header + fields);
        Assert.Equal((GatewayVerdict.SessionReject, reason, refTag, 7L), (header.Verdict, header.Reason, header.RefTagId, header.MsgSeqNum));
    }

    [Fact]
    public void Ids_of_36_bytes_fit()
    {
        string id = new('x', 36);
        NewOrderCommand command = Sample.Translate<NewOrderCommand>(CommandType.NewOrder, NewOrder.Replace("ORD1", id, StringComparison.Ordinal));
        Assert.Equal(id, command.ClOrdId.ToString());
    }

    [Fact]
    public void Unknown_tags_are_refused_unless_the_participant_may_send_them()
    {
        Assert.Equal((0, 9001), (Sample.Refused(NewOrder + "9001=x|").Reason, Sample.Refused(NewOrder + "9001=x|").RefTagId));
        Sample.Translate<NewOrderCommand>(CommandType.NewOrder, NewOrder + "9001=x|", Sample.Profile(ParticipantFlags.AllowUnknownTags));
    }

    [Fact]
    public void A_bad_fraction_of_a_second_is_a_wrong_format()
    {
        FixCommandHeader header = Sample.Refused("35=D|" + Sample.Header + Order);
        Assert.Equal((6, 60), (header.Reason, header.RefTagId));
    }

    [Fact]
    public void A_logon_on_a_new_connection_is_identified()
    {
        InboundTranslator translator = new();
        Assert.True(translator.TryReadLogon(Sample.Frame("35=A|" + Sample.Header + "98=0|108=30|553=user|554=pass|"), out LogonIdentity identity));
        Assert.Equal("FIX.4.4", Encoding.ASCII.GetString(identity.BeginString));
        Assert.Equal("HFT1", Encoding.ASCII.GetString(identity.SenderCompId));
        Assert.Equal("EXCH", Encoding.ASCII.GetString(identity.TargetCompId));
        Assert.Equal("user", Encoding.ASCII.GetString(identity.Username));
        Assert.Equal("pass", Encoding.ASCII.GetString(identity.Password));
    }

    [Theory]
    [InlineData("35=0|" + Sample.Header, "FIX.4.4")]
    [InlineData("35=A|" + Sample.Header + "98=0|108=30|", "FIX.4.3")]
    [InlineData("35=A|34=x|49=HFT1|52=20261120-12:34:56|56=EXCH|98=0|108=30|", "FIX.4.4")]
    [InlineData("35=A|34=1|52=20261120-12:34:56|56=EXCH|98=0|108=30|", "FIX.4.4")]
    [InlineData("35=A|34=1|49=HFT1|52=20261120-12:34:56|98=0|108=30|", "FIX.4.4")]
    [InlineData("35=A|34=1|49=HFT1|52=20261120-12:34:56|56=EXCH|98=0|bad|108=30|", "FIX.4.4")]
    public void What_is_no_logon_is_not_identified(string body, string beginString) =>
        Assert.False(new InboundTranslator().TryReadLogon(Sample.Frame(body, beginString), out _));

    [Fact]
    public void A_target_that_is_too_small_is_an_error_of_the_caller() => Assert.Throws<ArgumentException>(() =>
        new InboundTranslator().Translate(Sample.Frame(NewOrder), Sample.Profile(), Sample.NowNs, new byte[InboundTranslator.CommandLengthMax - 1]));

    [Theory]
    [InlineData("FIX.4.1", "")]
    [InlineData("FIX.4.2", "FIX.4.2")]
    [InlineData("FIXT.1.1", "FIX.5.0SP2")]
    public void A_profile_is_made_only_of_the_version_of_the_participant(string beginString, string expected)
    {
        DefineParticipantCommand definition = new() { BeginString = Exchange.Protocol.Text.Text16.From(beginString) };
        Assert.Equal(expected, string.Join(' ', FixDictionaries.All.Where(dictionary => SessionProfile.TryCreate(dictionary, definition, out _)).Select(dictionary => dictionary.Version)));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("1128=9|", true)]
    [InlineData("1128=8|", false)]
    public void A_message_may_name_no_other_application_version_than_that_of_the_session(string field, bool isAccepted)
    {
        string body = NewOrder.Replace("34=7|", field + "34=7|", StringComparison.Ordinal);
        FixCommandHeader header = MemoryMarshal.AsRef<FixCommandHeader>(Sample.Translate(body, Sample.Profile(dictionary: FixDictionaries.Fix50SP2), "FIXT.1.1"));
        Assert.Equal(isAccepted ? (GatewayVerdict.Valid, 0, 0) : (GatewayVerdict.SessionReject, 18, 1128), (header.Verdict, header.Reason, header.RefTagId));
    }

    [Fact]
    public void Any_well_framed_bytes_become_one_command_that_the_member_accepts()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        InboundTranslator translator = new();
        SessionProfile profile = Sample.Profile(ParticipantFlags.AllowUnknownTags);
        byte[] target = new byte[InboundTranslator.CommandLengthMax];
        string[] bodies =
        [
            NewOrder, "35=F|" + Sample.Header + "41=O|" + Order, "35=G|" + Sample.Header + "41=O|" + Order, "35=H|" + Sample.Header + "11=1|55=A|54=1|",
            "35=A|" + Sample.Header + "98=0|108=30|789=4|", "35=2|" + Sample.Header + "7=1|16=0|", "35=4|" + Sample.Header + "36=4|", "35=V|" + Sample.Header,
        ];
        int valid = 0;
        for (int i = 0; i < 30_000; i++)
        {
            StringBuilder body = new(bodies[random.Next(bodies.Length)]);
            for (int change = random.Next(4); change > 0; change--)
            {
                body[random.Next(3, body.Length - 1)] = (char)(random.Next(2) == 0 ? random.Next(1, 256) : "|=.0159-:YN"[random.Next(11)]);
            }

            byte[] frame = Sample.Frame(body.ToString());
            int length = translator.Translate(frame, profile, Sample.NowNs, target);
            valid += MemoryMarshal.AsRef<FixCommandHeader>(target).Verdict == GatewayVerdict.Valid ? 1 : 0;
            Assert.True(Sample.IsAcceptable(target.AsSpan(0, length)), $"seed {seed}: {body}");
            translator.TryReadLogon(frame, out _);
        }

        Assert.InRange(valid, 1000, 29_000);
    }

    [Fact]
    public void Translation_allocates_nothing()
    {
        InboundTranslator translator = new();
        SessionProfile profile = Sample.Profile();
        byte[] target = new byte[InboundTranslator.CommandLengthMax];
        byte[][] frames = [Sample.Frame(NewOrder), Sample.Frame("35=0|" + Sample.Header), Sample.Frame("35=D|" + Sample.Header + "9001=x|"), Sample.Frame("35=V|" + Sample.Header)];
        long before = 0;
        for (int i = 0; i < 20_000; i++)
        {
            if (i == 10_000)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            translator.Translate(frames[i & 3], profile, Sample.NowNs, target);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_session_may_be_configured_to_ignore_CompIDs_and_SendingTime_behind_the_Logon()
    {
        const string strange = "35=0|34=7|49=OTHER|52=20201120-12:34:56.789|56=ELSE|";
        Assert.Equal(GatewayVerdict.CompIdProblem, Sample.Refused(strange).Verdict);
        Assert.Equal(GatewayVerdict.SendingTimeAccuracy, Sample.Refused(strange, Sample.Profile(ParticipantFlags.SkipCompIdCheck)).Verdict);
        Sample.Translate<TestReqCommand>(CommandType.Heartbeat, strange, Sample.Profile(ParticipantFlags.SkipCompIdCheck | ParticipantFlags.SkipLatencyCheck));
    }

    [Theory]
    [InlineData(ParticipantFlags.AllowUserDefinedTags, "35=0|" + Sample.Header + "9001=x|")]
    [InlineData(ParticipantFlags.AllowUnknownTags, "35=0|" + Sample.Header + "4999=x|")]
    [InlineData(ParticipantFlags.AllowEmptyValues, "35=0|" + Sample.Header + "112=|")]
    [InlineData(ParticipantFlags.AllowAnyFieldOrder, "35=0|112=x|" + Sample.Header)]
    public void Each_validation_switch_of_a_session_allows_what_is_refused_without_it(ParticipantFlags flag, string body)
    {
        Assert.Equal(GatewayVerdict.SessionReject, Sample.Refused(body).Verdict);
        Sample.Translate<TestReqCommand>(CommandType.Heartbeat, body, Sample.Profile(flag));
        foreach (ParticipantFlags other in (ReadOnlySpan<ParticipantFlags>)[ParticipantFlags.AllowUserDefinedTags, ParticipantFlags.AllowEmptyValues, ParticipantFlags.AllowAnyFieldOrder])
        {
            if (other != flag)
            {
                Assert.Equal(GatewayVerdict.SessionReject, Sample.Refused(body, Sample.Profile(other)).Verdict);
            }
        }
    }
}
