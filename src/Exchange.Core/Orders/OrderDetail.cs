using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Core.Orders;

/// <summary>What reports need of an open order and matching does not: two cache lines under the slot of its <see cref="Matching.OrderNode"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct OrderDetail
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 128;

    /// <summary>Sum of price times quantity over all fills, in ticks times lots: exact, so that AvgPx is too.</summary>
    public UInt128 TicksLots;

    /// <summary>The current ClOrdID (11): that of the last accepted request of the chain.</summary>
    public Text40 ClOrdId;

    /// <summary>Account (1).</summary>
    public Text16 Account;

    /// <summary>Limit; the far end of the range for an order without one, see <see cref="HasNoPrice"/>.</summary>
    public long PriceTicks;

    /// <summary>OrderQty (38).</summary>
    public long QuantityLots;

    /// <summary>CumQty (14).</summary>
    public long CumLots;

    /// <summary>Session that entered the order.</summary>
    public int SessionId;

    /// <summary>Instrument.</summary>
    public int InstrumentId;

    /// <summary>Slot of the session's next younger open order; 0 at the end.</summary>
    public int SessionNext;

    /// <summary>Slot of the session's next older open order; 0 at the start.</summary>
    public int SessionPrev;

    /// <summary>Side (54).</summary>
    public Side Side;

    /// <summary>OrdType (40).</summary>
    public OrdType OrdType;

    /// <summary>TimeInForce (59).</summary>
    public TimeInForce TimeInForce;

    /// <summary>1 when the current ClOrdID has left the session's window and is looked up among the open orders instead.</summary>
    public byte IsPinned;

    /// <summary>Slot of its position, and whether the price of its exposure is kept apart; belongs to <see cref="Risk.RiskDesk"/>.</summary>
    public int RiskSlot;

    /// <summary>What it is besides a plain order.</summary>
    public OrderTraits Traits;

    /// <summary>Where it is.</summary>
    public OrderPlace Place;

    /// <summary>LeavesQty (151) while the order is open.</summary>
    public readonly long LeavesLots => QuantityLots - CumLots;

    /// <summary>OrdStatus (39) while the order is open.</summary>
    public readonly OrdStatus OpenStatus => CumLots == 0 ? OrdStatus.New : OrdStatus.PartiallyFilled;

    /// <summary>Whether what does not trade on arrival is cancelled.</summary>
    public readonly bool IsImmediate => OrdType == OrdType.Market || TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;

    /// <summary>Whether it bears no limit price of its own.</summary>
    public readonly bool HasNoPrice => OrdType is OrdType.Market or OrdType.Stop or OrdType.MarketToLimit;

    /// <summary>Whether it waits for its stop price.</summary>
    public readonly bool IsStop => OrdType is OrdType.Stop or OrdType.StopLimit;

    /// <summary>Whether it has <see cref="OrderExtras"/>.</summary>
    public readonly bool HasExtras => (Traits & OrderTraits.HasExtras) != 0;

    /// <summary>Whether it shows a part of its quantity only.</summary>
    public readonly bool IsIceberg => (Traits & OrderTraits.Iceberg) != 0;

    /// <summary>Whether it is a side of a quote.</summary>
    public readonly bool IsQuote => (Traits & OrderTraits.Quote) != 0;

    /// <summary>Side of the book.</summary>
    public readonly int BookSide => Side == Side.Buy ? Matching.OrderBook.BuySide : Matching.OrderBook.SellSide;
}
