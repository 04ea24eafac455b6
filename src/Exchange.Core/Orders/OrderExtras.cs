using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Core.Orders;

/// <summary>What only some orders have, under the slot of the order; the memory of a slot that never had any is never touched. 0 stands for absent.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct OrderExtras
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 112;

    /// <summary>StopPx (99) in ticks.</summary>
    public long StopTicks;

    /// <summary>DisplayQty (1138).</summary>
    public long DisplayLots;

    /// <summary>MinQty (110).</summary>
    public long MinLots;

    /// <summary>ExpireTime (126), or the start of the day of ExpireDate (432), see <see cref="OrderFlags.ExpiresOnDate"/>.</summary>
    public long ExpireNs;

    /// <summary>Log time at which it expires.</summary>
    public long DueNs;

    /// <summary>SelfMatchPreventionID (2362).</summary>
    public ulong SelfTradeId;

    /// <summary>QuoteID (117) of a side of a quote.</summary>
    public Text40 QuoteId;

    /// <summary>QuoteEntryID (299) of a side of a quote.</summary>
    public Text16 QuoteEntryId;

    /// <summary>Instructions.</summary>
    public OrderFlags Flags;

    /// <summary>SelfMatchPreventionInstruction (2964).</summary>
    public SelfTradeMode SelfTradeMode;

    /// <summary>Padding, zero.</summary>
    public ushort Padding0;

    /// <summary>Padding, zero.</summary>
    public int Padding1;
}
