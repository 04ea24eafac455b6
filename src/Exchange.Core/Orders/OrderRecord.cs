using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Core.Orders;

/// <summary>An open order in a snapshot: everything about it but its slot and its links, which follow from the order of the records.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct OrderRecord
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 120;

    /// <summary>OrderID (37).</summary>
    public long OrderId;

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

    /// <summary>Session.</summary>
    public int SessionId;

    /// <summary>Side (54).</summary>
    public Side Side;

    /// <summary>OrdType (40).</summary>
    public OrdType OrdType;

    /// <summary>TimeInForce (59).</summary>
    public TimeInForce TimeInForce;

    /// <summary>Padding, zero.</summary>
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    public long Padding1;
}
