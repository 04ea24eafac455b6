using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Reference;

/// <summary>MassQuote and QuoteCancel (rules 9.1 and 9.2). What is withdrawn is taken out at once, so sessions must stay below a slice's bound (10.1).</summary>
internal sealed class QuoteRequests(ReferenceVenue venue, Matching matching, ReferenceRisk risk)
{
    private const byte Accepted = 0;
    private const byte CancelledForSymbol = 1;
    private const byte Rejected = 5;

    /// <summary>A mass quote, in two passes (9.1).</summary>
    public void Quote(ReferenceSession session, in MassQuoteCommand command, ReadOnlySpan<QuoteEntry> entries)
    {
        bool isResend = (command.Header.Flags & FixMessageFlags.PossResend) != 0;
        if (command.IsExcessive != 0 || isResend)
        {
            Reason refusal = isResend ? new Reason(ReasonCode.PossResendOutsideWindow) : new Reason(ReasonCode.TooManyQuoteEntries, 0, MassQuoteCommand.EntryCountMax);
            Acknowledge(session, in command, refusal, [], 0);
            return;
        }

        // First each entry is checked and carried out as far as it does not trade.
        List<QuoteEntryResult> results = [];
        List<ReferenceOrder> entering = [];
        int withdrawn = 0;
        foreach (QuoteEntry entry in entries)
        {
            ReferenceInstrument? instrument = venue.Find(entry.Symbol);
            ReferenceAccount account = ReferenceVenue.AccountOf(session.Firm, command.Account.IsEmpty ? session.DefaultAccount : command.Account);
            Reason reason = instrument is null ? new Reason(ReasonCode.UnknownSymbol) : Check(session, account, instrument, in entry);
            if (reason.IsNone)
            {
                withdrawn += Carry(session, account, instrument!, in command, in entry, Side.Buy, entry.BidPriceE8, entry.BidQuantityE8, entering);
                withdrawn += Carry(session, account, instrument!, in command, in entry, Side.Sell, entry.OfferPriceE8, entry.OfferQuantityE8, entering);
            }

            bool isTold = command.ResponseLevel == (byte)'2' || command.ResponseLevel == 0 || (command.ResponseLevel == (byte)'1' && !reason.IsNone);
            if (isTold)
            {
                results.Add(new QuoteEntryResult { Entry = entry, Value = reason.Value, Limit = reason.Limit, Text = reason.Code, RejectReason = RejectReasonOf(reason) });
            }
        }

        Acknowledge(session, in command, Reason.None, results, withdrawn);

        // Then the new sides enter, each as a limit order would, and stops follow it.
        foreach (ReferenceOrder order in entering.Where(order => order.IsOpen))
        {
            matching.Enter(order);
            foreach (ReferenceInstrument touched in venue.Touched)
            {
                matching.WorkOffStops(touched);
            }

            venue.Touched.Clear();
        }
    }

    /// <summary>Withdraws quotes silently, and says how many.</summary>
    public void Cancel(ReferenceSession session, in QuoteCancelCommand command)
    {
        ReferenceInstrument? instrument = venue.Find(command.Symbol);
        ReferenceGroup? group = command.GroupName.IsEmpty ? null : venue.FindGroup(command.GroupName);
        Reason reason = command.CancelType switch
        {
            CancelledForSymbol => command.Symbol.IsEmpty ? new Reason(ReasonCode.SymbolMissing) : instrument is null ? new Reason(ReasonCode.UnknownSymbol) : Reason.None,
            _ => Reason.None,
        };
        int count = 0;
        foreach (ReferenceOrder order in reason.IsNone ? session.Open.Where(order => order.IsQuote).ToList() : [])
        {
            bool isMeant = command.CancelType == CancelledForSymbol ? order.Instrument == instrument : group is null || order.Instrument.Group == group;
            if (isMeant)
            {
                matching.Close(order, OrdStatus.Canceled);
                count++;
            }
        }

        ref MassQuoteAckEvent ack = ref venue.Reports.Append<MassQuoteAckEvent>((EventType)28, session.Id);
        ack.QuoteId = command.QuoteId;
        ack.Text = reason.Code;
        ack.Limit = reason.Limit;
        ack.QuoteStatus = reason.IsNone ? (byte)command.CancelType : Rejected;
        ack.RejectReason = reason.Code switch { ReasonCode.None => MassQuoteAckEvent.NoReason, ReasonCode.UnknownSymbol => 1, _ => 99 };
        ack.WithdrawnCount = count;
        ack.ResponseLevel = (byte)'2';
    }

    // 9.1: the checks of an entry in their order.
    private Reason Check(ReferenceSession session, ReferenceAccount account, ReferenceInstrument instrument, in QuoteEntry entry)
    {
        Reason reason = Numbers(instrument, Side.Buy, entry.BidPriceE8, entry.BidQuantityE8);
        reason = reason.IsNone ? Numbers(instrument, Side.Sell, entry.OfferPriceE8, entry.OfferQuantityE8) : reason;
        bool givesBid = IsGiven(entry.BidPriceE8, entry.BidQuantityE8);
        bool givesOffer = IsGiven(entry.OfferPriceE8, entry.OfferQuantityE8);
        if (!reason.IsNone || (!givesBid && !givesOffer))
        {
            return reason;
        }

        ReferenceOrder? oldBid = Find(session, instrument, Side.Buy);
        ReferenceOrder? oldOffer = Find(session, instrument, Side.Sell);
        long? bid = givesBid ? entry.BidPriceE8 : IsLeft(entry.BidPriceE8, entry.BidQuantityE8) ? oldBid?.Price : null;
        long? offer = givesOffer ? entry.OfferPriceE8 : IsLeft(entry.OfferPriceE8, entry.OfferQuantityE8) ? oldOffer?.Price : null;
        if (bid >= offer)
        {
            return new Reason(ReasonCode.QuoteCrossed, bid.Value, offer.Value);
        }

        if (session.Firm.ListsAccounts && !account.IsListed)
        {
            return new Reason(ReasonCode.UnknownAccount);
        }

        Terms bidTerms = TermsOf(Side.Buy, entry.BidPriceE8, entry.BidQuantityE8);
        Terms offerTerms = TermsOf(Side.Sell, entry.OfferPriceE8, entry.OfferQuantityE8);
        reason = EntryChecks.Phase(instrument, in bidTerms, isReplacement: false);
        if (reason.IsNone && ReferenceProtectionDesk.IsTripped(session.Firm, instrument.Group))
        {
            return new Reason(ReasonCode.ProtectionTripped);
        }

        reason = reason.IsNone && givesBid ? risk.Check(session, account, instrument, in bidTerms, oldBid?.Account == account ? oldBid : null, isQuote: true) : reason;
        return reason.IsNone && givesOffer ? risk.Check(session, account, instrument, in offerTerms, oldOffer?.Account == account ? oldOffer : null, isQuote: true) : reason;
    }

    private static Reason Numbers(ReferenceInstrument instrument, Side side, long price, long quantity)
    {
        if (IsLeft(price, quantity) || price == 0 || quantity == 0)
        {
            return Reason.None;
        }

        if (price == FixedPoint.Absent)
        {
            return new Reason(ReasonCode.PriceMissing);
        }

        if (quantity == FixedPoint.Absent)
        {
            return new Reason(ReasonCode.QuoteSizeMissing);
        }

        Terms terms = TermsOf(side, price, quantity);
        return EntryChecks.Numbers(instrument, in terms);
    }

    // One when the side is withdrawn.
    private int Carry(
        ReferenceSession session, ReferenceAccount account, ReferenceInstrument instrument, in MassQuoteCommand command, in QuoteEntry entry, Side side, long price, long quantity, List<ReferenceOrder> entering)
    {
        ReferenceOrder? old = Find(session, instrument, side);
        if (IsLeft(price, quantity))
        {
            return 0;
        }

        if (!IsGiven(price, quantity))
        {
            if (old is null)
            {
                return 0;
            }

            matching.Close(old, OrdStatus.Canceled);
            return 1;
        }

        if (old is not null && !entering.Contains(old) && old.Price == price && old.Account == account && quantity <= old.Leaves)
        {
            old.QuoteId = command.QuoteId;
            old.QuoteEntryId = entry.QuoteEntryId;
            old.Leaves = quantity;
            old.Visible = Math.Min(old.Visible, quantity);
            old.Quantity = old.Executed + quantity;
            ReferenceRisk.Touch(account, instrument);
            return 0;
        }

        ReferenceOrder order = new()
        {
            Id = ++venue.LastOrderId,
            Session = session,
            Instrument = instrument,
            Account = account,
            AccountName = account.Name,
            Side = side,
            Type = OrdType.Limit,
            TimeInForce = TimeInForce.Day,
            Price = price,
            Quantity = quantity,
            Leaves = quantity,
            RiskPrice = price,
            QuoteId = command.QuoteId,
            QuoteEntryId = entry.QuoteEntryId,
        };
        int at = old is null ? -1 : entering.IndexOf(old);
        if (old is not null)
        {
            matching.Close(old, OrdStatus.Canceled);
        }

        session.Open.Add(order);
        venue.OpenCount++;
        ReferenceRisk.Touch(account, instrument);
        if (at >= 0)
        {
            // A side that has not entered yet gives its place to the later one.
            entering[at] = order;
        }
        else
        {
            entering.Add(order);
        }

        return 0;
    }

    private void Acknowledge(ReferenceSession session, in MassQuoteCommand command, Reason reason, List<QuoteEntryResult> results, int withdrawn)
    {
        ref MassQuoteAckEvent ack = ref venue.Reports.Append<MassQuoteAckEvent>((EventType)28, session.Id, results.Count * QuoteEntryResult.SizeBytes);
        ack.QuoteId = command.QuoteId;
        ack.Account = command.Account;
        ack.Limit = reason.Limit;
        ack.EntryCount = results.Count;
        ack.Text = reason.Code;
        ack.QuoteStatus = reason.IsNone ? Accepted : Rejected;
        ack.RejectReason = RejectReasonOf(reason);
        ack.WithdrawnCount = withdrawn;
        ack.ResponseLevel = command.ResponseLevel;
        MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(results)).CopyTo(venue.Reports.LastTail(results.Count * QuoteEntryResult.SizeBytes));
    }

    private static ReferenceOrder? Find(ReferenceSession session, ReferenceInstrument instrument, Side side) =>
        session.Open.Find(order => order.IsQuote && order.Instrument == instrument && order.Side == side);

    private static bool IsLeft(long price, long quantity) => price == FixedPoint.Absent && quantity == FixedPoint.Absent;

    private static bool IsGiven(long price, long quantity) => !IsLeft(price, quantity) && price != 0 && quantity != 0;

    private static Terms TermsOf(Side side, long price, long quantity) =>
        new(side, OrdType.Limit, TimeInForce.Day, OrderFlags.None, price, quantity, 0, 0, 0, 0);

    // QuoteEntryRejectReason (368), see the rules of engagement.
    private static byte RejectReasonOf(Reason reason) => reason.Code switch
    {
        ReasonCode.None => MassQuoteAckEvent.NoReason,
        ReasonCode.UnknownSymbol => 1,
        ReasonCode.MarketClosed or ReasonCode.MarketHalted or ReasonCode.CancelOnly or ReasonCode.InstrumentExpired => 2,
        ReasonCode.OrderQuantityLimit or ReasonCode.OrderNotionalLimit or ReasonCode.PositionLimit or ReasonCode.GrossPositionLimit or ReasonCode.CreditLimit or ReasonCode.TooManyOpenOrders => 3,
        ReasonCode.PossResendOutsideWindow => 6,
        ReasonCode.QuoteCrossed => 7,
        ReasonCode.PriceMissing or ReasonCode.PriceNotOnTick or ReasonCode.PriceOutOfRange or ReasonCode.FatFinger => 8,
        ReasonCode.EntryBlocked or ReasonCode.InstrumentRestricted or ReasonCode.ProtectionTripped or ReasonCode.UnknownAccount => 9,
        _ => 99,
    };
}
