using Exchange.Core.Instruments;
using Exchange.Core.Matching;
using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Markets;

/// <summary>
/// What changes about one instrument while it trades: its phase, what it traded at last, and its book. The definition is the instrument's own.
/// A price of 0 stands for none; no instrument has a price that low.
/// </summary>
internal sealed class Market
{
    private const long OwnPhaseFlag = 1;
    private const long ExpiredFlag = 2;
    private const long ToldSoonFlag = 4;
    private const long ClosingTaskFlag = 8;

    private readonly MarketTable _table;
    private long _auctionTicks;
    private long _auctionDay;

    /// <summary>Creates the market of an instrument that has just been defined: nothing traded yet, in the phase of its group.</summary>
    public Market(MarketTable table, Instrument instrument, MarketGroup group)
    {
        _table = table;
        Instrument = instrument;
        Group = group;
        Phase = group.Phase;
    }

    /// <summary>The instrument.</summary>
    public Instrument Instrument { get; }

    /// <summary>The instrument's number.</summary>
    public int Id => Instrument.Id;

    /// <summary>The market group.</summary>
    public MarketGroup Group { get; }

    /// <summary>The phase, never <see cref="MarketPhase.Group"/>. Only <see cref="PhaseDesk"/> and <see cref="UncrossDesk"/> set it.</summary>
    public MarketPhase Phase { get; set; }

    /// <summary>Log time at which the phase ends by itself; <see cref="long.MaxValue"/> when it does not.</summary>
    public long PhaseEndNs { get; set; } = long.MaxValue;

    /// <summary>An operator has set the phase for this instrument alone, so it ignores its group.</summary>
    public bool HasOwnPhase { get; set; }

    /// <summary>Its expiry has come: it is closed for good.</summary>
    public bool IsExpired { get; set; }

    /// <summary>Whether a task tells subscribers.</summary>
    public bool IsToldSoon { get; set; }

    /// <summary>Whether a task brings orders that waited for the closing auction into the book.</summary>
    public bool HasClosingTask { get; set; }

    /// <summary>Log time at which the indicative price is looked at next; <see cref="long.MaxValue"/> when nobody wants to know.</summary>
    public long IndicativeAtNs { get; set; } = long.MaxValue;

    /// <summary>The indicative price that was told last; 0 for none.</summary>
    public long IndicativeTicks { get; set; }

    /// <summary>The indicative volume that was told last.</summary>
    public long IndicativeLots { get; set; }

    /// <summary>The uncross that is being carried out; null unless the phase is <see cref="MarketPhase.Uncrossing"/>.</summary>
    public Uncross? Uncross { get; set; }

    /// <summary>Orders in the book that an auction does not leave as they are, see <see cref="AuctionOrders"/>.</summary>
    public AuctionList AuctionOrders { get; } = new();

    /// <summary>The book; null until it is first needed.</summary>
    public OrderBook? Book { get; set; }

    /// <summary>The stops; null until the first one comes.</summary>
    public MarketStops? Stops { get; set; }

    /// <summary>Orders that wait for the closing auction, in the order of their numbers.</summary>
    public SlotQueue Waiting { get; } = new();

    /// <summary>Place in the heap of deadlines; not state.</summary>
    public int HeapIndex { get; set; } = -1;

    /// <summary>The earliest log time at which something is due.</summary>
    public long DeadlineNs => Math.Min(Math.Min(PhaseEndNs, IndicativeAtNs), IsExpired ? long.MaxValue : Instrument.ExpiryNs);

    /// <summary>Whether the price of an auction is being determined, so that clients' cancels must wait (rule 2.1).</summary>
    public bool IsDetermining => Uncross is { Stage: <= UncrossStage.Determine };

    /// <summary>Whether orders are collected for an uncross.</summary>
    public bool IsInAuction => Phase is MarketPhase.OpeningAuction or MarketPhase.VolatilityAuction or MarketPhase.ClosingAuction;

    /// <summary>Whether the best bid is at or above the best ask.</summary>
    public bool IsCrossed => Book is { } book
        && book.BestIndex(OrderBook.BuySide) is int bid and >= 0
        && book.BestIndex(OrderBook.SellSide) is int ask and >= 0
        && book.PriceOf(OrderBook.BuySide, bid) >= book.PriceOf(OrderBook.SellSide, ask);

    /// <summary>Price of the last trade, continuous or auction; 0 when there was none.</summary>
    public long LastTradeTicks { get; private set; }

    /// <summary>The trading day of the last trade.</summary>
    public long LastTradeDay { get; private set; }

    /// <summary>Price of the last auction of this trading day; 0 when there was none.</summary>
    public long AuctionTicks => _auctionDay == _table.TradingDay ? _auctionTicks : 0;

    /// <summary>Price of the last trade of this trading day; 0 when there was none.</summary>
    public long TradedTodayTicks => LastTradeDay == _table.TradingDay ? LastTradeTicks : 0;

    /// <summary>
    /// The reference price (rule 1.3): the last trade of this trading day, otherwise that of the definition, otherwise the last trade of an
    /// earlier day; 0 when there is none.
    /// </summary>
    public long ReferenceTicks => LastTradeDay == _table.TradingDay || Instrument.ReferenceTicks == 0 ? LastTradeTicks : Instrument.ReferenceTicks;

    /// <summary>Takes note of a trade.</summary>
    public void Traded(long priceTicks)
    {
        LastTradeTicks = priceTicks;
        LastTradeDay = _table.TradingDay;
    }

    /// <summary>Takes note of the price of an uncross that traded.</summary>
    public void Uncrossed(long priceTicks)
    {
        Traded(priceTicks);
        _auctionTicks = priceTicks;
        _auctionDay = _table.TradingDay;
    }

    /// <summary>Writes everything but the definition, the book and the uncross.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64((long)Phase);
        writer.WriteInt64((HasOwnPhase ? OwnPhaseFlag : 0) | (IsExpired ? ExpiredFlag : 0) | (IsToldSoon ? ToldSoonFlag : 0) | (HasClosingTask ? ClosingTaskFlag : 0));
        writer.WriteInt64(PhaseEndNs);
        writer.WriteInt64(IndicativeAtNs);
        writer.WriteInt64(IndicativeTicks);
        writer.WriteInt64(IndicativeLots);
        writer.WriteInt64(LastTradeTicks);
        writer.WriteInt64(LastTradeDay);
        writer.WriteInt64(_auctionTicks);
        writer.WriteInt64(_auctionDay);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not a state that a market can be in.</exception>
    public void Load(SnapshotReader reader)
    {
        Phase = (MarketPhase)reader.ReadCount((long)MarketPhase.Uncrossing, "market phase");
        int flags = reader.ReadCount(OwnPhaseFlag | ExpiredFlag | ToldSoonFlag | ClosingTaskFlag, "flags of a market");
        HasOwnPhase = (flags & OwnPhaseFlag) != 0;
        IsExpired = (flags & ExpiredFlag) != 0;
        IsToldSoon = (flags & ToldSoonFlag) != 0;
        HasClosingTask = (flags & ClosingTaskFlag) != 0;
        PhaseEndNs = reader.ReadInt64();
        IndicativeAtNs = reader.ReadInt64();
        IndicativeTicks = reader.ReadInt64();
        IndicativeLots = reader.ReadInt64();
        LastTradeTicks = reader.ReadInt64();
        LastTradeDay = reader.ReadInt64();
        _auctionTicks = reader.ReadInt64();
        _auctionDay = reader.ReadInt64();
        if (Phase == MarketPhase.Group || !IsPriceOrNone(LastTradeTicks) || !IsPriceOrNone(_auctionTicks) || !IsDay(LastTradeDay) || !IsDay(_auctionDay))
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: instrument {Id} is in phase {Phase}, last traded at {LastTradeTicks} on day {LastTradeDay}");
        }
    }

    private bool IsPriceOrNone(long ticks) => ticks == 0 || (ticks >= Instrument.PriceMinTicks && ticks <= Instrument.PriceMaxTicks);

    private bool IsDay(long day) => day >= 0 && day <= _table.TradingDay;
}
