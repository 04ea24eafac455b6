using System.Runtime.InteropServices;

namespace Exchange.Core.Matching;

/// <summary>One price of one side of a book: its orders in time priority and their total.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct PriceLevel
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>Slot of the oldest order, which trades first; 0 when the level is empty.</summary>
    public int Head;

    /// <summary>Slot of the youngest order.</summary>
    public int Tail;

    /// <summary>Sum of what is open of all orders, shown or not.</summary>
    public long Lots;
}
