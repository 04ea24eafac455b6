using System.Numerics;
using Exchange.Protocol;

namespace Exchange.Reference;

/// <summary>Rules 4 and 7: what happens when an order meets the book, and how orders end.</summary>
internal sealed class Matching(ReferenceVenue venue, ReferenceProtectionDesk protection)
{
    /// <summary>An order whose checks are done goes where it belongs in the present phase (2, 4.1, 4.10).</summary>
    public void Enter(ReferenceOrder order)
    {
        ReferenceInstrument instrument = order.Instrument;
        if (order.IsStop)
        {
            EnterStop(order);
        }
        else if (order.TimeInForce == TimeInForce.AtTheClose && instrument.Phase != MarketPhase.ClosingAuction)
        {
            // 2.5: waits outside of the book.
            int at = instrument.Waiting.FindIndex(other => other.Id > order.Id);
            instrument.Waiting.Insert(at < 0 ? instrument.Waiting.Count : at, order);
            order.Place = Place.Waiting;
        }
        else if (instrument.Phase == MarketPhase.Continuous)
        {
            Aggress(order);
        }
        else
        {
            Rest(order);
        }
    }

    /// <summary>Ends an open order with a report.</summary>
    public void End(ReferenceOrder order, ExecType type, Reason reason)
    {
        Close(order, type == ExecType.Expired ? OrdStatus.Expired : OrdStatus.Canceled);
        venue.Reports.Order(order, type, reason);
    }

    /// <summary>Takes an order out of everything; the report is the caller's.</summary>
    public void Close(ReferenceOrder order, OrdStatus status)
    {
        order.Instrument.TakeOut(order);
        order.Leaves = 0;
        order.Visible = 0;
        order.Status = status;
        order.Session.Close(order);
        venue.OpenCount--;
        ReferenceRisk.Touch(order.Account, order.Instrument);
    }

    /// <summary>A trade between two orders; the one that is reported first comes first (4.2, 5.5).</summary>
    public void Trade(ReferenceOrder first, ReferenceOrder second, long quantity, long price)
    {
        long matchId = ++venue.LastMatchId;
        first.Instrument.Traded(price);
        venue.Touch(first.Instrument);
        Fill(first, quantity, price, matchId);
        Fill(second, quantity, price, matchId);
    }

    private void Fill(ReferenceOrder order, long quantity, long price, long matchId)
    {
        LastLiquidityInd liquidity = order.Place == Place.Book ? LastLiquidityInd.AddedLiquidity : LastLiquidityInd.RemovedLiquidity;
        order.Leaves -= quantity;
        order.Executed += quantity;
        order.ExecutedValue += (BigInteger)quantity * price;
        order.Status = order.Leaves == 0 ? OrdStatus.Filled : OrdStatus.PartiallyFilled;
        if (order.Place == Place.Book)
        {
            order.Visible -= Math.Min(quantity, order.Visible);
            if (order.Leaves > 0 && order.Visible == 0)
            {
                // 4.5: the next part joins the end of its level at once.
                order.Instrument.TakeOut(order);
                Rest(order);
            }
        }

        ReferenceRisk.Traded(order, quantity, price);
        venue.Reports.Trade(order, quantity, price, matchId, liquidity);
        if (order.Leaves == 0)
        {
            Close(order, OrdStatus.Filled);
        }

        protection.Traded(order, quantity, price);
    }

    private static void Rest(ReferenceOrder order)
    {
        order.Visible = order.Display == 0 ? order.Leaves : Math.Min(order.Display, order.Leaves);
        order.Instrument.Rest(order);
    }

    // 4.1 to 4.8
    private void Aggress(ReferenceOrder order)
    {
        ReferenceInstrument instrument = order.Instrument;
        List<ReferenceOrder> opposite = instrument.Opposite(order.Side);
        if (order.Type == OrdType.MarketToLimit && order.Price == FixedPoint.Absent && opposite.Count > 0)
        {
            // 4.4
            order.Type = OrdType.Limit;
            order.Price = instrument.BookPrice(opposite[0]);
            order.RiskPrice = order.Price;
        }

        long limit = LimitOf(order, opposite);
        Reason notEnough = Rehearse(order, limit);
        if (!notEnough.IsNone)
        {
            End(order, ExecType.Canceled, notEnough);
            return;
        }

        for (int met = 0; order.IsOpen && opposite.Count > 0 && IsWithin(order, instrument.BookPrice(opposite[0]), limit); met++)
        {
            // 4.6: limit, FillsMax, collars, self-trade prevention.
            ReferenceOrder resting = opposite[0];
            long price = instrument.BookPrice(resting);
            if (met == venue.Limits.FillsMax)
            {
                End(order, ExecType.Canceled, new Reason(ReasonCode.TooManyFills, 0, met));
                return;
            }

            if (protection.IsWithdrawn(resting))
            {
                // 9.3
                End(resting, ExecType.Canceled, new Reason(ReasonCode.MarketMakerProtection));
                continue;
            }

            Reason collar = Collar(instrument, price, instrument.ReferencePrice);
            if (!collar.IsNone)
            {
                HitCollar(order, collar);
                return;
            }

            if (IsSelf(order, resting))
            {
                PreventSelfTrade(order, resting);
                continue;
            }

            Trade(order, resting, Math.Min(order.Leaves, resting.Visible), price);
        }

        if (order.IsOpen)
        {
            Remain(order);
        }
    }

    // 4.1: what is left.
    private void Remain(ReferenceOrder order)
    {
        bool isImmediate = order.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;
        if (isImmediate || order.Price == FixedPoint.Absent)
        {
            End(order, ExecType.Canceled, new Reason(ReasonCode.NoLiquidity));
        }
        else
        {
            Rest(order);
        }
    }

    // 4.7
    private void HitCollar(ReferenceOrder order, Reason collar)
    {
        bool startsAuction = order.Instrument.Definition.CollarAction == CollarAction.Auction;
        if (!startsAuction || order.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill)
        {
            End(order, ExecType.Canceled, collar);
        }
        else
        {
            Rest(order);
        }

        if (startsAuction)
        {
            order.Instrument.Phase = MarketPhase.VolatilityAuction;
            order.Instrument.PhaseEndsAtNs = venue.NowNs + order.Instrument.Definition.VolatilityAuctionNs;
        }
    }

    private static bool IsWithin(ReferenceOrder order, long price, long limit) => limit == FixedPoint.Absent || (order.IsBuy ? price <= limit : price >= limit);

    // 4.1, 4.8
    private static long LimitOf(ReferenceOrder order, List<ReferenceOrder> opposite)
    {
        int band = order.Instrument.Definition.MarketBandBp;
        if (order.Price != FixedPoint.Absent || band == 0 || opposite.Count == 0)
        {
            return order.Price;
        }

        long best = order.Instrument.BookPrice(opposite[0]);
        return order.IsBuy ? Bounds.Above(order.Instrument, best, band) : Bounds.Below(order.Instrument, best, band);
    }

    // 4.3: works out, without doing it, what would happen.
    private Reason Rehearse(ReferenceOrder order, long limit)
    {
        bool isAllOrNothing = order.TimeInForce == TimeInForce.FillOrKill;
        if ((!isAllOrNothing && order.MinQuantity == 0) || (order.Type == OrdType.MarketToLimit && order.Price == FixedPoint.Absent))
        {
            return Reason.None;
        }

        List<(ReferenceOrder Order, long Leaves, long Visible)> book = [.. order.Instrument.Opposite(order.Side).Select(resting => (resting, resting.Leaves, resting.Visible))];
        long left = order.Leaves;
        long traded = 0;
        long reference = order.Instrument.ReferencePrice;
        for (int met = 0; left > 0 && book.Count > 0 && met < venue.Limits.FillsMax; met++)
        {
            (ReferenceOrder resting, long leaves, long visible) = book[0];
            long price = order.Instrument.BookPrice(resting);
            if (!IsWithin(order, price, limit))
            {
                break;
            }

            if (protection.IsWithdrawn(resting))
            {
                book.RemoveAt(0);
                continue;
            }

            if (!Collar(order.Instrument, price, reference).IsNone)
            {
                break;
            }

            long quantity = Math.Min(left, visible);
            if (IsSelf(order, resting))
            {
                SelfTradeMode mode = ModeOf(order);
                if (mode is SelfTradeMode.CancelNewest or SelfTradeMode.CancelBoth)
                {
                    break;
                }

                quantity = mode == SelfTradeMode.Decrement ? Math.Min(left, leaves) : 0;
                left -= quantity;
                if (left == 0)
                {
                    // Its end would not be a trade.
                    return new Reason(isAllOrNothing ? ReasonCode.NotFillableInFull : traded >= order.MinQuantity ? ReasonCode.None : ReasonCode.MinQtyNotMet);
                }

                if (leaves > quantity && quantity > 0)
                {
                    book[0] = (resting, leaves - quantity, Math.Min(visible, leaves - quantity));
                }
                else
                {
                    book.RemoveAt(0);
                }

                continue;
            }

            left -= quantity;
            traded += quantity;
            reference = price;
            book.RemoveAt(0);
            if (leaves > quantity)
            {
                // 4.5: the next part joins the end of its level.
                int at = visible > quantity ? 0 : book.FindIndex(other => order.Instrument.BookPrice(other.Order) != price);
                long next = visible > quantity ? visible - quantity : Math.Min(resting.Display, leaves - quantity);
                book.Insert(at < 0 ? book.Count : at, (resting, leaves - quantity, next));
            }
        }

        if (isAllOrNothing && left > 0)
        {
            return new Reason(ReasonCode.NotFillableInFull);
        }

        return traded >= order.MinQuantity ? Reason.None : new Reason(ReasonCode.MinQtyNotMet);
    }

    // 4.7: dynamic, then static.
    private static Reason Collar(ReferenceInstrument instrument, long price, long reference)
    {
        long staticBase = instrument.AuctionPrice != 0 ? instrument.AuctionPrice : instrument.Definition.ReferencePriceE8;
        long bound = Bounds.Outside(instrument, price, reference, instrument.Definition.DynamicCollarBp);
        bound = bound == 0 ? Bounds.Outside(instrument, price, staticBase, instrument.Definition.StaticCollarBp) : bound;
        return bound == 0 ? Reason.None : new Reason(ReasonCode.PriceCollar, price, bound);
    }

    // 7.1
    private static bool IsSelf(ReferenceOrder aggressor, ReferenceOrder resting)
    {
        if (aggressor.SelfTradeId != 0)
        {
            return resting.SelfTradeId == aggressor.SelfTradeId;
        }

        ReferenceFirm firm = aggressor.Account.Firm;
        return firm.Limits.SelfTradeMode != SelfTradeMode.None && resting.Account.Firm == firm;
    }

    // 7.2
    private static SelfTradeMode ModeOf(ReferenceOrder order)
    {
        SelfTradeMode ofFirm = order.Account.Firm.Limits.SelfTradeMode;
        return order.SelfTradeMode != SelfTradeMode.None ? order.SelfTradeMode : ofFirm != SelfTradeMode.None ? ofFirm : SelfTradeMode.CancelNewest;
    }

    // 7.2
    private void PreventSelfTrade(ReferenceOrder aggressor, ReferenceOrder resting)
    {
        Reason reason = new(ReasonCode.SelfTradePrevented);
        SelfTradeMode mode = ModeOf(aggressor);
        if (mode == SelfTradeMode.Decrement)
        {
            long less = Math.Min(aggressor.Leaves, resting.Leaves);
            Decrement(resting, less, reason);
            Decrement(aggressor, less, reason);
            return;
        }

        if (mode is SelfTradeMode.CancelOldest or SelfTradeMode.CancelBoth)
        {
            End(resting, ExecType.Canceled, reason);
        }

        if (mode is SelfTradeMode.CancelNewest or SelfTradeMode.CancelBoth)
        {
            End(aggressor, ExecType.Canceled, reason);
        }
    }

    private void Decrement(ReferenceOrder order, long less, Reason reason)
    {
        if (order.Leaves == less)
        {
            End(order, ExecType.Canceled, reason);
            return;
        }

        order.Leaves -= less;
        order.Quantity -= less;
        order.Visible = Math.Min(order.Visible, order.Leaves);
        ReferenceRisk.Touch(order.Account, order.Instrument);
        venue.Reports.Order(order, ExecType.Restated, reason);
    }

    // 4.10: on entry one whose price the last trade of the day has already reached is elected at once.
    private void EnterStop(ReferenceOrder order)
    {
        ReferenceInstrument instrument = order.Instrument;
        bool isReached = instrument.HasTradedToday && (order.IsBuy ? instrument.LastPrice >= order.StopPrice : instrument.LastPrice <= order.StopPrice);
        if (isReached && instrument.Phase == MarketPhase.Continuous)
        {
            instrument.Elected.Add(order);
            order.Place = Place.Elected;
            venue.Touch(instrument);
        }
        else
        {
            instrument.Stops.Add(order);
            order.Place = Place.Stops;
        }
    }

    /// <summary>4.10: behind a command that traded or elected: elects, then works off elected ones, at most <see cref="ReferenceLimits.TriggersMax"/>.</summary>
    public void WorkOffStops(ReferenceInstrument instrument)
    {
        Elect(instrument);
        if (!venue.Tasks.Any(task => task.Kind == TriggerTask && task.Subject == instrument.Id))
        {
            WorkOff(instrument);
        }
    }

    private const string TriggerTask = "triggers";

    private void WorkOff(ReferenceInstrument instrument)
    {
        long firstMatch = venue.LastMatchId;
        for (int i = 0; i < venue.Limits.TriggersMax && venue.LastMatchId - firstMatch < venue.Limits.FillsMax && CanTrigger(instrument); i++)
        {
            ReferenceOrder order = instrument.Elected[0];
            instrument.TakeOut(order);
            order.IsTriggered = true;
            order.Type = order.Type == OrdType.Stop ? OrdType.Market : OrdType.Limit;
            venue.Reports.Order(order, ExecType.Triggered, Reason.None);
            Enter(order);
            Elect(instrument);
        }

        if (CanTrigger(instrument))
        {
            venue.Begin(new ReferenceTask(TriggerTask, instrument.Id, () => CanTrigger(instrument)));
        }
    }

    private static bool CanTrigger(ReferenceInstrument instrument) => instrument.Phase == MarketPhase.Continuous && instrument.Elected.Count > 0;

    private static void Elect(ReferenceInstrument instrument)
    {
        if (instrument.HighestSinceLook == 0)
        {
            return;
        }

        // Sorting keeps the order in which equal prices came to wait.
        List<ReferenceOrder> buys = [.. instrument.Stops.Where(stop => stop.IsBuy && stop.StopPrice <= instrument.HighestSinceLook).OrderBy(stop => stop.StopPrice)];
        List<ReferenceOrder> sells = [.. instrument.Stops.Where(stop => !stop.IsBuy && stop.StopPrice >= instrument.LowestSinceLook).OrderByDescending(stop => stop.StopPrice)];
        foreach (ReferenceOrder stop in buys.Concat(sells))
        {
            instrument.Stops.Remove(stop);
            instrument.Elected.Add(stop);
            stop.Place = Place.Elected;
        }

        instrument.HighestSinceLook = 0;
        instrument.LowestSinceLook = 0;
    }
}
