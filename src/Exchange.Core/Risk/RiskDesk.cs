using System.Runtime.CompilerServices;
using Exchange.Core.Instruments;
using Exchange.Core.Matching;
using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Risk;

// Pre-trade risk: what an order could do to its firm and its account is looked at before it may do anything (trading rules 3.10 and 8).
//
//      FindAccount ──▶ CheckNew ──▶ Opened ──▶ Traded, LeavesChanged, Priced ... ──▶ Closed
//                      CheckReplace ──▶ Changed
//
// What must hold: a refusal changes nothing but the counters of 8.7 and 8.8; positions over all accounts sum to zero per instrument; the
// exposure of a position, an account and a firm is exactly that of their open orders. All sums are integers that cannot overflow: an
// order's notional stops at 2^63 - 1 and there are less than 2^32 orders, so sums of notionals take 128 bits; the worst case of a
// position is held below 2^61 lots by a limit that cannot be switched off.

/// <summary>Firms, accounts and positions, and the checks of orders against their limits.</summary>
internal sealed partial class RiskDesk : IDisposable
{
    /// <summary>Most positions of a venue.</summary>
    public const int PositionsMax = 1 << 22;

    /// <summary>Largest worst-case position in lots.</summary>
    public const long PositionMaxLots = 1L << 61;

    private const int ExposureIsKept = 1 << 30;
    private const int SlotMask = ExposureIsKept - 1;
    private const long RateWindowNs = 1_000_000_000;

    private readonly PositionTable _positions;
    private readonly NativeBlock<long> _exposureBlock;
    private readonly NativeArray<long> _exposures;
    private readonly RiskAccount _unborn = new(RiskAccount.Unborn, null, default);

    /// <summary>Creates a desk without sessions.</summary>
    /// <param name="instruments">The instruments; shared with the core.</param>
    /// <param name="orderSlotsMax">The highest slot of an open order.</param>
    /// <param name="positionsMax">Most positions.</param>
    public RiskDesk(InstrumentTable instruments, int orderSlotsMax, int positionsMax = PositionsMax)
    {
        Register = new RiskRegister(instruments);
        _positions = new PositionTable(positionsMax);
        _exposureBlock = new NativeBlock<long>(orderSlotsMax + 1L);
        _exposures = _exposureBlock.Items;
    }

    /// <summary>Who is who.</summary>
    public RiskRegister Register { get; }

    /// <summary>All positions.</summary>
    public PositionTable Positions => _positions;

    /// <summary>Whether a kill switch blocks entry for everybody.</summary>
    public bool IsMarketKilled { get; set; }

    /// <summary>Trading days that have ended; what was executed is counted per day.</summary>
    public int Day { get; private set; }

    /// <summary>Open orders whose price of exposure is kept apart.</summary>
    public int KeptCount { get; private set; }

    /// <summary>A trading day has ended.</summary>
    public void EndDay() => Day = checked(Day + 1);

    /// <summary>Rule 3.10: finds the account that an order names, or the default one. One that does not exist yet comes into being with the first accepted order.</summary>
    public Refusal FindAccount(int sessionId, in Text16 named, ref RiskOrder order)
    {
        RiskSession session = Register.SessionOf(sessionId);
        order.Session = session;
        order.AccountName = named.IsEmpty ? session.DefaultAccount : named;
        if (session.RecentAccount is { } recent && recent.Name.Equals(order.AccountName))
        {
            order.Account = recent;
            return Refusal.None;
        }

        return FindOtherAccount(session, ref order);
    }

    /// <summary>Rule 8 for a new order or a side of a quote that does not exist yet.</summary>
    public Refusal CheckNew(ref RiskOrder order, in CommandContext context)
    {
        RiskInstrument instrument = Register.InstrumentOf(order.InstrumentId);
        RiskFirm firm = order.Session.Firm;
        RiskAccount account = order.Account;
        SetExposure(ref order, instrument);
        Refusal refusal = CheckSingle(in order, firm, account, instrument);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        order.PositionSlot = FindPosition(account, order.InstrumentId);
        ref readonly Position position = ref _positions[order.PositionSlot];
        refusal = CheckOpenOrders(firm, account, instrument, in position);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        if (!order.IsQuote)
        {
            refusal = CheckPace(in order, firm, isNew: true, in context);
            if (refusal.IsRefused)
            {
                return refusal;
            }
        }

        return CheckExposure(in order, firm, account, instrument, in position, oldLots: 0, oldNotionalE8: 0);
    }

    /// <summary>Rule 8 for a replacement, or a quote side that is given anew: as a new order, with the own open part taken out.</summary>
    /// <param name="order">What is asked for; its quantity is that of the whole order.</param>
    /// <param name="slot">Slot of the order to be replaced.</param>
    /// <param name="detail">That order.</param>
    /// <param name="context">The command.</param>
    public Refusal CheckReplace(ref RiskOrder order, int slot, in OrderDetail detail, in CommandContext context)
    {
        RiskInstrument instrument = Register.InstrumentOf(order.InstrumentId);
        order.Session = Register.SessionOf(detail.SessionId);
        order.PositionSlot = detail.RiskSlot & SlotMask;
        ref readonly Position position = ref _positions[order.PositionSlot];
        RiskAccount account = Register.AccountOf(position.AccountId);
        RiskFirm firm = order.Session.Firm;
        order.Account = account;
        SetExposure(ref order, instrument);
        if (order.LimitTicks == 0)
        {
            // The reference price at entry stays that of an order without a limit.
            order.ExposureTicks = ExposureTicksOf(slot, in detail);
            order.NotionalE8 = instrument.Formula.Of(order.ExposureTicks, order.Lots);
        }

        Refusal refusal = CheckSingle(in order, firm, account, instrument);
        if (!refusal.IsRefused && !order.IsQuote)
        {
            refusal = CheckPace(in order, firm, isNew: false, in context);
        }

        if (refusal.IsRefused)
        {
            return refusal;
        }

        long oldLeaves = detail.LeavesLots;
        order.Lots = Math.Max(0, order.Lots - detail.CumLots);
        order.NotionalE8 = instrument.Formula.Of(order.ExposureTicks, order.Lots);
        long oldNotionalE8 = instrument.Formula.Of(ExposureTicksOf(slot, in detail), oldLeaves);
        return CheckExposure(in order, firm, account, instrument, in position, oldLeaves, oldNotionalE8);
    }

    /// <summary>Finds account and position of a checked order again, which another one may have brought into being since.</summary>
    public void Locate(ref RiskOrder order)
    {
        if (order.Account.Id == RiskAccount.Unborn)
        {
            order.Account = Register.FindAccount(order.Session.Firm, in order.AccountName) ?? _unborn;
        }

        order.PositionSlot = FindPosition(order.Account, order.InstrumentId);
    }

    /// <summary>A checked order is open; it gets its position, and its account comes into being if need be.</summary>
    public void Opened(ref RiskOrder order, int slot, ref OrderDetail detail)
    {
        RiskAccount account = order.Account;
        if (account.Id == RiskAccount.Unborn)
        {
            account = Register.AddImplicit(order.Session, in order.AccountName);
        }

        int positionSlot = order.PositionSlot;
        if (positionSlot == 0)
        {
            positionSlot = _positions.Add(account.Id, order.InstrumentId);
            account.RecentInstrumentId = order.InstrumentId;
            account.RecentSlot = positionSlot;
        }

        detail.RiskSlot = positionSlot;
        if (order.LimitTicks == 0)
        {
            detail.RiskSlot |= ExposureIsKept;
            _exposures[slot] = order.ExposureTicks;
            KeptCount++;
        }

        Add(positionSlot, account, order.Side, order.Lots, order.NotionalE8, count: 1);
    }

    /// <summary>What an open order could still trade has become another quantity, without a trade. The detail still holds the old one.</summary>
    public void LeavesChanged(int slot, in OrderDetail detail, long newLeaves)
    {
        ref readonly NotionalFormula formula = ref Register.InstrumentOf(detail.InstrumentId).Formula;
        long ticks = ExposureTicksOf(slot, in detail);
        long notionalE8 = formula.Of(ticks, newLeaves) - formula.Of(ticks, detail.LeavesLots);
        Add(detail.RiskSlot & SlotMask, null, detail.Side, newLeaves - detail.LeavesLots, notionalE8, count: 0);
    }

    /// <summary>An open order is replaced, or gets a price of its own. The detail still holds what was.</summary>
    public void Changed(int slot, ref OrderDetail detail, long newLimitTicks, long newLeaves)
    {
        ref readonly NotionalFormula formula = ref Register.InstrumentOf(detail.InstrumentId).Formula;
        long oldTicks = ExposureTicksOf(slot, in detail);
        long newTicks = newLimitTicks == 0 ? oldTicks : newLimitTicks;
        long notionalE8 = formula.Of(newTicks, newLeaves) - formula.Of(oldTicks, detail.LeavesLots);
        if (newLimitTicks != 0)
        {
            Forget(ref detail);
        }

        Add(detail.RiskSlot & SlotMask, null, detail.Side, newLeaves - detail.LeavesLots, notionalE8, count: 0);
    }

    /// <summary>An open order has traded. The detail holds what it had before.</summary>
    public void Traded(int slot, in OrderDetail detail, long priceTicks, long lots)
    {
        RiskInstrument instrument = Register.InstrumentOf(detail.InstrumentId);
        ref readonly NotionalFormula formula = ref instrument.Formula;
        ref Position position = ref _positions[detail.RiskSlot & SlotMask];
        RiskAccount account = Register.AccountOf(position.AccountId);
        RiskFirm firm = account.Firm!;
        long ticks = ExposureTicksOf(slot, in detail);
        long leaves = detail.LeavesLots;
        long executedE8 = formula.Of(priceTicks, lots);
        long exposureE8 = formula.Of(ticks, leaves) - formula.Of(ticks, leaves - lots);
        StartDay(ref position, account, firm);
        if (detail.Side == Side.Buy)
        {
            position.NetLots += lots;
            position.OpenBuyLots -= lots;
            position.BoughtLots = SaturatingAdd(position.BoughtLots, lots);
        }
        else
        {
            position.NetLots -= lots;
            position.OpenSellLots -= lots;
            position.SoldLots = SaturatingAdd(position.SoldLots, lots);
        }

        position.ExecutedE8 += (ulong)executedE8;
        account.ExecutedE8 += executedE8;
        firm.ExecutedE8 += executedE8;
        account.OpenNotionalE8 -= exposureE8;
        firm.OpenNotionalE8 -= exposureE8;
        Weigh(ref position, account, instrument);
    }

    /// <summary>An open order closes, with what is left of it.</summary>
    public void Closed(int slot, ref OrderDetail detail)
    {
        long leaves = detail.LeavesLots;
        long notionalE8 = leaves == 0 ? 0 : Register.InstrumentOf(detail.InstrumentId).Formula.Of(ExposureTicksOf(slot, in detail), leaves);
        Add(detail.RiskSlot & SlotMask, null, detail.Side, -leaves, -notionalE8, count: -1);
        Forget(ref detail);
    }

    /// <summary>The account of an open order.</summary>
    public RiskAccount AccountOf(in OrderDetail detail) => Register.AccountOf(_positions[detail.RiskSlot & SlotMask].AccountId);

    /// <summary>The price at which an open order's exposure counts.</summary>
    public long ExposureTicksOf(int slot, in OrderDetail detail) =>
        (detail.RiskSlot & ExposureIsKept) == 0 ? detail.PriceTicks : _exposures[slot];

    /// <summary>The price kept for an open order that had no limit at entry, for a snapshot; 0 when it has one.</summary>
    public long KeptExposureTicks(int slot, in OrderDetail detail) => (detail.RiskSlot & ExposureIsKept) == 0 ? 0 : _exposures[slot];

    /// <summary>An open order comes from a snapshot: it adds its exposure, but not to gross positions, which are restored as they were last touched.</summary>
    /// <returns>False when the order's account or position does not exist.</returns>
    public bool Restored(int slot, ref OrderDetail detail, long keptExposureTicks)
    {
        RiskFirm firm = Register.SessionOf(detail.SessionId).Firm;
        RiskAccount? account = Register.FindAccount(firm, in detail.Account);
        int positionSlot = account is null ? 0 : _positions.Find(account.Id, detail.InstrumentId);
        if (positionSlot == 0 || keptExposureTicks < 0)
        {
            return false;
        }

        detail.RiskSlot = positionSlot;
        if (keptExposureTicks != 0)
        {
            detail.RiskSlot |= ExposureIsKept;
            _exposures[slot] = keptExposureTicks;
            KeptCount++;
        }

        ref Position position = ref _positions[positionSlot];
        long grossE8 = position.GrossE8;
        Int128 accountGrossE8 = account!.GrossE8;
        long notionalE8 = Register.InstrumentOf(detail.InstrumentId).Formula.Of(ExposureTicksOf(slot, in detail), detail.LeavesLots);
        Add(positionSlot, account, detail.Side, detail.LeavesLots, notionalE8, count: 1);
        position.GrossE8 = grossE8;
        account.GrossE8 = accountGrossE8;
        return true;
    }

    /// <summary>Restores the trading day and the market's switch.</summary>
    public void Restore(int day, bool isMarketKilled)
    {
        Day = day;
        IsMarketKilled = isMarketKilled;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _positions.Dispose();
        _exposureBlock.Dispose();
    }

    private static long SaturatingAdd(long sum, long lots) => sum > long.MaxValue - lots ? long.MaxValue : sum + lots;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Refusal FindOtherAccount(RiskSession session, ref RiskOrder order)
    {
        RiskFirm firm = session.Firm;
        RiskAccount? account = Register.FindAccount(firm, in order.AccountName);
        bool isKnown = account is null ? Register.HasRoomForImplicit(firm) : firm.ListedCount == 0 || account.IsListed;
        if (!isKnown)
        {
            return new Refusal(ReasonCode.UnknownAccount);
        }

        session.RecentAccount = account;
        order.Account = account ?? _unborn;
        return Refusal.None;
    }

    private int FindPosition(RiskAccount account, int instrumentId)
    {
        if (account.RecentInstrumentId == instrumentId)
        {
            return account.RecentSlot;
        }

        if (account.Id == RiskAccount.Unborn)
        {
            return 0;
        }

        int slot = _positions.Find(account.Id, instrumentId);
        if (slot != 0)
        {
            account.RecentInstrumentId = instrumentId;
            account.RecentSlot = slot;
        }

        return slot;
    }

    // What was executed counts for one day; a figure of an earlier day is cleared when it is next added to.
    private void StartDay(ref Position position, RiskAccount account, RiskFirm firm)
    {
        if (position.Day != Day)
        {
            position.Day = Day;
            position.BoughtLots = 0;
            position.SoldLots = 0;
            position.ExecutedE8 = 0;
        }

        if (account.Day != Day)
        {
            account.Day = Day;
            account.ExecutedE8 = 0;
        }

        if (firm.Day != Day)
        {
            firm.Day = Day;
            firm.ExecutedE8 = 0;
        }
    }

    private void Forget(ref OrderDetail detail)
    {
        if ((detail.RiskSlot & ExposureIsKept) != 0)
        {
            detail.RiskSlot &= SlotMask;
            KeptCount--;
        }
    }

    private void Add(int positionSlot, RiskAccount? account, Side side, long lots, long notionalE8, int count)
    {
        ref Position position = ref _positions[positionSlot];
        account ??= Register.AccountOf(position.AccountId);
        RiskFirm firm = account.Firm!;
        if (side == Side.Buy)
        {
            position.OpenBuyLots += lots;
        }
        else
        {
            position.OpenSellLots += lots;
        }

        position.OpenOrders += count;
        account.OpenOrders += count;
        firm.OpenOrders += count;
        account.OpenNotionalE8 += notionalE8;
        firm.OpenNotionalE8 += notionalE8;
        Weigh(ref position, account, Register.InstrumentOf(position.InstrumentId));
    }

    private static void Weigh(ref Position position, RiskAccount account, RiskInstrument instrument)
    {
        long grossE8 = instrument.Formula.Of(instrument.GrossTicks, position.WorstLots);
        account.GrossE8 += grossE8 - position.GrossE8;
        position.GrossE8 = grossE8;
    }
}
