using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Core.Orders;

/// <summary>The final state of an order, kept for a while so that it can still be told.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct ClosedOrder
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 112;

    /// <summary>OrderID (37).</summary>
    public long OrderId;

    /// <summary>The last ClOrdID (11) of the chain.</summary>
    public Text40 ClOrdId;

    /// <summary>Account (1).</summary>
    public Text16 Account;

    /// <summary>OrderQty (38).</summary>
    public long QuantityLots;

    /// <summary>CumQty (14).</summary>
    public long CumLots;

    /// <summary>Limit in ticks.</summary>
    public long PriceTicks;

    /// <summary>AvgPx (6) in 10^-8.</summary>
    public long AvgPxE8;

    /// <summary>Instrument.</summary>
    public int InstrumentId;

    /// <summary>OrdStatus (39): filled, canceled or expired.</summary>
    public OrdStatus Status;

    /// <summary>Side (54).</summary>
    public Side Side;

    /// <summary>OrdType (40).</summary>
    public OrdType OrdType;

    /// <summary>TimeInForce (59).</summary>
    public TimeInForce TimeInForce;

    /// <summary>Padding, zero.</summary>
    public long Padding;
}
