using System.Numerics;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Reference;

/// <summary>An instrument with its book, stops and phase. Lists are kept in the order of the rules by linear search.</summary>
internal sealed class ReferenceInstrument(int id)
{
    public int Id => id;

    public required DefineInstrumentCommand Definition { get; set; }

    public required ReferenceGroup Group { get; init; }

    public MarketPhase Phase { get; set; }

    /// <summary>Whether an operator has set its phase for itself alone (2.3).</summary>
    public bool HasOwnPhase { get; set; }

    /// <summary>What comes when it is done with uncrossing (2.2).</summary>
    public MarketPhase NextPhase { get; set; }

    /// <summary>The auction that is being carried out; <see cref="MarketPhase.Group"/> when none.</summary>
    public MarketPhase AuctionKind { get; set; }

    /// <summary>When a phase of stated length ends.</summary>
    public long PhaseEndsAtNs { get; set; } = long.MaxValue;

    public bool IsExpired { get; set; }

    public List<ReferenceOrder> Bids { get; } = [];

    public List<ReferenceOrder> Asks { get; } = [];

    /// <summary>Stops that wait (4.10).</summary>
    public List<ReferenceOrder> Stops { get; } = [];

    /// <summary>Stops that have been elected, in the order in which they are worked off (4.10).</summary>
    public List<ReferenceOrder> Elected { get; } = [];

    /// <summary>At-the-close orders before the closing auction, by OrderID (2.5).</summary>
    public List<ReferenceOrder> Waiting { get; } = [];

    public long LastPrice { get; set; }

    public bool HasTradedToday { get; set; }

    /// <summary>Price of the last auction of the day; 0 when there was none.</summary>
    public long AuctionPrice { get; set; }

    /// <summary>Highest and lowest traded price since stops were last looked at (4.10); 0 when there was no trade.</summary>
    public long HighestSinceLook { get; set; }

    public long LowestSinceLook { get; set; }

    public long Multiplier => Definition.MultiplierE8 == 0 ? FixedPoint.Scale : Definition.MultiplierE8;

    public long QuantityMin => Definition.QuantityMinE8 == 0 ? Definition.QuantityStepE8 : Definition.QuantityMinE8;

    public List<ReferenceOrder> SideOf(Side side) => side == Side.Buy ? Bids : Asks;

    public List<ReferenceOrder> Opposite(Side side) => side == Side.Buy ? Asks : Bids;

    /// <summary>1.3: 0 when there is none.</summary>
    public long ReferencePrice => HasTradedToday ? LastPrice : Definition.ReferencePriceE8 != 0 ? Definition.ReferencePriceE8 : LastPrice;

    /// <summary>1.2: the tick that holds at a price.</summary>
    public long TickAt(long price)
    {
        long tick = Definition.PriceTickE8;
        for (int i = 0; i < Definition.TickCount; i++)
        {
            if (price >= Definition.Ticks[i].FromE8)
            {
                tick = Definition.Ticks[i].TickE8;
            }
        }

        return tick;
    }

    /// <summary>1.3: quantity at a price in 10^-8 of the settlement currency.</summary>
    public long Notional(long quantity, long price)
    {
        BigInteger notional = (Definition.Flags & InstrumentFlags.Inverse) != 0
            ? price == 0 ? 0 : (BigInteger)quantity * Multiplier / price
            : (BigInteger)price * quantity * Multiplier / ((BigInteger)FixedPoint.Scale * FixedPoint.Scale);
        return notional > long.MaxValue ? long.MaxValue : (long)notional;
    }

    /// <summary>2.2: whether bids and asks overlap.</summary>
    public bool IsCrossed => Bids.Count > 0 && Asks.Count > 0 && BookPrice(Bids[0]) >= BookPrice(Asks[0]);

    /// <summary>5.1: market orders stand at the far end of the price range.</summary>
    public long BookPrice(ReferenceOrder order) =>
        order.Price != FixedPoint.Absent ? order.Price : order.IsBuy ? Definition.PriceMaxE8 : Definition.PriceMinE8;

    /// <summary>4.1: puts an order behind all that have priority over it.</summary>
    public void Rest(ReferenceOrder order)
    {
        List<ReferenceOrder> side = SideOf(order.Side);
        long price = BookPrice(order);
        int at = 0;
        while (at < side.Count && (order.IsBuy ? BookPrice(side[at]) >= price : BookPrice(side[at]) <= price))
        {
            at++;
        }

        side.Insert(at, order);
        order.Place = Place.Book;
    }

    public void TakeOut(ReferenceOrder order)
    {
        List<ReferenceOrder>? from = order.Place switch
        {
            Place.Book => SideOf(order.Side),
            Place.Stops => Stops,
            Place.Elected => Elected,
            Place.Waiting => Waiting,
            _ => null,
        };
        from?.Remove(order);
        order.Place = Place.None;
    }

    /// <summary>A trade happened at that price.</summary>
    public void Traded(long price)
    {
        LastPrice = price;
        HasTradedToday = true;
        HighestSinceLook = HighestSinceLook == 0 ? price : Math.Max(HighestSinceLook, price);
        LowestSinceLook = LowestSinceLook == 0 ? price : Math.Min(LowestSinceLook, price);
    }
}
