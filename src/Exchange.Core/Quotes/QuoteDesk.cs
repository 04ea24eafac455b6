using System.Runtime.InteropServices;
using Exchange.Core.Instruments;
using Exchange.Core.Markets;
using Exchange.Core.Orders;
using Exchange.Core.Risk;
using Exchange.Core.Sessions;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Quotes;

// A mass quote changes up to 128 sides at once, and has one answer. It is carried out in two passes, so that the answer can precede the trades:
//
//      entry by entry:  check ──refused──▶ result with reason
//                         └──▶ what it replaces or withdraws is taken out; new sides get OrderIDs, but are nowhere yet
//      acknowledgement (b)
//      side by side:    new sides enter their books, and may trade
//
// What must hold: a side of a quote is an order in the book, under its own OrderID, that has no ClOrdID and is never reported but by its fills and
// by an end that its session did not ask for; a session has at most one bid and one offer per instrument; a refused entry changes nothing.

/// <summary>Mass quotes, their withdrawal and market-maker protection (trading rules 9).</summary>
internal sealed class QuoteDesk : IDisposable
{
    private readonly SessionOutbox _outbox;
    private readonly MarketTable _markets;
    private readonly OrderSessions _sessions;
    private readonly RiskDesk _risk;
    private readonly OpenOrders _open;
    private readonly OrderExecution _execution;
    private readonly OrderCounters _counters;
    private readonly QuoteTable _quotes;
    private readonly QuoteEntryResult[] _results = new QuoteEntryResult[MassQuoteCommand.EntryCountMax];
    private readonly int[] _pending = new int[2 * MassQuoteCommand.EntryCountMax];
    private int _pendingCount;

    /// <summary>Creates a desk without quotes.</summary>
    public QuoteDesk(
        SessionOutbox outbox, MarketTable markets, OrderEntryLimits limits, OrderSessions sessions, OpenOrders open, OrderExecution execution, OrderCounters counters)
    {
        _outbox = outbox;
        _markets = markets;
        _sessions = sessions;
        _risk = execution.Risk;
        _open = open;
        _execution = execution;
        _counters = counters;
        _quotes = new QuoteTable(open);
        Protections = new ProtectionTable();
        Withdrawals = new QuoteWithdrawals(limits, markets, sessions, open, execution, _quotes, Protections);
    }

    /// <summary>Market-maker protections.</summary>
    public ProtectionTable Protections { get; }

    /// <summary>What is withdrawn step by step.</summary>
    public QuoteWithdrawals Withdrawals { get; }

    /// <summary>Sides of quotes that a session has open.</summary>
    public int CountOf(int sessionId) => _quotes.Find(sessionId)?.Count ?? 0;

    /// <summary>Whether an aggressor in a market has to look at each order that it meets, since one may be a quote that must not trade.</summary>
    public bool MustLookIn(Market market) => (Withdrawals.Count != 0 || Protections.Count != 0) && _quotes.CountIn(market.Id) != 0;

    /// <summary>MassQuote (i).</summary>
    public void MassQuote(int sessionId, ReadOnlySpan<byte> bytes, in CommandContext context)
    {
        ref readonly MassQuoteCommand command = ref MemoryMarshal.AsRef<MassQuoteCommand>(bytes);
        ReadOnlySpan<QuoteEntry> entries = MemoryMarshal.Cast<byte, QuoteEntry>(bytes[MassQuoteCommand.SizeBytes..]);
        if (command.IsExcessive != 0)
        {
            Refuse(sessionId, in command, new Refusal(ReasonCode.TooManyQuoteEntries, 0, MassQuoteCommand.EntryCountMax));
            return;
        }

        if ((command.Header.Flags & FixMessageFlags.PossResend) != 0)
        {
            // Quotes have no ids that are remembered: nobody can know whether this one was executed, and perhaps traded, before.
            Refuse(sessionId, in command, new Refusal(ReasonCode.PossResendOutsideWindow));
            return;
        }

        OrderSession session = _sessions[sessionId];
        if (command.ResetsProtection != 0)
        {
            Protections.ResetAll(FirmOf(sessionId));
        }

        _pendingCount = 0;
        int withdrawn = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            _results[i] = new QuoteEntryResult { Entry = entries[i], RejectReason = MassQuoteAckEvent.NoReason };
            Refusal refusal = CheckAndTake(session, in command, in entries[i], ref withdrawn, in context);
            if (refusal.IsRefused)
            {
                _results[i].Text = refusal.Reason;
                _results[i].Value = refusal.Value;
                _results[i].Limit = refusal.Limit;
                _results[i].RejectReason = QuoteReasons.Of(refusal.Reason);
            }
        }

        Acknowledge(sessionId, in command, entries.Length, withdrawn);
        EnterPending(in context);
    }

    /// <summary>QuoteCancel (Z).</summary>
    public void Cancel(int sessionId, in QuoteCancelCommand command, in CommandContext context)
    {
        const byte WithdrawnForSymbol = 1;
        const byte WithdrawnAll = 4;
        ref MassQuoteAckEvent ack = ref _outbox.Append<MassQuoteAckEvent>(EventType.MassQuoteAck, sessionId);
        ack.QuoteId = command.QuoteId;
        ack.ResponseLevel = (byte)'0';
        Refusal refusal = CheckCancel(in command, out Market? market);
        if (refusal.IsRefused)
        {
            SetRefused(ref ack, refusal);
            return;
        }

        QuoteSession quotes = _quotes.Of(sessionId);
        ack.RejectReason = MassQuoteAckEvent.NoReason;
        ack.QuoteStatus = market is null ? WithdrawnAll : WithdrawnForSymbol;
        if (market is not null)
        {
            ack.WithdrawnCount = Withdraw(quotes[market.Id, Side.Buy], in context) + Withdraw(quotes[market.Id, Side.Sell], in context);
        }
        else
        {
            // Nothing is said of the sides themselves, so the answer is still the last event when they are gone.
            int before = quotes.Count;
            Withdrawals.StartOfSession(sessionId, in command.GroupName, _counters.OrderId, in context);
            ack.WithdrawnCount = before - quotes.Count;
        }
    }

    /// <summary>SetProtection.</summary>
    /// <returns>False when the command was refused; it changed nothing then.</returns>
    public bool SetProtection(in SetProtectionCommand command)
    {
        if (_risk.Register.FindFirm(in command.Firm) is not { } firm || _markets.FindGroup(command.GroupName) is null)
        {
            return false;
        }

        if (command.IsReset != 0)
        {
            Protections.Find(firm.Id, in command.GroupName)?.Reset();
            return true;
        }

        bool isActive = command.QuantityMaxE8 != 0 || command.NotionalMaxE8 != 0 || command.FillsMax != 0;
        if (command.QuantityMaxE8 < 0 || command.NotionalMaxE8 < 0 || command.FillsMax < 0 || command.WindowNs < (isActive ? QuoteProtection.PartCount : 0))
        {
            return false;
        }

        Protections.Of(firm.Id, in command.GroupName).Set(in command);
        return true;
    }

    /// <summary>A side of a quote has traded; the order counts the fill already.</summary>
    public void Traded(int slot, Market market, long priceTicks, long lots, in CommandContext context)
    {
        QuoteProtection? protection = Protections.Find(FirmOf(_open[slot].SessionId), MassRequests.GroupOf(market.Instrument));
        Instrument instrument = market.Instrument;
        if (protection is not null && protection.Count(instrument.ToQuantityE8(lots), instrument.NotionalE8(priceTicks, lots), context.LogTimeNs))
        {
            Withdrawals.StartOfFirm(protection, _counters.OrderId);
        }
    }

    /// <summary>A side of a quote closes; its slot is still rented.</summary>
    public void Closing(int slot) => _quotes.Remove(slot);

    /// <summary>Why a resting side of a quote must be taken out instead of trading; None when it may trade.</summary>
    public ReasonCode DoomOf(int slot) => Withdrawals.DoomOf(slot);

    /// <summary>Takes a side out that <see cref="DoomOf"/> names a reason for.</summary>
    public void TakeOut(int slot, ReasonCode reason, in CommandContext context) => Withdrawals.TakeOut(slot, reason, in context);

    /// <summary>Writes what does not follow from the open orders.</summary>
    public void Save(SnapshotWriter writer)
    {
        Protections.Save(writer);
        Withdrawals.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, after the open orders.</summary>
    public void Load(SnapshotReader reader)
    {
        _quotes.Restore(_sessions);
        Protections.Load(reader);
        Withdrawals.Load(reader);
    }

    /// <inheritdoc/>
    public void Dispose() => _quotes.Dispose();

    // First pass for one entry: checks both sides, then carries out what does not trade.
    private Refusal CheckAndTake(OrderSession session, in MassQuoteCommand command, in QuoteEntry entry, ref int withdrawn, in CommandContext context)
    {
        if (!_markets.Instruments.TryFind(in entry.Symbol, out Instrument? instrument))
        {
            return new Refusal(ReasonCode.UnknownSymbol);
        }

        Market market = _markets[instrument.Id];
        QuoteSession quotes = _quotes.Of(session.Id);
        QuoteSide bid = new() { Side = Side.Buy, Slot = quotes[instrument.Id, Side.Buy] };
        QuoteSide offer = new() { Side = Side.Sell, Slot = quotes[instrument.Id, Side.Sell] };
        Text16 account = command.Account.IsEmpty ? _risk.Register.SessionOf(session.Id).DefaultAccount : command.Account;
        Refusal refusal = ReadSide(instrument, in account, entry.BidPriceE8, entry.BidQuantityE8, ref bid);
        refusal = refusal.IsRefused ? refusal : ReadSide(instrument, in account, entry.OfferPriceE8, entry.OfferQuantityE8, ref offer);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        bool enters = bid.Action > QuoteAction.Withdraw || offer.Action > QuoteAction.Withdraw;
        refusal = enters ? CheckEntry(session, market, in command, ref bid, ref offer, in context) : Refusal.None;
        if (refusal.IsRefused)
        {
            return refusal;
        }

        withdrawn += Apply(session, market, in command, in entry, ref bid, in context);
        withdrawn += Apply(session, market, in command, in entry, ref offer, in context);
        return Refusal.None;
    }

    private Refusal ReadSide(Instrument instrument, in Text16 account, long priceE8, long quantityE8, ref QuoteSide side)
    {
        if (priceE8 == 0 || quantityE8 == 0)
        {
            side.Action = QuoteAction.Withdraw;
            return Refusal.None;
        }

        if (priceE8 == FixedPoint.Absent)
        {
            return quantityE8 == FixedPoint.Absent ? Refusal.None : new Refusal(ReasonCode.PriceMissing);
        }

        if (quantityE8 == FixedPoint.Absent)
        {
            return new Refusal(ReasonCode.QuoteSizeMissing);
        }

        ReasonCode reason = instrument.TryToLots(quantityE8, out side.Lots);
        if (reason != ReasonCode.None)
        {
            return new Refusal(reason, quantityE8, reason == ReasonCode.QuantityOutOfRange ? instrument.QuantityMaxE8 : instrument.QuantityStepE8);
        }

        reason = instrument.TryToTicks(priceE8, out side.PriceTicks);
        if (reason != ReasonCode.None)
        {
            return new Refusal(reason, priceE8, reason == ReasonCode.PriceOutOfRange ? instrument.PriceMaxE8 : instrument.TickE8At(priceE8));
        }

        side.Action = side.Slot != 0 && KeepsPlace(in side, in account) ? QuoteAction.Keep : QuoteAction.Enter;
        return Refusal.None;
    }

    // A side that is withdrawn with others, or is not in the book yet, has no place to keep.
    private bool KeepsPlace(in QuoteSide side, in Text16 account)
    {
        ref OrderDetail order = ref _open[side.Slot];
        return order.PriceTicks == side.PriceTicks && order.LeavesLots >= side.Lots && order.Account == account
            && order.Place == OrderPlace.Book && DoomOf(side.Slot) == ReasonCode.None;
    }

    private Refusal CheckEntry(
        OrderSession session, Market market, in MassQuoteCommand command, ref QuoteSide bid, ref QuoteSide offer, in CommandContext context)
    {
        long bidTicks = PriceAfter(in bid);
        long offerTicks = PriceAfter(in offer);
        if (bidTicks != 0 && offerTicks != 0 && bidTicks >= offerTicks)
        {
            return new Refusal(ReasonCode.QuoteCrossed, market.Instrument.ToPriceE8(bidTicks), market.Instrument.ToPriceE8(offerTicks));
        }

        RiskOrder risked = new() { InstrumentId = market.Id, IsQuote = true, ReferenceTicks = market.ReferenceTicks };
        Refusal refusal = _risk.FindAccount(session.Id, in command.Account, ref risked);
        refusal = refusal.IsRefused ? refusal : PhaseChecks.Check(market, TimeInForce.Day, minLots: 0, in context);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        bid.Risked = risked;
        offer.Risked = risked;
        if (Protections.Find(FirmOf(session.Id), MassRequests.GroupOf(market.Instrument)) is { IsTripped: true })
        {
            return new Refusal(ReasonCode.ProtectionTripped);
        }

        refusal = CheckRisk(ref bid, in context);
        refusal = refusal.IsRefused ? refusal : CheckRisk(ref offer, in context);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        // Each side that is entered needs a slot for a moment; what it replaces gives one back.
        int slots = (bid is { Action: QuoteAction.Enter, Slot: 0 } ? 1 : 0) + (offer is { Action: QuoteAction.Enter, Slot: 0 } ? 1 : 0);
        return _open.Count + slots > _open.OpenOrdersMax
            ? new Refusal(ReasonCode.TooManyOpenOrders, _open.Count, _open.OpenOrdersMax)
            : Refusal.None;
    }

    // Rule 8 for one side; what it replaces is taken out of the sums.
    private Refusal CheckRisk(ref QuoteSide side, in CommandContext context)
    {
        if (side.Action <= QuoteAction.Withdraw)
        {
            return Refusal.None;
        }

        side.Risked.Side = side.Side;
        side.Risked.LimitTicks = side.PriceTicks;
        side.Risked.Lots = side.Lots;
        if (side.Slot == 0 || _risk.AccountOf(in _open[side.Slot]) != side.Risked.Account)
        {
            return _risk.CheckNew(ref side.Risked, in context);
        }

        // What it has executed is no part of the side that is given anew.
        OrderDetail replaced = _open[side.Slot];
        replaced.QuantityLots -= replaced.CumLots;
        replaced.CumLots = 0;
        return _risk.CheckReplace(ref side.Risked, side.Slot, in replaced, in context);
    }

    // The price of a side once the entry is carried out; 0 when there is none then.
    private long PriceAfter(in QuoteSide side) => side.Action switch
    {
        QuoteAction.Leave => side.Slot == 0 ? 0 : _open[side.Slot].PriceTicks,
        QuoteAction.Withdraw => 0,
        _ => side.PriceTicks,
    };

    // Carries out what an entry says about one side; the number of sides withdrawn.
    private int Apply(OrderSession session, Market market, in MassQuoteCommand command, in QuoteEntry entry, ref QuoteSide side, in CommandContext context)
    {
        switch (side.Action)
        {
            case QuoteAction.Withdraw:
                return Withdraw(side.Slot, in context);
            case QuoteAction.Keep:
                _risk.LeavesChanged(side.Slot, in _open[side.Slot], side.Lots);
                _execution.Reduce(side.Slot, _open[side.Slot].CumLots + side.Lots);
                Name(side.Slot, in command, in entry);
                return 0;
            case QuoteAction.Enter:
                Withdraw(side.Slot, in context);
                Open(session, market, in command, in entry, ref side);
                return 0;
            default:
                return 0;
        }
    }

    private void Open(OrderSession session, Market market, in MassQuoteCommand command, in QuoteEntry entry, ref QuoteSide side)
    {
        OrderDetail detail = new()
        {
            Account = side.Risked.AccountName,
            PriceTicks = side.PriceTicks,
            QuantityLots = side.Lots,
            InstrumentId = market.Id,
            Side = side.Side,
            OrdType = OrdType.Limit,
            TimeInForce = TimeInForce.Day,
            Traits = OrderTraits.HasExtras | OrderTraits.Quote,
        };
        int slot = _open.Open(session, ++_counters.OrderId, in detail);
        _open.ExtrasOf(slot) = default;
        Name(slot, in command, in entry);

        // The other side may have brought its account and its position into being since they were looked for.
        _risk.Locate(ref side.Risked);
        _risk.Opened(ref side.Risked, slot, ref _open[slot]);
        _quotes.Add(slot);
        _pending[_pendingCount++] = slot;
    }

    private void Name(int slot, in MassQuoteCommand command, in QuoteEntry entry)
    {
        ref OrderExtras extras = ref _open.ExtrasOf(slot);
        extras.QuoteId = command.QuoteId;
        extras.QuoteEntryId = entry.QuoteEntryId;
    }

    // Ends a side at its session's own request, which its acknowledgement tells; the number of sides, 0 or 1.
    private int Withdraw(int slot, in CommandContext context)
    {
        if (slot == 0)
        {
            return 0;
        }

        if (_open[slot].Place == OrderPlace.None)
        {
            // Entered by an earlier entry of the same message.
            _pending[Array.IndexOf(_pending, slot, 0, _pendingCount)] = 0;
        }
        else
        {
            _execution.Remove(slot);
        }

        _execution.EndSilently(slot, in context);
        return 1;
    }

    // Second pass.
    private void EnterPending(in CommandContext context)
    {
        for (int i = 0; i < _pendingCount; i++)
        {
            int slot = _pending[i];
            if (slot == 0)
            {
                continue;
            }

            ReasonCode doom = DoomOf(slot);
            if (doom != ReasonCode.None)
            {
                // An earlier side of this very message has tripped the protection.
                _execution.End(slot, ExecType.Canceled, new Refusal(doom), in context);
                continue;
            }

            int instrumentId = _open[slot].InstrumentId;
            _execution.Enter(slot, in context);
            _execution.Finish(instrumentId, in context);
        }

        _pendingCount = 0;
    }

    private Refusal CheckCancel(in QuoteCancelCommand command, out Market? market)
    {
        const int ForSymbol = 1;
        const int All = 4;
        market = null;
        switch (command.CancelType)
        {
            case ForSymbol when command.Symbol.IsEmpty:
                return new Refusal(ReasonCode.SymbolMissing);
            case ForSymbol:
                if (!_markets.Instruments.TryFind(in command.Symbol, out Instrument? instrument))
                {
                    return new Refusal(ReasonCode.UnknownSymbol);
                }

                market = _markets[instrument.Id];
                return Refusal.None;
            case All when command.GroupName.IsEmpty:
                return Refusal.None;
            case All:
                return _markets.FindGroup(command.GroupName) is not null ? Refusal.None : new Refusal(ReasonCode.UnknownMarketGroup);
            default:
                return new Refusal(ReasonCode.UnsupportedQuoteCancel);
        }
    }

    private int FirmOf(int sessionId) => _risk.Register.SessionOf(sessionId).Firm.Id;

    private void Refuse(int sessionId, in MassQuoteCommand command, Refusal refusal)
    {
        ref MassQuoteAckEvent ack = ref _outbox.Append<MassQuoteAckEvent>(EventType.MassQuoteAck, sessionId);
        ack.QuoteId = command.QuoteId;
        ack.Account = command.Account;
        ack.ResponseLevel = command.ResponseLevel;
        SetRefused(ref ack, refusal);
    }

    private static void SetRefused(ref MassQuoteAckEvent ack, Refusal refusal)
    {
        const byte Rejected = 5;
        ack.QuoteStatus = Rejected;
        ack.Text = refusal.Reason;
        ack.Limit = refusal.Limit;
        ack.RejectReason = QuoteReasons.Of(refusal.Reason);
    }

    private void Acknowledge(int sessionId, in MassQuoteCommand command, int entryCount, int withdrawn)
    {
        ReadOnlySpan<QuoteEntryResult> results = _results.AsSpan(0, entryCount);
        bool listsAccepted = command.ResponseLevel == (byte)'2';
        bool listsRefused = command.ResponseLevel != (byte)'0';
        int listed = 0;
        foreach (ref readonly QuoteEntryResult result in results)
        {
            listed += (result.Text == ReasonCode.None ? listsAccepted : listsRefused) ? 1 : 0;
        }

        ref MassQuoteAckEvent ack = ref _outbox.Append<MassQuoteAckEvent>(EventType.MassQuoteAck, sessionId, listed * QuoteEntryResult.SizeBytes);
        ack.QuoteId = command.QuoteId;
        ack.Account = command.Account;
        ack.ResponseLevel = command.ResponseLevel;
        ack.RejectReason = MassQuoteAckEvent.NoReason;
        ack.WithdrawnCount = withdrawn;
        ack.EntryCount = listed;
        Span<QuoteEntryResult> tail = MemoryMarshal.Cast<byte, QuoteEntryResult>(_outbox.LastTail(listed * QuoteEntryResult.SizeBytes));
        int at = 0;
        foreach (ref readonly QuoteEntryResult result in results)
        {
            if (result.Text == ReasonCode.None ? listsAccepted : listsRefused)
            {
                tail[at++] = result;
            }
        }
    }
}
