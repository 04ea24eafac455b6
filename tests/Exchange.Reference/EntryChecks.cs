using Exchange.Protocol;

namespace Exchange.Reference;

/// <summary>Rules 3.2 to 3.11: the first check that fails refuses.</summary>
internal static class EntryChecks
{
    private const long LongestNs = 3_653L * 86_400 * 1_000_000_000;

    /// <summary>3.2: what is known at all.</summary>
    public static Reason Kind(in Terms terms)
    {
        if (terms.Side is not (Side.Buy or Side.Sell))
        {
            return new Reason(ReasonCode.UnsupportedSide, (byte)terms.Side);
        }

        if (terms.Type is not (OrdType.Market or OrdType.Limit or OrdType.Stop or OrdType.StopLimit or OrdType.MarketToLimit))
        {
            return new Reason(ReasonCode.UnsupportedOrdType, (byte)terms.Type);
        }

        return terms.TimeInForce is TimeInForce.Day or TimeInForce.GoodTillCancel or TimeInForce.AtTheOpening or TimeInForce.ImmediateOrCancel
            or TimeInForce.FillOrKill or TimeInForce.GoodTillDate or TimeInForce.AtTheClose
            ? Reason.None
            : new Reason(ReasonCode.UnsupportedTimeInForce, (byte)terms.TimeInForce);
    }

    /// <summary>3.3 to 3.8: numbers and combinations.</summary>
    public static Reason Numbers(ReferenceInstrument instrument, in Terms terms, bool checksStopPrice = true, bool checksDisplay = true)
    {
        Reason reason = Quantity(instrument, terms.Quantity);
        reason = reason.IsNone ? Price(instrument, in terms) : reason;
        reason = reason.IsNone && checksStopPrice ? StopPrice(instrument, in terms) : reason;
        reason = reason.IsNone && checksDisplay ? Display(instrument, in terms) : reason;
        reason = reason.IsNone ? MinQuantity(instrument, in terms) : reason;
        return reason.IsNone ? Combination(in terms) : reason;
    }

    /// <summary>3.9: when it ends.</summary>
    public static Reason Expiry(in Terms terms, long endsAtNs, long nowNs)
    {
        if (terms.TimeInForce != TimeInForce.GoodTillDate)
        {
            return terms.ExpireNs == 0 ? Reason.None : new Reason(ReasonCode.ExpireTimeNotAllowed);
        }

        if (terms.ExpireNs == 0)
        {
            return new Reason(ReasonCode.ExpireTimeMissing);
        }

        return endsAtNs > nowNs && (Int128)endsAtNs <= (Int128)nowNs + LongestNs ? Reason.None : new Reason(ReasonCode.ExpireTimeOutOfRange);
    }

    /// <summary>3.11: expired instrument, phase (2.1, 2.4).</summary>
    public static Reason Phase(ReferenceInstrument instrument, in Terms terms, bool isReplacement)
    {
        if (instrument.IsExpired)
        {
            return new Reason(ReasonCode.InstrumentExpired);
        }

        switch (instrument.Phase)
        {
            case MarketPhase.Closed:
                return new Reason(ReasonCode.MarketClosed);
            case MarketPhase.Halt:
                return new Reason(ReasonCode.MarketHalted);
            case MarketPhase.CancelOnly:
                return new Reason(ReasonCode.CancelOnly);
            case MarketPhase.Uncrossing:
                return new Reason(ReasonCode.MarketUncrossing);
            default:
                break;
        }

        MarketPhase phase = instrument.Phase;
        bool isForbidden = (terms.IsImmediate || terms.MinQuantity != 0) && phase != MarketPhase.Continuous;
        isForbidden |= terms.TimeInForce == TimeInForce.AtTheOpening && phase is not (MarketPhase.PreOpen or MarketPhase.OpeningAuction) && !isReplacement;
        return isForbidden ? new Reason(ReasonCode.PhaseForbidsOrder) : Reason.None;
    }

    // 3.3
    private static Reason Quantity(ReferenceInstrument instrument, long quantity)
    {
        if (quantity == FixedPoint.Unrepresentable)
        {
            return new Reason(ReasonCode.QuantityNotOnStep, quantity, instrument.Definition.QuantityStepE8);
        }

        if (quantity < instrument.QuantityMin && quantity < 1 || quantity > instrument.Definition.QuantityMaxE8)
        {
            return new Reason(ReasonCode.QuantityOutOfRange, quantity == FixedPoint.Absent ? 0 : quantity, instrument.Definition.QuantityMaxE8);
        }

        if (quantity < instrument.QuantityMin && instrument.Definition.QuantityMinE8 != 0)
        {
            return new Reason(ReasonCode.QuantityOutOfRange, quantity, instrument.Definition.QuantityMaxE8);
        }

        return quantity % instrument.Definition.QuantityStepE8 != 0
            ? new Reason(ReasonCode.QuantityNotOnStep, quantity, instrument.Definition.QuantityStepE8)
            : Reason.None;
    }

    // 3.4
    private static Reason Price(ReferenceInstrument instrument, in Terms terms)
    {
        if (terms.Type is OrdType.Limit or OrdType.StopLimit)
        {
            return terms.Price == FixedPoint.Absent ? new Reason(ReasonCode.PriceMissing) : RangeAndTick(instrument, terms.Price);
        }

        return terms.Price == FixedPoint.Absent ? Reason.None : new Reason(ReasonCode.PriceNotAllowed, terms.Price);
    }

    // 3.5
    private static Reason StopPrice(ReferenceInstrument instrument, in Terms terms)
    {
        if (terms.IsStop)
        {
            return terms.StopPrice == 0 ? new Reason(ReasonCode.StopPriceMissing) : RangeAndTick(instrument, terms.StopPrice);
        }

        return terms.StopPrice == 0 ? Reason.None : new Reason(ReasonCode.StopPriceNotAllowed, terms.StopPrice);
    }

    // 1.2
    private static Reason RangeAndTick(ReferenceInstrument instrument, long price)
    {
        if (price == FixedPoint.Unrepresentable)
        {
            return new Reason(ReasonCode.PriceNotOnTick, price, instrument.Definition.PriceTickE8);
        }

        if (price < instrument.Definition.PriceMinE8 || price > instrument.Definition.PriceMaxE8)
        {
            return new Reason(ReasonCode.PriceOutOfRange, price, instrument.Definition.PriceMaxE8);
        }

        long tick = instrument.TickAt(price);
        return price % tick != 0 ? new Reason(ReasonCode.PriceNotOnTick, price, tick) : Reason.None;
    }

    // 3.6
    private static Reason Display(ReferenceInstrument instrument, in Terms terms)
    {
        if (terms.Display == 0)
        {
            return Reason.None;
        }

        if (terms.Type != OrdType.Limit || terms.IsImmediate)
        {
            return new Reason(ReasonCode.DisplayNotAllowed);
        }

        bool isSound = terms.Display > 0 && terms.Display % instrument.Definition.QuantityStepE8 == 0 && terms.Display <= terms.Quantity;
        return isSound ? Reason.None : new Reason(ReasonCode.DisplayOutOfRange, terms.Display, terms.Quantity);
    }

    // 3.7
    private static Reason MinQuantity(ReferenceInstrument instrument, in Terms terms)
    {
        if (terms.MinQuantity == 0)
        {
            return Reason.None;
        }

        if (terms.IsPostOnly || terms.IsStop || terms.Display != 0)
        {
            return new Reason(ReasonCode.MinQtyNotAllowed);
        }

        bool isSound = terms.MinQuantity > 0 && terms.MinQuantity % instrument.Definition.QuantityStepE8 == 0 && terms.MinQuantity <= terms.Quantity;
        return isSound ? Reason.None : new Reason(ReasonCode.MinQtyOutOfRange, terms.MinQuantity, terms.Quantity);
    }

    // 3.8
    private static Reason Combination(in Terms terms)
    {
        bool isSound = terms.Type switch
        {
            OrdType.Stop or OrdType.StopLimit or OrdType.MarketToLimit => terms.MayStay,
            OrdType.Market => terms.TimeInForce != TimeInForce.GoodTillDate,
            _ => true,
        };
        isSound &= !terms.IsPostOnly || (terms.Type == OrdType.Limit && terms.MayStay);
        isSound &= !terms.IsForAuction || (terms.Type is OrdType.Market or OrdType.Limit && terms.Display == 0 && terms.MinQuantity == 0 && !terms.IsPostOnly);
        isSound &= (terms.Flags & OrderFlags.UnsupportedInstruction) == 0;
        return isSound ? Reason.None : new Reason(ReasonCode.UnsupportedCombination);
    }
}
