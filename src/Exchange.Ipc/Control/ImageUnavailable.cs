using System.Runtime.InteropServices;

namespace Exchange.Ipc.Control;

/// <summary>
/// An image ended; the channel follows. Control protocol of Aeron 1.53: little endian, 4-byte packing.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct ImageUnavailable
{
    /// <summary>Registration id of the publication's log.</summary>
    public long CorrelationId;

    /// <summary>Subscription that it is for.</summary>
    public long SubscriptionRegistrationId;

    /// <summary>Stream.</summary>
    public int StreamId;

    /// <summary>Bytes of the channel behind the record.</summary>
    public int ChannelLength;
}
