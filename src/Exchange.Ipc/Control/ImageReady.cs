using System.Runtime.InteropServices;

namespace Exchange.Ipc.Control;

/// <summary>
/// A new image; then path length, path padded to 4, source length, source. Control protocol of Aeron 1.53: little endian, 4-byte packing.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct ImageReady
{
    /// <summary>Registration id of the publication's log.</summary>
    public long CorrelationId;

    /// <summary>Session.</summary>
    public int SessionId;

    /// <summary>Stream.</summary>
    public int StreamId;

    /// <summary>Subscription that it is for.</summary>
    public long SubscriptionRegistrationId;

    /// <summary>Counter in which the subscriber keeps its position.</summary>
    public int SubscriberPositionCounterId;
}
