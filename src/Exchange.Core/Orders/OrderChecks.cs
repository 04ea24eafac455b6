using System.Runtime.CompilerServices;
using Exchange.Core.Instruments;
using Exchange.Core.Markets;
using Exchange.Core.Sessions;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Orders;

/// <summary>
/// Whether the exchange can take what a request asks for, whatever the state of the books (trading rules 3.2 to 3.9 and 4.9): the first
/// reason found wins. What a plain limit or market order does not have is looked at on a way of its own.
/// </summary>
internal sealed class OrderChecks(MarketTable markets, DeadlineCalendar? calendar)
{
    /// <summary>An order may wait for this long at most: ten years.</summary>
    public const long ExpiryMaxNs = 3_653 * DayNs;

    private const long DayNs = 86_400_000_000_000;

    private OrderExtras _extras;

    /// <summary>The extras of the request checked last, if its terms say that it has any.</summary>
    public ref readonly OrderExtras Extras => ref _extras;

    /// <summary>Checks the fields of a new order and converts them.</summary>
    public Refusal CheckNew(in NewOrderCommand command, in CommandContext context, out OrderTerms terms)
    {
        terms = default;
        if (!markets.Instruments.TryFind(in command.Symbol, out Instrument? instrument))
        {
            return new Refusal(ReasonCode.UnknownSymbol);
        }

        terms.Market = markets[instrument.Id];
        if (command.Side is not (Side.Buy or Side.Sell))
        {
            return new Refusal(ReasonCode.UnsupportedSide, (long)command.Side);
        }

        if (command.OrdType is not (OrdType.Limit or OrdType.Market or OrdType.Stop or OrdType.StopLimit or OrdType.MarketToLimit))
        {
            return new Refusal(ReasonCode.UnsupportedOrdType, (long)command.OrdType);
        }

        if (command.TimeInForce is < TimeInForce.Day or > TimeInForce.AtTheClose or (TimeInForce)'5')
        {
            return new Refusal(ReasonCode.UnsupportedTimeInForce, (long)command.TimeInForce);
        }

        Refusal refusal = CheckQuantity(instrument, command.QuantityE8, out terms.QuantityLots);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        refusal = CheckPrice(instrument, command.OrdType, command.Side, command.PriceE8, out terms.PriceTicks);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        bool isPlain = command.OrdType is OrdType.Limit or OrdType.Market
            && command.TimeInForce != TimeInForce.GoodTillDate
            && (command.StopPriceE8 | command.DisplayQuantityE8 | command.MinQuantityE8 | command.ExpireNs | (long)command.SelfTradeId) == 0
            && ((int)command.Flags | (int)command.SelfTradeMode) == 0;
        if (isPlain)
        {
            return Refusal.None;
        }

        Wishes wishes = new()
        {
            StopPriceE8 = command.StopPriceE8,
            DisplayQuantityE8 = command.DisplayQuantityE8,
            MinQuantityE8 = command.MinQuantityE8,
            ExpireNs = command.ExpireNs,
            QuantityE8 = command.QuantityE8,
            OrdType = command.OrdType,
            TimeInForce = command.TimeInForce,
            Flags = command.Flags,
        };
        _extras = default;
        _extras.SelfTradeId = command.SelfTradeId;
        _extras.SelfTradeMode = command.SelfTradeMode;
        return CheckExtras(instrument, in wishes, in context, out terms.Traits);
    }

    /// <summary>Checks the fields of a replacement against the order that it would replace, and converts them.</summary>
    /// <param name="command">The replacement.</param>
    /// <param name="order">The order.</param>
    /// <param name="extras">Its extras, if it has any.</param>
    /// <param name="context">The command.</param>
    /// <param name="terms">What is asked for.</param>
    public Refusal CheckReplace(
        in ReplaceOrderCommand command, in OrderDetail order, in OrderExtras extras, in CommandContext context, out OrderTerms terms)
    {
        terms = default;
        Market market = markets[order.InstrumentId];
        Instrument instrument = market.Instrument;
        terms.Market = market;
        if (command.Symbol != instrument.Symbol || command.Side != order.Side || (!command.Account.IsEmpty && command.Account != order.Account))
        {
            return new Refusal(ReasonCode.ReplaceChangesIdentity);
        }

        if (command.OrdType != order.OrdType)
        {
            return new Refusal(ReasonCode.UnsupportedOrdType, (long)command.OrdType);
        }

        if (!MayBecome(order.TimeInForce, command.TimeInForce))
        {
            return new Refusal(ReasonCode.UnsupportedTimeInForce, (long)command.TimeInForce);
        }

        Refusal refusal = CheckQuantity(instrument, command.QuantityE8, out terms.QuantityLots);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        refusal = CheckPrice(instrument, command.OrdType, command.Side, command.PriceE8, out terms.PriceTicks);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        refusal = CheckReplaceExtras(instrument, in command, in order, in extras, in context, out terms.Traits);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        bool isForAuction = order.TimeInForce is TimeInForce.AtTheOpening or TimeInForce.AtTheClose;
        return isForAuction && terms.PriceTicks != order.PriceTicks ? new Refusal(ReasonCode.ReplaceChangesIdentity) : Refusal.None;
    }

    private static bool MayBecome(TimeInForce now, TimeInForce asked)
    {
        bool isForAuction = now is TimeInForce.AtTheOpening or TimeInForce.AtTheClose;
        return asked == 0 || asked == now || (!isForAuction && asked is TimeInForce.Day or TimeInForce.GoodTillCancel or TimeInForce.GoodTillDate);
    }

    private static Refusal CheckQuantity(Instrument instrument, long quantityE8, out long lots)
    {
        ReasonCode reason = instrument.TryToLots(quantityE8, out lots);
        return reason switch
        {
            ReasonCode.None => Refusal.None,
            ReasonCode.QuantityOutOfRange => new Refusal(reason, quantityE8 == FixedPoint.Absent ? 0 : quantityE8, instrument.QuantityMaxE8),
            _ => new Refusal(reason, quantityE8, instrument.QuantityStepE8),
        };
    }

    // An order without a limit gets the far end of the range.
    private static Refusal CheckPrice(Instrument instrument, OrdType type, Side side, long priceE8, out long ticks)
    {
        if (type is OrdType.Limit or OrdType.StopLimit)
        {
            ticks = 0;
            return priceE8 == FixedPoint.Absent ? new Refusal(ReasonCode.PriceMissing) : CheckPrice(instrument, priceE8, out ticks);
        }

        ticks = side == Side.Buy ? instrument.PriceMaxTicks : instrument.PriceMinTicks;
        return priceE8 == FixedPoint.Absent ? Refusal.None : new Refusal(ReasonCode.PriceNotAllowed, priceE8);
    }

    private static Refusal CheckPrice(Instrument instrument, long priceE8, out long ticks)
    {
        ReasonCode reason = instrument.TryToTicks(priceE8, out ticks);
        return reason switch
        {
            ReasonCode.None => Refusal.None,
            ReasonCode.PriceOutOfRange => new Refusal(reason, priceE8, instrument.PriceMaxE8),
            _ => new Refusal(reason, priceE8, instrument.TickE8At(priceE8)),
        };
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Refusal CheckReplaceExtras(
        Instrument instrument, in ReplaceOrderCommand command, in OrderDetail order, in OrderExtras extras, in CommandContext context, out OrderTraits traits)
    {
        _extras = order.HasExtras ? extras : default;
        long keptStopTicks = _extras.StopTicks;
        long keptDisplayLots = _extras.DisplayLots;
        TimeInForce timeInForce = command.TimeInForce == 0 ? order.TimeInForce : command.TimeInForce;
        bool keepsExpiry = command.ExpireNs == 0 && timeInForce == TimeInForce.GoodTillDate && order.TimeInForce == TimeInForce.GoodTillDate;
        long keptExpireNs = _extras.ExpireNs;
        long keptDueNs = _extras.DueNs;
        OrderFlags keptFlags = _extras.Flags & OrderFlags.ExpiresOnDate;
        Wishes wishes = new()
        {
            StopPriceE8 = command.StopPriceE8,
            DisplayQuantityE8 = command.DisplayQuantityE8,
            MinQuantityE8 = command.MinQuantityE8,
            ExpireNs = command.ExpireNs,
            QuantityE8 = command.QuantityE8,
            OrdType = command.OrdType,
            TimeInForce = timeInForce,
            Flags = command.Flags,
            KeepsStop = command.StopPriceE8 == 0 && order.IsStop,
            KeepsDisplay = command.DisplayQuantityE8 == 0 && order.IsIceberg,
            KeepsExpiry = keepsExpiry,
        };
        bool hadExtras = order.HasExtras;
        Refusal refusal = CheckExtras(instrument, in wishes, in context, out traits);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        // A stop that has triggered goes on to tell its stop price.
        _extras.StopTicks = command.StopPriceE8 == 0 ? keptStopTicks : _extras.StopTicks;
        _extras.DisplayLots = wishes.KeepsDisplay ? keptDisplayLots : _extras.DisplayLots;
        if (keepsExpiry)
        {
            _extras.ExpireNs = keptExpireNs;
            _extras.DueNs = keptDueNs;
            _extras.Flags |= keptFlags;
        }

        bool isPlain = !hadExtras
            && (_extras.StopTicks | _extras.DisplayLots | _extras.MinLots | _extras.ExpireNs) == 0
            && _extras.Flags == OrderFlags.None;
        traits = isPlain ? OrderTraits.None : traits;
        return Refusal.None;
    }

    // Rules 3.5 to 3.9.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Refusal CheckExtras(Instrument instrument, in Wishes wishes, in CommandContext context, out OrderTraits traits)
    {
        traits = OrderTraits.HasExtras;
        Refusal refusal = CheckStop(instrument, in wishes);
        if (!refusal.IsRefused)
        {
            refusal = CheckDisplay(instrument, in wishes);
        }

        if (!refusal.IsRefused)
        {
            refusal = CheckMinimum(instrument, in wishes);
        }

        if (!refusal.IsRefused && !GoTogether(in wishes))
        {
            refusal = new Refusal(ReasonCode.UnsupportedCombination);
        }

        if (!refusal.IsRefused)
        {
            refusal = CheckExpiry(in wishes, in context);
        }

        _extras.Flags = wishes.Flags & OrderFlags.PostOnly;
        if (_extras.ExpireNs != 0)
        {
            _extras.Flags |= wishes.Flags & OrderFlags.ExpiresOnDate;
        }

        if (_extras.DisplayLots != 0 || wishes.KeepsDisplay)
        {
            traits |= OrderTraits.Iceberg;
        }

        return refusal;
    }

    private Refusal CheckStop(Instrument instrument, in Wishes wishes)
    {
        _extras.StopTicks = 0;
        if (wishes.OrdType is OrdType.Stop or OrdType.StopLimit)
        {
            return wishes.KeepsStop ? Refusal.None
                : wishes.StopPriceE8 == 0 ? new Refusal(ReasonCode.StopPriceMissing)
                : CheckPrice(instrument, wishes.StopPriceE8, out _extras.StopTicks);
        }

        return wishes.StopPriceE8 == 0 ? Refusal.None : new Refusal(ReasonCode.StopPriceNotAllowed, wishes.StopPriceE8);
    }

    private Refusal CheckDisplay(Instrument instrument, in Wishes wishes)
    {
        _extras.DisplayLots = 0;
        if (wishes.DisplayQuantityE8 == 0)
        {
            return Refusal.None;
        }

        if (wishes.OrdType != OrdType.Limit || wishes.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill)
        {
            return new Refusal(ReasonCode.DisplayNotAllowed);
        }

        return TryToPart(instrument, wishes.DisplayQuantityE8, wishes.QuantityE8, out _extras.DisplayLots)
            ? Refusal.None
            : new Refusal(ReasonCode.DisplayOutOfRange, wishes.DisplayQuantityE8, wishes.QuantityE8);
    }

    private Refusal CheckMinimum(Instrument instrument, in Wishes wishes)
    {
        _extras.MinLots = 0;
        if (wishes.MinQuantityE8 == 0)
        {
            return Refusal.None;
        }

        bool isIceberg = _extras.DisplayLots != 0 || wishes.KeepsDisplay;
        if ((wishes.Flags & OrderFlags.PostOnly) != 0 || wishes.OrdType is OrdType.Stop or OrdType.StopLimit || isIceberg)
        {
            return new Refusal(ReasonCode.MinQtyNotAllowed);
        }

        return TryToPart(instrument, wishes.MinQuantityE8, wishes.QuantityE8, out _extras.MinLots)
            ? Refusal.None
            : new Refusal(ReasonCode.MinQtyOutOfRange, wishes.MinQuantityE8, wishes.QuantityE8);
    }

    private static bool TryToPart(Instrument instrument, long partE8, long wholeE8, out long lots)
    {
        lots = 0;
        if (partE8 <= 0 || partE8 > wholeE8)
        {
            return false;
        }

        (lots, long rest) = Math.DivRem(partE8, instrument.QuantityStepE8);
        return rest == 0;
    }

    // Rule 3.8.
    private bool GoTogether(in Wishes wishes)
    {
        bool waits = wishes.TimeInForce is TimeInForce.Day or TimeInForce.GoodTillCancel or TimeInForce.GoodTillDate;
        bool isPostOnly = (wishes.Flags & OrderFlags.PostOnly) != 0;
        bool isTypeFine = wishes.OrdType switch
        {
            OrdType.Stop or OrdType.StopLimit or OrdType.MarketToLimit => waits,
            OrdType.Market => wishes.TimeInForce != TimeInForce.GoodTillDate,
            _ => true,
        };
        bool isForAuction = wishes.TimeInForce is TimeInForce.AtTheOpening or TimeInForce.AtTheClose;
        bool isAuctionFine = !isForAuction || (_extras.DisplayLots == 0 && _extras.MinLots == 0 && !isPostOnly);
        return isTypeFine
            && isAuctionFine
            && (!isPostOnly || (wishes.OrdType == OrdType.Limit && waits))
            && (wishes.Flags & OrderFlags.UnsupportedInstruction) == 0;
    }

    private Refusal CheckExpiry(in Wishes wishes, in CommandContext context)
    {
        _extras.ExpireNs = 0;
        _extras.DueNs = 0;
        if (wishes.TimeInForce != TimeInForce.GoodTillDate)
        {
            return wishes.ExpireNs == 0 ? Refusal.None : new Refusal(ReasonCode.ExpireTimeNotAllowed);
        }

        if (wishes.ExpireNs == 0)
        {
            return wishes.KeepsExpiry ? Refusal.None : new Refusal(ReasonCode.ExpireTimeMissing);
        }

        _extras.ExpireNs = wishes.ExpireNs;
        bool isInReach = wishes.ExpireNs > 0 && wishes.ExpireNs - context.LogTimeNs <= ExpiryMaxNs;
        _extras.DueNs = isInReach ? ExpiresAtNs(wishes.ExpireNs, wishes.Flags) : 0;
        return _extras.DueNs > context.LogTimeNs ? Refusal.None : new Refusal(ReasonCode.ExpireTimeOutOfRange);
    }

    // Its time, or the end of the trading day of its date.
    private long ExpiresAtNs(long expireNs, OrderFlags flags)
    {
        if ((flags & OrderFlags.ExpiresOnDate) == 0)
        {
            return expireNs;
        }

        long dayEndNs = calendar?.DayEndTimeOfDayNs ?? -1;
        return expireNs + (dayEndNs < 0 ? DayNs : dayEndNs);
    }

    // What a request asks for besides type, side, price and quantity, in the units of its sender.
    private struct Wishes
    {
        public long StopPriceE8;
        public long DisplayQuantityE8;
        public long MinQuantityE8;
        public long ExpireNs;
        public long QuantityE8;
        public OrdType OrdType;
        public TimeInForce TimeInForce;
        public OrderFlags Flags;
        public bool KeepsStop;
        public bool KeepsDisplay;
        public bool KeepsExpiry;
    }
}
