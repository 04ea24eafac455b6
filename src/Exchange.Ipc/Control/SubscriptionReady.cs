using System.Runtime.InteropServices;

namespace Exchange.Ipc.Control;

/// <summary>
/// Answer to an added subscription. Control protocol of Aeron 1.53: little endian, 4-byte packing.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct SubscriptionReady
{
    /// <summary>Of the command.</summary>
    public long CorrelationId;

    /// <summary>-1 for IPC.</summary>
    public int ChannelStatusCounterId;
}
