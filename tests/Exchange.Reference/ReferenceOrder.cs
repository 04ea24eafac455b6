using System.Numerics;
using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Reference;

/// <summary>An order or one side of a quote. Prices and quantities are in 10^-8.</summary>
internal sealed class ReferenceOrder
{
    public long Id { get; set; }

    public required ReferenceSession Session { get; init; }

    public required ReferenceInstrument Instrument { get; init; }

    public required ReferenceAccount Account { get; init; }

    /// <summary>Account (1) as reports show it.</summary>
    public Text16 AccountName { get; set; }

    public Text40 ClOrdId { get; set; }

    /// <summary>Every ClOrdID that has borne the order.</summary>
    public List<Text40> Chain { get; } = [];

    public Side Side { get; init; }

    public OrdType Type { get; set; }

    public TimeInForce TimeInForce { get; set; }

    public OrderFlags Flags { get; set; }

    public SelfTradeMode SelfTradeMode { get; set; }

    public ulong SelfTradeId { get; set; }

    /// <summary>The limit; <see cref="FixedPoint.Absent"/> when it has none.</summary>
    public long Price { get; set; } = FixedPoint.Absent;

    public long StopPrice { get; set; }

    public long Display { get; set; }

    public long MinQuantity { get; set; }

    public long ExpireNs { get; set; }

    public long Quantity { get; set; }

    public long Executed { get; set; }

    /// <summary>Sum of price times quantity over its fills.</summary>
    public BigInteger ExecutedValue { get; set; }

    public long Leaves { get; set; }

    /// <summary>The part that can be seen and has its place in the queue (4.5).</summary>
    public long Visible { get; set; }

    public OrdStatus Status { get; set; } = OrdStatus.New;

    public Place Place { get; set; }

    public bool IsTriggered { get; set; }

    public bool IsOpen => Leaves > 0;

    public bool IsQuote => !QuoteId.IsEmpty;

    public Text40 QuoteId { get; set; }

    public Text16 QuoteEntryId { get; set; }

    /// <summary>The price at which the order's exposure counts (8).</summary>
    public long RiskPrice { get; set; }

    public bool IsBuy => Side == Side.Buy;

    public bool IsStop => Type is OrdType.Stop or OrdType.StopLimit && !IsTriggered;

    /// <summary>AvgPx (6), rounded half up.</summary>
    public long AveragePrice => Executed == 0 ? 0 : (long)((ExecutedValue * 2 + Executed) / (2 * (BigInteger)Executed));
}
