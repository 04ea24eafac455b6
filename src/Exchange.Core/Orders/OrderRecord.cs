using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Core.Orders;

/// <summary>An open order in a snapshot: everything about it but its number, which stands before it, its slot and its links, which follow from the order of the records, and its extras, which follow if it has any.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct OrderRecord
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 112;

    /// <summary>Current ClOrdID (11).</summary>
    public Text40 ClOrdId;

    /// <summary>Account (1).</summary>
    public Text16 Account;

    /// <summary>Limit in ticks.</summary>
    public long PriceTicks;

    /// <summary>OrderQty (38).</summary>
    public long QuantityLots;

    /// <summary>CumQty (14).</summary>
    public long CumLots;

    /// <summary>Upper half of the sum of ticks times lots.</summary>
    public ulong TicksLotsHigh;

    /// <summary>Lower half.</summary>
    public ulong TicksLotsLow;

    /// <summary>What it shows in the book; 0 elsewhere.</summary>
    public long ShownLots;

    /// <summary>Session.</summary>
    public int SessionId;

    /// <summary>Side (54).</summary>
    public Side Side;

    /// <summary>OrdType (40).</summary>
    public OrdType OrdType;

    /// <summary>TimeInForce (59).</summary>
    public TimeInForce TimeInForce;

    /// <summary>What it is besides a plain order.</summary>
    public OrderTraits Traits;
}
