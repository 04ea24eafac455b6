using System.Globalization;
using System.Runtime.InteropServices;
using Exchange.Core.Tests.Orders;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Reference.Tests;

/// <summary>Commands in the language of the scenarios.</summary>
internal static class StepText
{
    public static string Of(CommandType type, int session, ReadOnlySpan<byte> bytes)
    {
        string who = $"HFT{session + 1}";
        return type switch
        {
            CommandType.NewOrder => $"{who} {New(NewOrderCommand.Read(bytes))}",
            CommandType.CancelOrder => $"{who} {Cancel(MemoryMarshal.Read<CancelOrderCommand>(bytes))}",
            CommandType.ReplaceOrder => $"{who} {Replace(ReplaceOrderCommand.Read(bytes))}",
            CommandType.OrderStatus => $"{who} {Status(MemoryMarshal.Read<OrderStatusCommand>(bytes))}",
            CommandType.MassStatus => $"{who} massstatus {Mass(MemoryMarshal.Read<MassOrderCommand>(bytes))}",
            CommandType.MassCancel => $"{who} masscancel {Mass(MemoryMarshal.Read<MassOrderCommand>(bytes))}",
            CommandType.Logon => $"{who} {((MemoryMarshal.Read<FixCommandHeader>(bytes).Flags & FixMessageFlags.ResetSeqNum) != 0 ? "resets" : "returns")}",
            CommandType.ConnectionLost => $"{who} drops",
            CommandType.MassQuote => $"{who} {Quote(bytes)}",
            CommandType.QuoteCancel => $"{who} unquote {MemoryMarshal.Read<QuoteCancelCommand>(bytes).QuoteId} {(MemoryMarshal.Read<QuoteCancelCommand>(bytes).CancelType == 1 ? MemoryMarshal.Read<QuoteCancelCommand>(bytes).Symbol.ToString() : "all")}",
            CommandType.TimerDue => "timer",
            CommandType.DefineInstrument => Instrument(DefineInstrumentCommand.Read(bytes)),
            CommandType.DefineParticipant => $"limit {MemoryMarshal.Read<DefineParticipantCommand>(bytes).SenderCompId} {MemoryMarshal.Read<DefineParticipantCommand>(bytes).OpenOrdersMax}",
            _ => $"# {type}",
        };
    }

    private static string New(in NewOrderCommand c) =>
        $"new {c.ClOrdId} {SideOf(c.Side)} {ReportText.Decimal(c.QuantityE8)} {c.Symbol}{TypeOf(c.OrdType, c.PriceE8, c.StopPriceE8)}{Tif(c.TimeInForce, c.ExpireNs, c.Flags)}"
        + Extras(c.DisplayQuantityE8, c.MinQuantityE8, c.Flags)
        + (c.SelfTradeId == 0 ? "" : $" stpid {IdOf(c.SelfTradeId)}") + (c.SelfTradeMode == 0 ? "" : $" stp {ModeOf(c.SelfTradeMode)}")
        + (c.Account.IsEmpty ? "" : $" account {c.Account}") + Flags(c.Header.Flags);

    private static string Cancel(in CancelOrderCommand c) =>
        $"cancel {c.ClOrdId} of {c.OrigClOrdId} {SideOf(c.Side)} {c.Symbol}" + (c.OrderId == 0 ? "" : $" order {c.OrderId}") + Flags(c.Header.Flags);

    private static string Replace(in ReplaceOrderCommand c) =>
        $"replace {c.ClOrdId} of {c.OrigClOrdId} {SideOf(c.Side)} {ReportText.Decimal(c.QuantityE8)} {c.Symbol}{TypeOf(c.OrdType, c.PriceE8, c.StopPriceE8)}"
        + (c.TimeInForce == 0 ? "" : Tif(c.TimeInForce, c.ExpireNs, c.Flags)) + Extras(c.DisplayQuantityE8, c.MinQuantityE8, c.Flags)
        + (c.Account.IsEmpty ? "" : $" account {c.Account}") + (c.OrderId == 0 ? "" : $" order {c.OrderId}") + Flags(c.Header.Flags);

    private static string Status(in OrderStatusCommand c) =>
        $"status {c.ClOrdId} {SideOf(c.Side)} {c.Symbol}" + (c.OrderId == 0 ? "" : $" order {c.OrderId}") + (c.OrdStatusReqId.IsEmpty ? "" : $" as {c.OrdStatusReqId}");

    private static string Quote(ReadOnlySpan<byte> bytes)
    {
        MassQuoteCommand c = MemoryMarshal.Read<MassQuoteCommand>(bytes);
        string text = $"quotes {c.QuoteId}" + (c.Account.IsEmpty ? "" : $" account {c.Account}") + $" level {(char)c.ResponseLevel}" + Flags(c.Header.Flags) + ":";
        foreach (QuoteEntry entry in MemoryMarshal.Cast<byte, QuoteEntry>(bytes[MassQuoteCommand.SizeBytes..]))
        {
            text += $" {entry.Symbol} {ReportText.Decimal(entry.BidQuantityE8)}@{ReportText.Decimal(entry.BidPriceE8)} x {ReportText.Decimal(entry.OfferQuantityE8)}@{ReportText.Decimal(entry.OfferPriceE8)},";
        }

        return text.TrimEnd(',');
    }

    private static string Mass(in MassOrderCommand c)
    {
        string scope = c.Scope switch { MassScope.All => "all", MassScope.Security => c.Symbol.IsEmpty ? "-" : c.Symbol.ToString(), _ => $"scope={(char)c.Scope}" };
        return $"{c.RequestId} {scope}" + (c.Side == Side.None ? "" : $" {SideOf(c.Side)}") + Flags(c.Header.Flags);
    }

    private static string Instrument(in DefineInstrumentCommand c)
    {
        string text = $"instrument {c.Symbol} tick {ReportText.Decimal(c.PriceTickE8)} step {ReportText.Decimal(c.QuantityStepE8)} max {ReportText.Decimal(c.QuantityMaxE8)}"
            + $" from {ReportText.Decimal(c.PriceMinE8)} to {ReportText.Decimal(c.PriceMaxE8)}";
        string E8(string word, long value) => value == 0 ? "" : $" {word} {ReportText.Decimal(value)}";
        string Number(string word, int value) => value == 0 ? "" : $" {word} {value}";
        return text + (c.GroupName.IsEmpty ? "" : $" group {c.GroupName}") + (c.Kind == InstrumentKind.Spot ? "" : $" {c.Kind.ToString().ToLowerInvariant()}")
            + ((c.Flags & InstrumentFlags.Inverse) != 0 ? " inverse" : "") + E8("multiplier", c.MultiplierE8) + E8("reference", c.ReferencePriceE8) + E8("least", c.QuantityMinE8)
            + E8("notional", c.NotionalMaxE8) + E8("position", c.PositionMaxE8) + Number("orders", c.AccountOrdersMax) + Number("static", c.StaticCollarBp)
            + Number("dynamic", c.DynamicCollarBp) + Number("band", c.MarketBandBp) + (c.CollarAction == CollarAction.Auction ? " outside auction" : "")
            + (c.VolatilityAuctionNs == 0 ? "" : $" auction-lasts {c.VolatilityAuctionNs}ns");
    }

    private static string SideOf(Side side) => side switch { Side.Buy => "buy", Side.Sell => "sell", _ => $"side={(char)side}" };

    private static string TypeOf(OrdType type, long price, long stop) => type switch
    {
        OrdType.Market => " market",
        OrdType.MarketToLimit => " mtl",
        OrdType.Limit or OrdType.Stop or OrdType.StopLimit => "",
        _ => $" type {(char)type}",
    } + (price == FixedPoint.Absent ? "" : $" @ {ReportText.Decimal(price)}") + (stop == 0 ? type is OrdType.Stop or OrdType.StopLimit ? $" type {(char)type}" : "" : $" stop {ReportText.Decimal(stop)}");

    private static string Tif(TimeInForce timeInForce, long expireNs, OrderFlags flags) => timeInForce switch
    {
        TimeInForce.Day => "",
        TimeInForce.GoodTillCancel => " gtc",
        TimeInForce.ImmediateOrCancel => " ioc",
        TimeInForce.FillOrKill => " fok",
        TimeInForce.AtTheOpening => " opg",
        TimeInForce.AtTheClose => " atc",
        TimeInForce.GoodTillDate => (flags & OrderFlags.ExpiresOnDate) != 0 ? " gtd-date " : " gtd ",
        _ => $" tif={(char)timeInForce}",
    } + (expireNs == 0 ? timeInForce == TimeInForce.GoodTillDate ? "-" : "" : (timeInForce == TimeInForce.GoodTillDate ? "" : " expires ") + TimeOf(expireNs));

    private static string TimeOf(long ns) => DateTime.UnixEpoch.AddTicks(ns / 100).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    private static string Extras(long display, long min, OrderFlags flags) =>
        (display == 0 ? "" : $" display {ReportText.Decimal(display)}") + (min == 0 ? "" : $" min {ReportText.Decimal(min)}")
        + ((flags & OrderFlags.PostOnly) != 0 ? " postonly" : "") + ((flags & OrderFlags.UnsupportedInstruction) != 0 ? " held" : "");

    private static string ModeOf(SelfTradeMode mode) => mode switch
    {
        SelfTradeMode.CancelNewest => "newest",
        SelfTradeMode.CancelOldest => "oldest",
        SelfTradeMode.CancelBoth => "both",
        _ => "decrement",
    };

    private static string IdOf(ulong id)
    {
        Span<byte> bytes = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, id);
        return System.Text.Encoding.ASCII.GetString(bytes).TrimEnd('\0');
    }

    private static string Flags(FixMessageFlags flags) => (flags & FixMessageFlags.PossResend) != 0 ? " possresend" : "";
}
