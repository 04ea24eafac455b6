using Exchange.Fix.Dictionary;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Tests.Translation;

/// <summary>What an order asks for besides price and quantity, on its way in.</summary>
public sealed class OrderExtrasTests
{
    private const string Plain = "35=D|" + Sample.Header + "11=ORD1|55=AAPL|54=1|60=20261120-12:34:56.500|38=100|40=2|44=101.25|";
    private const string Replacement = "35=G|" + Sample.Header + "41=ORD0|11=ORD1|55=AAPL|54=1|60=20261120-12:34:56.500|38=100|40=2|44=101.25|";

    [Theory]
    [InlineData("FIX.4.2", "111")]
    [InlineData("FIX.4.4", "111")]
    [InlineData("FIX.5.0SP2", "111")]
    [InlineData("FIX.5.0SP2", "1138")]
    public void An_order_carries_all_that_it_asks_for(string version, string displayTag)
    {
        NewOrderCommand command = Order($"99=100.5|110=10|{displayTag}=20|126=20261120-23:00:00|18=6|2362=DESK1|2964=3|", version);
        Assert.Equal((10_050_000_000, 1_000_000_000, 2_000_000_000), (command.StopPriceE8, command.MinQuantityE8, command.DisplayQuantityE8));
        Assert.Equal(Sample.NowNs - (Sample.NowNs % 86_400_000_000_000) + 82_800_000_000_000, command.ExpireNs);
        Assert.Equal((OrderFlags.PostOnly, SelfTradeMode.CancelBoth, 0x4445534B31000000UL), (command.Flags, command.SelfTradeMode, command.SelfTradeId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1=ACC|59=0|")]
    [InlineData("21=1|58=no more than words|")]
    public void A_plain_order_asks_for_nothing_besides(string fields)
    {
        NewOrderCommand command = Order(fields, "FIX.4.4");
        Assert.Equal((0L, 0L, 0L, 0L), (command.StopPriceE8, command.MinQuantityE8, command.DisplayQuantityE8, command.ExpireNs));
        Assert.Equal((OrderFlags.None, SelfTradeMode.None, 0UL), (command.Flags, command.SelfTradeMode, command.SelfTradeId));
    }

    [Fact]
    public void A_field_is_seen_also_when_others_are_absent()
    {
        string bare = Plain.Replace("44=101.25|", string.Empty, StringComparison.Ordinal).Replace("38=100|", string.Empty, StringComparison.Ordinal);
        NewOrderCommand command = Sample.Translate<NewOrderCommand>(CommandType.NewOrder, bare + "99=1|");
        Assert.Equal((FixedPoint.Absent, FixedPoint.Absent, 100_000_000), (command.PriceE8, command.QuantityE8, command.StopPriceE8));
        SessionProfile fix50 = Sample.Profile(dictionary: FixDictionaries.Fix50SP2);
        byte[] bytes = Sample.Translate(bare.Replace("55=AAPL|", string.Empty, StringComparison.Ordinal) + "1138=2|", fix50, "FIXT.1.1");
        Assert.Equal(200_000_000, NewOrderCommand.Read(bytes).DisplayQuantityE8);
    }

    [Fact]
    public void A_zero_that_was_sent_is_told_from_nothing()
    {
        NewOrderCommand command = Order("99=0|110=0.0|111=0|", "FIX.4.4");
        Assert.Equal(
            (FixedPoint.Unrepresentable, FixedPoint.Unrepresentable, FixedPoint.Unrepresentable),
            (command.StopPriceE8, command.MinQuantityE8, command.DisplayQuantityE8));
    }

    [Theory]
    [InlineData("99=-1|", -100_000_000)]
    [InlineData("99=0.000000001|", FixedPoint.Unrepresentable)]
    public void A_bad_stop_price_stays_bad(string field, long expectedE8) => Assert.Equal(expectedE8, Order(field, "FIX.4.4").StopPriceE8);

    [Theory]
    [InlineData("432=20261124|", 1_795_478_400_000_000_000, OrderFlags.ExpiresOnDate)]
    [InlineData("432=20261124|126=20261120-23:00:00|", 1_795_215_600_000_000_000, OrderFlags.None)]
    [InlineData("432=19690101|", 1, OrderFlags.ExpiresOnDate)]
    [InlineData("126=19700101-00:00:00|", 1, OrderFlags.None)]
    public void An_expiry_is_a_time_or_a_date(string fields, long expectedNs, OrderFlags flags)
    {
        NewOrderCommand command = Order("59=6|" + fields, "FIX.4.4");
        Assert.Equal((expectedNs, flags), (command.ExpireNs, command.Flags));
    }

    [Theory]
    [InlineData("18=6|", OrderFlags.PostOnly)]
    [InlineData("18=G|", OrderFlags.UnsupportedInstruction)]
    [InlineData("18=G 6|", OrderFlags.UnsupportedInstruction | OrderFlags.PostOnly)]
    [InlineData("18=1|", OrderFlags.UnsupportedInstruction)]
    public void Instructions_are_carried_out_or_refused(string field, OrderFlags expected) => Assert.Equal(expected, Order(field, "FIX.4.4").Flags);

    [Fact]
    public void Two_display_quantities_are_one_too_many() =>
        Assert.Equal(OrderFlags.UnsupportedInstruction, Order("111=5|1138=5|", "FIX.5.0SP2").Flags);

    [Theory]
    [InlineData("A", 0x4100000000000000UL)]
    [InlineData("12345678", 0x3132333435363738UL)]
    public void A_self_trade_id_is_a_number(string id, ulong expected) => Assert.Equal(expected, Order($"2362={id}|", "FIX.4.4").SelfTradeId);

    [Theory]
    [InlineData("123456789")]
    [InlineData("A B")]
    [InlineData("\u00e4")]
    public void A_self_trade_id_that_is_none_is_a_value_out_of_range(string id)
    {
        FixCommandHeader header = Sample.Refused(Plain + $"2362={id}|");
        Assert.Equal((GatewayVerdict.SessionReject, 5, FixTag.SelfMatchPreventionID), (header.Verdict, header.Reason, header.RefTagId));
    }

    [Fact]
    public void A_replacement_carries_what_it_changes()
    {
        ReplaceOrderCommand command = Sample.Translate<ReplaceOrderCommand>(CommandType.ReplaceOrder, Replacement + "37=42|99=3|110=4|111=5|432=20261124|18=6|");
        Assert.Equal((300_000_000, 400_000_000, 500_000_000), (command.StopPriceE8, command.MinQuantityE8, command.DisplayQuantityE8));
        Assert.Equal((1_795_478_400_000_000_000, OrderFlags.PostOnly | OrderFlags.ExpiresOnDate, 42), (command.ExpireNs, command.Flags, command.OrderId));
        command = Sample.Translate<ReplaceOrderCommand>(CommandType.ReplaceOrder, Replacement);
        Assert.Equal((0L, 0L, 0L, 0L, OrderFlags.None), (command.StopPriceE8, command.MinQuantityE8, command.DisplayQuantityE8, command.ExpireNs, command.Flags));
        Assert.Equal(100_000_000, Sample.Translate<ReplaceOrderCommand>(CommandType.ReplaceOrder, Replacement + "99=1|").StopPriceE8);
    }

    private static NewOrderCommand Order(string fields, string version)
    {
        FixDictionary dictionary = FixDictionaries.All.Single(each => each.Version == version);
        string body = Plain + (dictionary.Requires(FixMessageKind.NewOrderSingle, FixTag.HandlInst) ? "21=1|" : string.Empty) + fields;
        byte[] bytes = Sample.Translate(body, Sample.Profile(dictionary: dictionary), dictionary.BeginString);
        NewOrderCommand command = NewOrderCommand.Read(bytes);
        Assert.Equal(GatewayVerdict.Valid, command.Header.Verdict);
        return command;
    }
}
