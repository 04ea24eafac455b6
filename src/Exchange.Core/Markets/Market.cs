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
    private readonly MarketTable _table;
    private long _auctionTicks;
    private long _auctionDay;

    /// <summary>Creates the market of an instrument that has just been defined: nothing traded yet, continuous.</summary>
    public Market(MarketTable table, Instrument instrument)
    {
        _table = table;
        Instrument = instrument;
    }

    /// <summary>The instrument.</summary>
    public Instrument Instrument { get; }

    /// <summary>The instrument's number.</summary>
    public int Id => Instrument.Id;

    /// <summary>The phase, never <see cref="MarketPhase.Group"/>.</summary>
    public MarketPhase Phase { get; private set; } = MarketPhase.Continuous;

    /// <summary>The book; null until it is first needed.</summary>
    public OrderBook? Book { get; set; }

    /// <summary>The stops; null until the first one comes.</summary>
    public MarketStops? Stops { get; set; }

    /// <summary>Orders that wait for the closing auction, in the order of their numbers.</summary>
    public SlotQueue Waiting { get; } = new();

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

    /// <summary>Writes everything but the definition and the book.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64((long)Phase);
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
