using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Core.Orders;

/// <summary>A ClOrdID and what became of the request that used it.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct ClOrdIdEntry
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 48;

    /// <summary>ClOrdID (11).</summary>
    public Text40 ClOrdId;

    /// <summary>The order that the accepted request entered, replaced or cancelled; or minus the reason code of a refused one.</summary>
    public long Outcome;
}
