using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Reference;

/// <summary>NewOrderSingle, OrderCancelRequest, OrderCancelReplaceRequest and OrderStatusRequest of a session (rules 3 and 4.9).</summary>
internal sealed class OrderRequests(ReferenceVenue venue, Matching matching, ReferenceRisk risk)
{
    /// <summary>Where an at-date order ends: told by the calendar of the venue.</summary>
    public Func<long, OrderFlags, long> EndOf { get; set; } = (expireNs, _) => expireNs;

    public void New(ReferenceSession session, in NewOrderCommand command)
    {
        bool isResend = (command.Header.Flags & FixMessageFlags.PossResend) != 0;
        ReferenceInstrument? instrument = venue.Find(command.Symbol);
        IdUse? use = session.Find(command.ClOrdId);
        if (use is not null)
        {
            // 3.1
            if (isResend && use.Order is not null && session.KeepsEndOf(use.Order))
            {
                venue.Reports.Status(use.Order, default);
                return;
            }

            if (!isResend || use.Order is not null)
            {
                venue.Reports.Rejected(session.Id, in command, instrument, new Reason(ReasonCode.DuplicateClOrdId), isResend ? use.Order!.Id : 0, command.Account);
                return;
            }
        }
        else if (isResend && session.HasForgotten)
        {
            session.Use(command.ClOrdId, null, false, ReasonCode.PossResendOutsideWindow);
            venue.Reports.Rejected(session.Id, in command, instrument, new Reason(ReasonCode.PossResendOutsideWindow), 0, command.Account);
            return;
        }

        Terms terms = new(
            command.Side, command.OrdType, command.TimeInForce, command.Flags, command.PriceE8, command.QuantityE8,
            command.StopPriceE8, command.DisplayQuantityE8, command.MinQuantityE8, command.ExpireNs);
        Text16 accountName = command.Account.IsEmpty ? session.DefaultAccount : command.Account;
        Reason reason;
        if (use is not null)
        {
            // 3.1: what was refused stays refused, for the same reason, with value and limit as far as they follow from the message alone.
            Reason now = instrument is null ? new Reason(ReasonCode.UnknownSymbol) : EntryChecks.Kind(in terms);
            now = now.IsNone ? EntryChecks.Numbers(instrument!, in terms) : now;
            reason = now.Code == use.Refused ? now : new Reason(use.Refused);
        }
        else
        {
            reason = Check(session, instrument, in terms, accountName);
        }

        if (!reason.IsNone)
        {
            if (use is null)
            {
                session.Use(command.ClOrdId, null, false, reason.Code);
            }

            venue.Reports.Rejected(session.Id, in command, instrument, reason, 0, command.Account);
            return;
        }

        ReferenceOrder order = new()
        {
            Id = ++venue.LastOrderId,
            Session = session,
            Instrument = instrument!,
            Account = ReferenceVenue.AccountOf(session.Firm, accountName),
            AccountName = accountName,
            ClOrdId = command.ClOrdId,
            Side = command.Side,
            Type = command.OrdType,
            TimeInForce = command.TimeInForce,
            Flags = command.Flags,
            SelfTradeMode = command.SelfTradeMode,
            SelfTradeId = command.SelfTradeId,
            Price = command.PriceE8,
            StopPrice = command.StopPriceE8,
            Display = command.DisplayQuantityE8,
            MinQuantity = command.MinQuantityE8,
            ExpireNs = command.ExpireNs,
            Quantity = command.QuantityE8,
            Leaves = command.QuantityE8,
            RiskPrice = ReferenceRisk.PriceOf(instrument!, in terms),
        };
        order.Chain.Add(order.ClOrdId);
        session.Use(order.ClOrdId, order, true);
        session.Open.Add(order);
        venue.OpenCount++;
        ReferenceRisk.Touch(order.Account, order.Instrument);
        venue.Reports.Order(order, ExecType.New, Reason.None);
        matching.Enter(order);
    }

    public void Cancel(ReferenceSession session, in CancelOrderCommand command)
    {
        bool isResend = (command.Header.Flags & FixMessageFlags.PossResend) != 0;
        if (IsAnswered(session, command.ClOrdId, command.OrigClOrdId, command.Symbol, command.OrderId, isResend, isReplace: false, out bool isKnown))
        {
            return;
        }

        ReferenceOrder? order = Find(session, command.OrigClOrdId, command.OrderId, out Reason reason, out OrdStatus? status);
        if (reason.IsNone && !isKnown && (order!.Side != command.Side || order.Instrument != venue.Find(command.Symbol)))
        {
            order = null;
            status = null;
            reason = new Reason(ReasonCode.UnknownOrder);
        }

        if (reason.IsNone && order!.Instrument.Phase == MarketPhase.Uncrossing && order.Instrument.AuctionKind != MarketPhase.Group)
        {
            // 2.1: not while the price is being determined.
            reason = new Reason(ReasonCode.MarketUncrossing);
        }

        if (isKnown)
        {
            reason = Stored(session, command.ClOrdId);
        }

        if (!reason.IsNone)
        {
            UseId(session, command.ClOrdId, isKnown, reason.Code);
            venue.Reports.CancelRefused(session.Id, order, venue.Find(command.Symbol), command.ClOrdId, command.OrigClOrdId, isReplace: false, reason, status);
            return;
        }

        Text40 former = order!.ClOrdId;
        session.Use(command.ClOrdId, order, false);
        order.ClOrdId = command.ClOrdId;
        matching.Close(order, OrdStatus.Canceled);
        venue.Reports.Order(order, ExecType.Canceled, new Reason(ReasonCode.UserRequested), former);
    }

    public void Replace(ReferenceSession session, in ReplaceOrderCommand command)
    {
        bool isResend = (command.Header.Flags & FixMessageFlags.PossResend) != 0;
        if (IsAnswered(session, command.ClOrdId, command.OrigClOrdId, command.Symbol, command.OrderId, isResend, isReplace: true, out bool isKnown))
        {
            return;
        }

        ReferenceOrder? order = Find(session, command.OrigClOrdId, command.OrderId, out Reason reason, out OrdStatus? status);
        if (!isKnown && isResend && session.HasForgotten)
        {
            reason = new Reason(ReasonCode.PossResendOutsideWindow);
        }

        Terms terms = default;
        if (reason.IsNone)
        {
            terms = TermsOf(order!, in command);
            reason = CheckReplacement(session, order!, in command, in terms);
        }

        if (isKnown)
        {
            reason = Stored(session, command.ClOrdId);
        }

        if (!reason.IsNone)
        {
            UseId(session, command.ClOrdId, isKnown, reason.Code);
            venue.Reports.CancelRefused(session.Id, order, venue.Find(command.Symbol), command.ClOrdId, command.OrigClOrdId, isReplace: true, reason, status);
            return;
        }

        Carry(session, order!, in command, in terms);
    }

    public void Status(ReferenceSession session, in OrderStatusCommand command)
    {
        ReferenceOrder? order = Find(session, command.ClOrdId, command.OrderId, out _, out _);
        if (order is null || !session.KeepsEndOf(order))
        {
            venue.Reports.NoSuchOrder(session.Id, in command, venue.Find(command.Symbol));
        }
        else
        {
            venue.Reports.Status(order, command.OrdStatusReqId);
        }
    }

    // 3.2 to 3.14
    private Reason Check(ReferenceSession session, ReferenceInstrument? instrument, in Terms terms, Text16 account)
    {
        if (instrument is null)
        {
            return new Reason(ReasonCode.UnknownSymbol);
        }

        Reason reason = EntryChecks.Kind(in terms);
        reason = reason.IsNone ? EntryChecks.Numbers(instrument, in terms) : reason;
        reason = reason.IsNone ? EntryChecks.Expiry(in terms, EndOf(terms.ExpireNs, terms.Flags), venue.NowNs) : reason;
        reason = reason.IsNone ? Account(session, account) : reason;
        reason = reason.IsNone ? EntryChecks.Phase(instrument, in terms, isReplacement: false) : reason;
        reason = reason.IsNone ? risk.Check(session, ReferenceVenue.AccountOf(session.Firm, account), instrument, in terms, null, isQuote: false) : reason;
        reason = reason.IsNone ? PostOnly(instrument, in terms) : reason;
        return reason.IsNone ? Room(session, instrument, in terms) : reason;
    }

    // 3.10
    private static Reason Account(ReferenceSession session, Text16 account) =>
        session.Firm.ListsAccounts && !ReferenceVenue.AccountOf(session.Firm, account).IsListed ? new Reason(ReasonCode.UnknownAccount) : Reason.None;

    // 3.13
    private static Reason PostOnly(ReferenceInstrument instrument, in Terms terms)
    {
        List<ReferenceOrder> opposite = instrument.Opposite(terms.Side);
        if (!terms.IsPostOnly || instrument.Phase != MarketPhase.Continuous || opposite.Count == 0)
        {
            return Reason.None;
        }

        long best = instrument.BookPrice(opposite[0]);
        bool wouldTrade = terms.Side == Side.Buy ? terms.Price >= best : terms.Price <= best;
        return wouldTrade ? new Reason(ReasonCode.PostOnlyWouldTrade, 0, best) : Reason.None;
    }

    // 3.14: an order that cannot stay open needs no room.
    private Reason Room(ReferenceSession session, ReferenceInstrument instrument, in Terms terms)
    {
        bool cannotStay = terms.IsImmediate || (terms.Type == OrdType.Market && instrument.Phase == MarketPhase.Continuous && !terms.IsForAuction);
        if (cannotStay)
        {
            return Reason.None;
        }

        int count = session.Open.Count(order => !order.IsQuote);
        if (count >= session.OpenOrdersMax)
        {
            return new Reason(ReasonCode.TooManyOpenOrders, count, session.OpenOrdersMax);
        }

        return venue.OpenCount >= venue.Limits.OpenOrdersMax ? new Reason(ReasonCode.TooManyOpenOrders, venue.OpenCount, venue.Limits.OpenOrdersMax) : Reason.None;
    }

    // 4.9: what the replacement would make of the order. A stop price, display quantity or expiry that is not given stays; minimum quantity and
    // post-only are those of the replacement.
    private static Terms TermsOf(ReferenceOrder order, in ReplaceOrderCommand command)
    {
        TimeInForce timeInForce = command.TimeInForce == 0 ? order.TimeInForce : command.TimeInForce;
        bool keepsExpiry = command.ExpireNs == 0 && timeInForce == TimeInForce.GoodTillDate;
        OrderFlags dated = (keepsExpiry ? order.Flags : command.Flags) & OrderFlags.ExpiresOnDate;
        return new Terms(
            order.Side, order.Type, timeInForce, (command.Flags & ~OrderFlags.ExpiresOnDate) | dated, command.PriceE8, command.QuantityE8,
            command.StopPriceE8 != 0 ? command.StopPriceE8 : order.StopPrice, command.DisplayQuantityE8 != 0 ? command.DisplayQuantityE8 : order.Display,
            command.MinQuantityE8, keepsExpiry ? order.ExpireNs : command.ExpireNs);
    }

    // 4.9
    private Reason CheckReplacement(ReferenceSession session, ReferenceOrder order, in ReplaceOrderCommand command, in Terms terms)
    {
        bool isSameAccount = command.Account.IsEmpty || command.Account == order.AccountName;
        if (command.Side != order.Side || venue.Find(command.Symbol) != order.Instrument || !isSameAccount)
        {
            return new Reason(ReasonCode.ReplaceChangesIdentity);
        }

        if (command.OrdType != order.Type)
        {
            return new Reason(ReasonCode.UnsupportedOrdType, (byte)command.OrdType);
        }

        bool isForAuction = order.TimeInForce is TimeInForce.AtTheOpening or TimeInForce.AtTheClose;
        if (isForAuction ? terms.TimeInForce != order.TimeInForce : !terms.MayStay)
        {
            return new Reason(ReasonCode.UnsupportedTimeInForce, (byte)terms.TimeInForce);
        }

        Reason reason = EntryChecks.Numbers(order.Instrument, in terms, command.StopPriceE8 != 0, command.DisplayQuantityE8 != 0);
        bool checksExpiry = command.ExpireNs != 0 || (terms.TimeInForce == TimeInForce.GoodTillDate && order.TimeInForce != TimeInForce.GoodTillDate);
        reason = reason.IsNone && checksExpiry ? EntryChecks.Expiry(in terms, EndOf(terms.ExpireNs, terms.Flags), venue.NowNs) : reason;
        reason = reason.IsNone && isForAuction && terms.Price != order.Price ? new Reason(ReasonCode.ReplaceChangesIdentity) : reason;
        reason = reason.IsNone ? EntryChecks.Phase(order.Instrument, in terms, isReplacement: true) : reason;
        reason = reason.IsNone ? risk.Check(session, order.Account, order.Instrument, in terms, order, isQuote: false) : reason;
        reason = reason.IsNone ? PostOnly(order.Instrument, in terms) : reason;
        return reason.IsNone && terms.Quantity <= order.Executed ? new Reason(ReasonCode.ReplaceBelowExecuted, terms.Quantity, order.Executed) : reason;
    }

    // 4.9
    private void Carry(ReferenceSession session, ReferenceOrder order, in ReplaceOrderCommand command, in Terms terms)
    {
        long leaves = terms.Quantity - order.Executed;
        bool keepsPlace = terms.Price == order.Price && terms.StopPrice == order.StopPrice && leaves <= order.Leaves
            && (terms.Display <= order.Display && (order.Display != 0 || terms.Display == 0));
        Text40 former = order.ClOrdId;
        order.ClOrdId = command.ClOrdId;
        order.Chain.Add(order.ClOrdId);
        session.Use(order.ClOrdId, order, true);
        session.Leave(former);
        order.TimeInForce = terms.TimeInForce;
        order.Flags = terms.Flags;
        order.ExpireNs = terms.ExpireNs;
        order.Price = terms.Price;
        order.StopPrice = terms.StopPrice;
        order.Display = terms.Display;
        order.MinQuantity = terms.MinQuantity;
        order.Quantity = terms.Quantity;
        order.Leaves = leaves;
        order.RiskPrice = terms.Price == FixedPoint.Absent ? order.RiskPrice : terms.Price;
        ReferenceRisk.Touch(order.Account, order.Instrument);
        if (keepsPlace || order.Place == Place.Waiting)
        {
            order.Visible = Math.Min(order.Visible, leaves);
            venue.Reports.Order(order, ExecType.Replaced, Reason.None, former);
            return;
        }

        order.Instrument.TakeOut(order);
        venue.Reports.Order(order, ExecType.Replaced, Reason.None, former);
        matching.Enter(order);
    }

    // 3.1 for requests about an order.
    private bool IsAnswered(ReferenceSession session, Text40 clOrdId, Text40 origClOrdId, Text24 symbol, long orderId, bool isResend, bool isReplace, out bool isKnown)
    {
        IdUse? use = session.Find(clOrdId);
        isKnown = use is not null;
        if (use is null || (isResend && use.Order is null))
        {
            return false;
        }

        if (isResend && session.KeepsEndOf(use.Order!))
        {
            venue.Reports.Status(use.Order!, default);
            return true;
        }

        ReferenceOrder? order = Find(session, origClOrdId, orderId, out _, out OrdStatus? status);
        venue.Reports.CancelRefused(session.Id, order, venue.Find(symbol), clOrdId, origClOrdId, isReplace, new Reason(ReasonCode.DuplicateClOrdId), status);
        return true;
    }

    // 3.1: what was refused stays refused, for the same reason.
    private static Reason Stored(ReferenceSession session, Text40 clOrdId) => new(session.Find(clOrdId)!.Refused);

    private static void UseId(ReferenceSession session, Text40 clOrdId, bool isKnown, ReasonCode refused)
    {
        if (!isKnown)
        {
            session.Use(clOrdId, null, false, refused);
        }
    }

    // An own order by ClOrdID, by OrderID, or by both, which must agree.
    private static ReferenceOrder? Find(ReferenceSession session, Text40 clOrdId, long orderId, out Reason reason, out OrdStatus? status)
    {
        status = null;
        ReferenceOrder? byId = session.Find(clOrdId)?.Order;
        ReferenceOrder? order = orderId == 0 ? byId : orderId < 0 ? null : byId is null ? session.FindById(orderId) : byId.Id == orderId ? byId : null;
        if (order is not null && !order.IsOpen)
        {
            reason = new Reason(ReasonCode.TooLateToCancel);
            status = session.KeepsEndOf(order) ? order.Status : OrdStatus.Rejected;
        }
        else
        {
            reason = order is null ? new Reason(ReasonCode.UnknownOrder) : Reason.None;
        }

        return order;
    }
}
